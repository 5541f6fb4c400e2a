import { escapeJsonLine } from '../../terminal-text.ts';
import type { Extraction } from '../extraction.ts';
import { composeOutput } from '../plan/compose-output.ts';
import { writeWhole } from './write-whole.ts';

/** Everything: the plan, each row with its `output` in the schema's shape and the evidence of every value, what failed,
 * what was left. Throws `ConfigError` where the disk refuses. */
export const writeJson = (path: string, extraction: Extraction): Promise<void> =>
  writeWhole(path, toJsonText(extraction));

export function toJsonText(extraction: Extraction): string {
  const { rows, plan, ...rest } = extraction;
  const whole = {
    ...rest,
    rows: rows.map(({ file, sha256, ...row }) => ({
      file,
      sha256,
      output: composeOutput(plan, row),
      ...row,
    })),
    plan,
  };
  return `${escapeJsonLine(JSON.stringify(whole, null, 2))}\n`;
}
