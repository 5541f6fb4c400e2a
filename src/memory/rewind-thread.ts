import { noUsage, type RunPoint } from '../events.ts';
import { type JournalEntry, openJournal } from './journal.ts';
import { newRunId } from './new-run-id.ts';
import { checkWhole, endOf, NOTHING, startOf, type Thread, turnsOf } from './thread-fold.ts';
import { lockThread } from './thread-lock.ts';
import { readThread } from './thread-read.ts';

/**
 * Makes a thread end at an earlier point of its own, or empty, also for whoever reads it later; returns it. What is taken
 * back stays in its journals. A thread ends in its newest run, so this is an empty one that follows that point. Throws
 * `ConfigError` where the point is not on the thread, `LockError` where somebody works with it, `JournalError` or
 * `StoreError` where the run cannot be written.
 */
export async function rewindThread(home: string, thread: Thread, point?: RunPoint): Promise<Thread> {
  const { threadId, runs } = thread;
  if (point && !runs.some(({ runId }) => runId === point.runId))
    checkWhole({ threadId, missing: point.runId });
  const last = startOf(runs.at(-1)?.entries ?? []);
  if (!last) return thread;
  using _ = lockThread(home, threadId);
  const empty = { threadId, runs: [], ...NOTHING };
  const before = (point && (await readThread(home, threadId, point))) ?? empty;
  checkWhole(before);
  const { agent, model, seal } = last;
  const after = endOf(before);
  const runId = newRunId();
  const journal = openJournal({ home, runId });
  try {
    const names = { runId, threadId, turn: turnsOf(before), agent, model, seal };
    const entries = [
      journal.append({ type: 'run-start', ...names, ...(after && { after }) }),
      journal.append({ type: 'run-end', stopReason: 'done', steps: 0, usage: noUsage }),
    ];
    const { messages, context, runs: earlier } = before;
    return { threadId, messages, context, runs: [...earlier, { runId, entries }] };
  } finally {
    journal.close();
  }
}

/** Whether a run is only there to end its thread at an earlier point: nobody said or did anything in it. */
export const isRewind = (entries: readonly JournalEntry[]): boolean =>
  startOf(entries)?.message === undefined &&
  entries.some((entry) => entry.type === 'run-end' && entry.stopReason === 'done' && entry.steps === 0);
