import type { JournalEntry } from './journal.ts';
import { readEntries } from './journal-read.ts';
import { type RunRecord, startOf } from './thread-fold.ts';
import { readList } from './thread-list.ts';
import { inOrder } from './thread-order.ts';
import { runFiles } from './thread-scan.ts';

/** A run whose journal is damaged. */
export type DamagedRun = {
  readonly runId: string;
  /** As far as its first line still tells. */
  readonly threadId: string | undefined;
  /** One sentence. */
  readonly problem: string;
  /** What stands before the damage. */
  readonly entries: readonly JournalEntry[];
};

/** All runs, oldest first and those of a thread in the order in which they began, those whose journal is damaged apart.
 * What it costs grows with all threads: for one, there is `readThread`. */
export async function readRuns(
  home: string,
): Promise<{ runs: readonly RunRecord[]; damaged: readonly DamagedRun[] }> {
  const runs: RunRecord[] = [];
  const damaged: DamagedRun[] = [];
  for (const runId of runFiles(home)) {
    const { entries, problem } = readOrSay(home, runId);
    if (problem !== undefined)
      damaged.push({ runId, threadId: startOf(entries)?.threadId, problem, entries });
    else if (entries[0]?.type === 'run-start') runs.push({ runId, entries });
  }
  return { runs: sort(home, runs), damaged };
}

function readOrSay(home: string, runId: string) {
  try {
    return readEntries(home, runId);
  } catch (error) {
    return { entries: [], problem: error instanceof Error ? error.message : String(error) };
  }
}

function sort(home: string, runs: readonly RunRecord[]): readonly RunRecord[] {
  const before = new Map<string, string>();
  for (const threadId of new Set(runs.map(({ entries }) => startOf(entries)?.threadId ?? ''))) {
    const list = readList(home, threadId);
    for (const [index, { runId }] of list.entries()) {
      const previous = list[index - 1];
      if (previous) before.set(runId, previous.runId);
    }
  }
  const ordered = runs.map((run) => {
    const after = startOf(run.entries)?.after;
    return { runId: run.runId, at: run.entries[0]?.at ?? '', run, ...(after && { after }) };
  });
  return inOrder(ordered, before).map(({ run }) => run);
}
