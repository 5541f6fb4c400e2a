import { ConfigError } from '../errors.ts';
import { readEntries } from '../memory/journal.ts';
import { newestRun, readThread, startOf, type Thread } from '../memory/threads.ts';

/** A thread that a run was to go on with is not any more as it was read: another program had a turn in it, or went on with
 * its last run. Nothing was changed. */
export class ThreadChangedError extends ConfigError {
  readonly threadId: string;
  constructor(threadId: string) {
    super(
      `The thread ${threadId} was changed meanwhile, by another program or another run. Nothing was changed now: read it again, and go on with that.`,
    );
    this.threadId = threadId;
  }
}

/** Throws `ThreadChangedError` where the thread does not end on the disk as this one does, unless it ends earlier on purpose;
 * for whoever holds its lock. */
export async function checkEnd(home: string, thread: Thread): Promise<void> {
  if (!thread.isEarlier && !(await isAtEnd(home, thread))) throw new ThreadChangedError(thread.threadId);
}

/** Whether a thread ends on the disk where this one does. What it costs does not grow with the thread. */
export async function isAtEnd(home: string, { threadId, runs }: Thread): Promise<boolean> {
  const last = runs.at(-1);
  const newest = newestRun(home, threadId);
  // A branch of another thread begins.
  if (newest === undefined) return !last || startOf(last.entries)?.threadId !== threadId;
  const seq = last?.entries.at(-1)?.seq;
  if (newest === last?.runId) return readEntries(home, newest).entries.at(-1)?.seq === seq;
  // Nothing may be left of the newest run, and then the thread ends before it.
  const now = (await readThread(home, threadId))?.runs.at(-1);
  return now?.runId === last?.runId && now?.entries.at(-1)?.seq === seq;
}
