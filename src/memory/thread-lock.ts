import { join } from 'node:path';
import { ConfigError, LockError, StoreError } from '../errors.ts';
import { explainCode } from './durable-file.ts';
import { isId } from './journal-path.ts';
import { acquireLock, isLocked, type Lock, timesTaken } from './lock.ts';

export const threadLockFolder = (home: string, threadId: string): string =>
  join(home, 'locks', `thread-${threadId}`);

/** Another program may have it for a moment only, to keep a snapshot. */
const LONGEST_WAIT_MS = 200;

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);
const MAKE_ROOM =
  ' Make room and try again: the files in .sotto/states may be deleted, the model makes them again.';

/** Taken by whoever adds runs to a thread, for as long as that takes. Throws `LockError` where another one has it, after
 * 200 milliseconds, or at once where this program has it; `ConfigError` where that is no name of a thread, `StoreError`
 * where the disk refuses. */
export function lockThread(home: string, threadId: string): Lock {
  if (!isId(threadId)) throw new ConfigError(notAName(threadId));
  for (const deadline = performance.now() + LONGEST_WAIT_MS; ; ) {
    try {
      return takeLock(home, threadId);
    } catch (error) {
      const isOfAnother = error instanceof LockError && error.pid !== process.pid;
      if (!isOfAnother || performance.now() > deadline) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
}

function takeLock(home: string, threadId: string): Lock {
  const folder = threadLockFolder(home, threadId);
  try {
    return acquireLock({ folder, what: `The thread ${threadId}` });
  } catch (cause) {
    if (cause instanceof LockError) throw cause;
    const { code = '' } = cause as NodeJS.ErrnoException;
    const hint = FULL.has(code) ? MAKE_ROOM : '';
    const problem = `cannot be written: ${explainCode(cause)}. Nothing was changed.${hint}`;
    throw new StoreError({ path: folder, problem, cause });
  }
}

/** Whether somebody works with a thread at this moment; for whoever only looks, since it keeps nobody out. */
export const isThreadLocked = (home: string, threadId: string): boolean =>
  isId(threadId) && isLocked(threadLockFolder(home, threadId));

/** Whether somebody worked with a thread before whoever does now. */
export const wasLocked = (home: string, threadId: string): boolean =>
  timesTaken(threadLockFolder(home, threadId)) > (isThreadLocked(home, threadId) ? 1 : 0);

export const notAName = (threadId: string): string =>
  `A thread's name has up to 100 letters, digits, dots, hyphens and underscores, and is none of a damaged file, unlike ${JSON.stringify(threadId)}.`;

/** Does it where nobody works with the thread; where somebody does, it is left out: for what only saves time. */
export function whileFree(home: string, threadId: string, action: () => void): void {
  if (isThreadLocked(home, threadId)) return;
  try {
    using _ = takeLock(home, threadId);
    action();
  } catch (error) {
    if (!(error instanceof LockError || error instanceof StoreError)) throw error;
  }
}
