import type { ThreadSummary } from '../memory/threads.ts';

/** A thread in the list: below the thread whose run called its agent, where that one is known. */
export type PlacedThread = {
  readonly thread: ThreadSummary;
  /** How many threads it is below. */
  readonly depth: number;
};

/** The threads in their order, each of a sub-agent behind the one that called it. */
export function underParents(threads: readonly ThreadSummary[]): readonly PlacedThread[] {
  const listed = new Set(threads.map(({ threadId }) => threadId));
  const below = Map.groupBy(threads, ({ parent }) =>
    parent?.threadId !== undefined && listed.has(parent.threadId) ? parent.threadId : undefined,
  );
  const placed = new Map<string, PlacedThread>();
  const place = (thread: ThreadSummary, depth: number) => {
    if (placed.has(thread.threadId)) return;
    placed.set(thread.threadId, { thread, depth });
    for (const child of below.get(thread.threadId) ?? []) place(child, depth + 1);
  };
  for (const thread of below.get(undefined) ?? []) place(thread, 0);
  // Threads that are each other's parents, as no run makes them, have no other way into the list.
  for (const thread of threads) place(thread, 0);
  return [...placed.values()];
}
