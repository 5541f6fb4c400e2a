import { join } from 'node:path';
import { asideNames, isId, runNamesIn } from './journal-path.ts';
import { makeLists, readList, repairList, threadsFolder } from './thread-list.ts';
import { filesIn, type ListedRun, scanRun } from './thread-scan.ts';

/** A thread as a list shows it, from its runs' lists alone. */
export type ThreadSummary = {
  readonly threadId: string;
  readonly turns: number;
  /** Of its first run. */
  readonly agent: string;
  /** How its first message begins, up to 200 characters; empty where nothing is left of it. */
  readonly task: string;
  /** When its newest run began, ISO 8601; for people only. */
  readonly at: string;
  /** The run that called this thread's agent, and that run's thread where it is known. */
  readonly parent?: { readonly runId: string; readonly threadId?: string };
  /** A run on its way whose journal is not there. */
  readonly missing?: string;
  /** All its runs in order, those too that an edit or a retry replaced. */
  readonly runs: readonly ListedRun[];
};

type RunList = { readonly threadId: string; readonly runs: readonly ListedRun[] };

/** All threads, that with the newest run last, those of sub-agents too. Throws `StoreError`. */
export async function listThreads(home: string): Promise<readonly ThreadSummary[]> {
  makeLists(home);
  const files = filesIn(join(home, 'runs'));
  const journals = new Set(runNamesIn(files));
  const lists = readLists(home, journals);
  const byId = new Map<string, ListedRun>();
  const threadOf = new Map<string, string>();
  for (const { threadId, runs } of lists) {
    for (const run of runs) {
      byId.set(run.runId, run);
      threadOf.set(run.runId, threadId);
    }
  }
  const isThere = ({ runId }: { runId: string }) =>
    journals.has(runId) || asideNames(files, runId).length > 0;
  return lists
    .map(({ threadId, runs }): ThreadSummary => {
      const way = wayOf(runs.at(-1), byId);
      const parent = runs[0]?.parent;
      const parentThread = parent && threadOf.get(parent.runId);
      const missing = way.lost ?? way.runs.find((run) => !isThere(run))?.runId;
      return {
        threadId,
        turns: runs.at(-1)?.turn ?? 0,
        agent: runs[0]?.agent ?? '',
        task: way.runs.find(({ task }) => task !== undefined)?.task ?? '',
        at: runs.at(-1)?.at ?? '',
        ...(parent && { parent: { runId: parent.runId, ...(parentThread && { threadId: parentThread }) } }),
        ...(missing !== undefined && { missing }),
        runs,
      };
    })
    .toSorted((a, b) => compare(timeOf(a), timeOf(b)));
}

const DAY_MS = 86_400_000;

/** A run that is more than a day ahead of the clock is older than all others: the clock was wrong then, or is set back now,
 * and what began since is newer. */
const timeOf = ({ at }: ThreadSummary): string =>
  at > new Date(Date.now() + DAY_MS).toISOString() ? ` ${at}` : at;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** All lists, also where one was lost or has lost its end: then a journal is in none. */
function readLists(home: string, journals: ReadonlySet<string>): readonly RunList[] {
  const lists = runNamesIn(filesIn(threadsFolder(home))).map((threadId) => ({
    threadId,
    runs: readList(home, threadId),
  }));
  const listed = new Set(lists.flatMap(({ runs }) => runs.map(({ runId }) => runId)));
  const lost = new Set(
    [...journals.difference(listed)].flatMap((runId) => scanRun(home, runId)?.threadId ?? []),
  );
  return [
    ...lists.filter(({ threadId, runs }) => runs.length > 0 && !lost.has(threadId)),
    ...[...lost].filter(isId).map((threadId) => ({ threadId, runs: repairList(home, threadId) })),
  ];
}

/** The runs from the first to this one. */
function wayOf(end: ListedRun | undefined, byId: ReadonlyMap<string, ListedRun>) {
  const runs: ListedRun[] = [];
  const met = new Set<string>();
  for (let next = end; next; ) {
    met.add(next.runId);
    runs.push(next);
    const { after }: ListedRun = next;
    if (!after) break;
    next = met.has(after.runId) ? undefined : byId.get(after.runId);
    if (!next) return { runs: runs.reverse(), lost: after.runId };
  }
  return { runs: runs.reverse(), lost: undefined };
}
