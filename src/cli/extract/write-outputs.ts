import { relative } from 'node:path';
import type { Extraction } from '../../extract/extraction.ts';
import { writeReport } from '../../extract/report/write-report.ts';
import { writeTable } from '../../extract/table/write-table.ts';
import type { Output } from '../output.ts';
import type { JobNote } from './job-note.ts';

/** Writes the table, and the report where one is asked for. Gives the paths as seen from here. */
export async function writeOutputs(
  extraction: Extraction,
  { out, report }: Pick<JobNote, 'out' | 'report'>,
  { output, signal }: { readonly output: Output; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const written = [...(await writeTable(extraction, out, { ...(report !== undefined && { report }) }))];
  if (report !== undefined) {
    let name = '';
    const endWait = output.wait(() => `drawing the report${name && `: ${name}`}`);
    const onDocument = (file: string) => {
      name = file;
    };
    await writeReport(extraction, report, { signal, onDocument }).finally(endWait);
    written.push(report);
  }
  return written.map(fromHere);
}

/** The shorter one of a path and the way to it. */
export function fromHere(path: string): string {
  const way = relative('', path);
  return way !== '' && way.length < path.length ? way : path;
}
