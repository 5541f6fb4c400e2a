import { readEntries, recoverJournal } from '../memory/journal.ts';
import { checkWhole, lockThread, readThread, startOf, type Thread } from '../memory/threads.ts';
import { UsageError } from './command.ts';

const THREAD_ID = /^[A-Za-z0-9._-]{1,100}$/;

/** The thread of this id, empty where it is new. Damaged journals on its way are recovered, and what was lost is said as a
 * warning. */
export async function loadThread(home: string, threadId: string): Promise<Thread> {
  if (!THREAD_ID.test(threadId)) {
    throw new UsageError(
      `A thread's name has letters, digits, dots, hyphens and underscores, unlike ${JSON.stringify(threadId)}.`,
    );
  }
  const recovered = new Set<string>();
  for (;;) {
    const thread = await readThread(home, threadId);
    if (!thread) return { threadId, runs: [], messages: [], context: [] };
    const { missing, problem } = thread;
    if (missing === undefined || problem === undefined || recovered.has(missing)) {
      checkWhole(thread);
      return thread;
    }
    recovered.add(missing);
    // A branch goes on from a run of another thread, which may be at work.
    using _ = lockThread(home, startOf(readEntries(home, missing).entries)?.threadId ?? threadId);
    const { lost } = recoverJournal(home, missing);
    if (lost !== undefined) process.emitWarning(lost, 'SottoWarning');
  }
}
