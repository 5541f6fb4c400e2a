import type { Extraction } from '../../extract/extraction.ts';
import { escapeLine } from '../../terminal-text.ts';
import type { Output } from '../output.ts';
import { countValues } from './count-values.ts';
import type { PreparedJob } from './prepare-job.ts';
import { type RunCounts, summarySentence } from './show-summary.ts';

export const HOW_TO_GO_ON = 'Go on with: sotto extract --resume';

/** What programs are told when a job ends. */
export const toEnd = ({ jobId, rows, failures, left }: Extraction): object => ({
  jobId,
  done: rows.length,
  failed: failures.length,
  left: left.length,
  values: countValues(rows),
});

type Told = {
  readonly job: PreparedJob;
  readonly output: Output;
  readonly written: readonly string[];
  readonly counts: RunCounts;
};

/** What a person is told when a job ends. */
export function tell(extraction: Extraction, { job, output, written, counts }: Told): void {
  const { rows, failures, left, jobId } = extraction;
  output.note(summarySentence(extraction, counts));
  if (written.length > 0) output.note(`Written: ${written.map(escapeLine).join(', ')}`);
  const { unverified } = countValues(rows);
  if (left.length > 0) output.note(HOW_TO_GO_ON);
  else if (failures.length > 0) output.note('The same command again tries what failed once more.', 'dim');
  if (unverified > 0) output.note(`Look at what is unverified: sotto extract review ${jobId}`);
  if (!job.config.isBundledModel || !counts.isAsked) return;
  output.note(
    'This is the small model that comes with Sotto: it shows how the command works, and finds next to nothing.',
  );
  output.note('For real work take a Qwen 3.5 of your own: sotto extract … --model FILE.gguf', 'dim');
}
