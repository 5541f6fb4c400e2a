import { type RunRecord, startOf, type Thread } from '../memory/threads.ts';

/** A thread in the list: below the thread whose run called its agent, where that one is known. */
export type PlacedThread = {
  readonly thread: Thread;
  readonly parent: string | undefined;
  /** How many threads it is below. */
  readonly depth: number;
};

/** The threads in their order, each of a sub-agent behind the one that called it. */
export function underParents(
  threads: readonly Thread[],
  runs: readonly RunRecord[],
): readonly PlacedThread[] {
  const threadOf = new Map(runs.map(({ runId, entries }) => [runId, startOf(entries)?.threadId]));
  const parentOf = (thread: Thread) => {
    const runId = ownStart(thread)?.parent?.runId;
    return runId === undefined ? undefined : threadOf.get(runId);
  };
  const listed = new Set(threads.map(({ threadId }) => threadId));
  const below = Map.groupBy(threads, (thread) => {
    const parent = parentOf(thread);
    return parent !== undefined && listed.has(parent) ? parent : undefined;
  });
  const placed = new Map<string, PlacedThread>();
  const place = (thread: Thread, depth: number) => {
    if (placed.has(thread.threadId)) return;
    placed.set(thread.threadId, { thread, parent: parentOf(thread), depth });
    for (const child of below.get(thread.threadId) ?? []) place(child, depth + 1);
  };
  for (const thread of below.get(undefined) ?? []) place(thread, 0);
  // Threads that are each other's parents, as no run makes them, have no other way into the list.
  for (const thread of threads) place(thread, 0);
  return [...placed.values()];
}

/** How the first run of a thread began, those left out that it has from the thread that it branched off. */
export const ownStart = ({ threadId, runs }: Thread) =>
  runs.map(({ entries }) => startOf(entries)).find((start) => start?.threadId === threadId);
