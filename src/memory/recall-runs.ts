/** What is found in the runs, kept in memory for the next search of this process: most journals are as they were then. */
import { statSync } from 'node:fs';
import { SottoError, VaultError } from '../errors.ts';
import { readWhole } from './durable-file.ts';
import { journalPath } from './journal-path.ts';
import { readEntries } from './journal-read.ts';
import { passagesOfRun, type RunPassages } from './recall-passages.ts';
import { decodeLine, parseObject, splitLines } from './sealed-lines.ts';
import { runFiles } from './thread-scan.ts';
import { listThreads } from './thread-summaries.ts';
import { vaultOf } from './vault.ts';

type Kept = {
  /** The size and the time of its file. */
  readonly stamp: string;
  readonly run: RunPassages | undefined;
  readonly problem: string | undefined;
};

/** Of all runs together; what is more is read each time. */
const MOST_CHARACTERS = 20_000_000;
const kept = new Map<string, Kept>();
let characters = 0;

/** All runs as far as they can be read, in the order of their names. `tell` hears of those that cannot, each time; `pause`
 * is called between them. */
export async function readAllPassages(
  home: string,
  tell: (sentence: string) => void,
  pause: () => Promise<void> | void,
): Promise<readonly RunPassages[]> {
  const runs: RunPassages[] = [];
  for (const runId of runFiles(home)) {
    const path = journalPath(home, runId);
    const stamp = stampOf(path);
    const known = kept.get(path);
    const isKnown = known?.stamp === stamp;
    const { run, problem } = isKnown ? known : keep(path, { stamp, ...read(home, runId) });
    if (problem !== undefined) tell(problem);
    if (run) runs.push(run);
    await pause();
  }
  for (const sentence of await missingRuns(home)) tell(sentence);
  return runs;
}

/** A sentence for each run that its thread lists and that has no journal. */
export async function missingRuns(home: string): Promise<readonly string[]> {
  const there = new Set(runFiles(home));
  return (await listThreads(home)).flatMap(({ threadId, runs }) =>
    runs
      .filter(({ runId }) => !there.has(runId))
      .map(({ runId }) => `The journal of the run ${runId} of the thread ${threadId} is not there any more.`),
  );
}

/** What is said of a run whose journal is there and has no whole line: it was emptied, or its first line was cut off. */
export const emptyRun = (runId: string): string =>
  `Nothing is left of the run ${runId}: its journal has no whole line. \`sotto runs delete ${runId}\` deletes it.`;

/** Whether the last line of a run's journal is its end. That line alone is looked at: a list asks for many runs. */
export function hasEnd(home: string, runId: string): boolean {
  const vault = vaultOf(home);
  try {
    const line = splitLines(readWhole(journalPath(home, runId)) ?? Buffer.alloc(0))
      .toArray()
      .at(-1);
    const text = line && decodeLine(line);
    const entry = text === undefined ? undefined : parseObject(vault.openLine(text));
    return entry !== undefined && 'type' in entry && entry.type === 'run-end';
  } catch (error) {
    if (error instanceof SottoError) return false;
    throw error;
  }
}

function keep(path: string, next: Kept): Kept {
  characters += sizeOf(next.run) - sizeOf(kept.get(path)?.run);
  kept.set(path, next);
  for (const [oldest, { run }] of kept) {
    if (characters <= MOST_CHARACTERS) break;
    kept.delete(oldest);
    characters -= sizeOf(run);
  }
  return next;
}

const sizeOf = (run: RunPassages | undefined): number =>
  run?.passages.reduce((sum, { text }) => sum + text.length, 0) ?? 0;

function stampOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return `${found?.size} ${found?.mtimeNs}`;
}

function read(home: string, runId: string): Omit<Kept, 'stamp'> {
  try {
    const { entries, problem } = readEntries(home, runId);
    return {
      run: passagesOfRun(entries),
      problem: problem ?? (entries.length === 0 ? emptyRun(runId) : undefined),
    };
  } catch (error) {
    // Without its passphrase nothing can be searched, and the caller is told so.
    if (!(error instanceof SottoError) || error instanceof VaultError) throw error;
    return { run: undefined, problem: error.message };
  }
}
