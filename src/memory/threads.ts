/** What others use of threads: a thread is a way through the tree of runs, from its root to its newest run. */
export { deleteRun, deleteThread } from './thread-delete.ts';
export {
  checkWhole,
  endOf,
  type Folded,
  foldEntries,
  foldMessages,
  foldThreads,
  type RunRecord,
  startOf,
  type Thread,
  type ThreadEnd,
  threadAt,
  turnsOf,
} from './thread-fold.ts';
export { isThreadLocked, lockThread } from './thread-lock.ts';
export { newestRun, readThread } from './thread-read.ts';
export { type DamagedRun, readRuns } from './thread-runs.ts';
export { listThreads, type ThreadSummary } from './thread-summaries.ts';
