import { ConfigError } from '../errors.ts';
import { checkWhole, foldThreads, readRuns, type Thread, threadAt } from '../memory/threads.ts';
import { UsageError } from './command.ts';

const THREAD_ID = /^[A-Za-z0-9._-]{1,100}$/;

/** The thread of this id, empty where it is new. */
export async function loadThread(home: string, threadId: string): Promise<Thread> {
  if (!THREAD_ID.test(threadId)) {
    throw new UsageError(
      `A thread's name has letters, digits, dots, hyphens and underscores, unlike ${JSON.stringify(threadId)}.`,
    );
  }
  const { runs, damaged } = await readRuns(home);
  const lost = damaged.find((run) => run.threadId === threadId);
  if (lost) {
    throw new ConfigError(
      `The thread ${threadId} cannot go on, since a part of it cannot be read: ${lost.problem} Take another --thread.`,
    );
  }
  const thread = foldThreads(runs).find((candidate) => candidate.threadId === threadId);
  if (!thread) return threadAt(runs, threadId);
  checkWhole(thread);
  return thread;
}
