import { relative } from 'node:path';
import type { Extraction } from '../../extract/extraction.ts';
import { rememberWritten } from '../../extract/job/written-files.ts';
import { writeReport } from '../../extract/report/write-report.ts';
import { writeTable } from '../../extract/table/write-table.ts';
import type { Output } from '../output.ts';
import type { JobNote } from './job-note.ts';

type OutputContext = {
  /** The `.sotto` folder: what is written is remembered there, as no later job may take it for a document. */
  readonly home: string;
  /** Where a person is told that it takes its time. */
  readonly output?: Output;
  readonly signal: AbortSignal;
};

/** Writes the table, and the report where one is asked for. Gives the paths as seen from here. */
export async function writeOutputs(
  extraction: Extraction,
  { out, report }: Pick<JobNote, 'out' | 'report'>,
  { home, output, signal }: OutputContext,
): Promise<readonly string[]> {
  const written = [...(await writeTable(extraction, out, { ...(report !== undefined && { report }) }))];
  await rememberWritten(home, written);
  if (report !== undefined) {
    let name = '';
    const endWait = output?.wait(() => `drawing the report${name && `: ${name}`}`);
    const onDocument = (file: string) => {
      name = file;
    };
    await writeReport(extraction, report, { signal, onDocument }).finally(() => endWait?.());
    await rememberWritten(home, [report]);
    written.push(report);
  }
  return written.map(fromHere);
}

/** The shorter one of a path and the way to it. */
export function fromHere(path: string): string {
  const way = relative('', path);
  return way !== '' && way.length < path.length ? way : path;
}
