import { setTimeout } from 'node:timers/promises';
import { noUsage, type RunPoint } from '../events.ts';
import { createJournal, type JournalEntry } from './journal.ts';
import { newRunId } from './new-run-id.ts';
import { checkWhole, endOf, startOf, type Thread, threadAt, turnsOf } from './threads.ts';

/** More than the millisecond that tells which of two runs is the newer one. */
const NEWER_MS = 2;

/**
 * Makes a thread end at an earlier point of its own, or empty, also for whoever reads it later; returns it. What is taken
 * back stays in its journals. A thread ends in its newest run, so this is an empty one that follows that point. Throws
 * `ConfigError` where the point is not on the thread, `JournalError` where the run cannot be written.
 */
export async function rewindThread(home: string, thread: Thread, point?: RunPoint): Promise<Thread> {
  const { threadId, runs } = thread;
  const before = threadAt(runs, threadId, point);
  checkWhole(before);
  const last = startOf(runs.at(-1)?.entries ?? []);
  if (!last) return thread;
  await setTimeout(NEWER_MS);
  const { agent, model, seal } = last;
  const after = endOf(before);
  const runId = newRunId();
  const journal = createJournal({ home, runId });
  try {
    const names = { runId, threadId, turn: turnsOf(before), agent, model, seal };
    const entries = [
      journal.append({ type: 'run-start', ...names, ...(after && { after }) }),
      journal.append({ type: 'run-end', stopReason: 'done', steps: 0, usage: noUsage }),
    ];
    return { ...before, runs: [...before.runs, { runId, entries }] };
  } finally {
    journal.close();
  }
}

/** Whether a run is only there to end its thread at an earlier point: nobody said or did anything in it. */
export const isRewind = (entries: readonly JournalEntry[]): boolean =>
  startOf(entries)?.message === undefined &&
  entries.some((entry) => entry.type === 'run-end' && entry.stopReason === 'done' && entry.steps === 0);
