/**
 * Waits for a lock that is held only for a moment, such as that of a store.
 *
 * Whoever releases and takes it again at once, over and over, would keep everybody else out: who waits leaves a mark, and
 * who comes after lets the waiting one go first.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LockError } from '../errors.ts';
import { acquireLock, type Lock, type LockOptions } from './lock.ts';

const LONGEST_WAIT_MS = 900;
const LONGEST_COURTESY_MS = 60;
/** Nobody waits that long: such a mark is of a process that was killed. */
const OLDEST_MARK_MS = 2_000;
const WAITING = 'waiting';

/** Takes the lock, and blocks this thread for at most a second where another process has it. Throws as `acquireLock` does;
 * at once where this program has it. */
export function waitForLock(options: LockOptions): Lock {
  const waiting = join(options.folder, WAITING);
  letOthersGo(waiting);
  try {
    return acquireLock(options);
  } catch (error) {
    if (!isOfAnother(error)) throw error;
  }
  const mark = join(waiting, randomUUID());
  mkdirSync(waiting, { recursive: true, mode: 0o700 });
  writeFileSync(mark, '', { mode: 0o600 });
  try {
    return keepTrying(options);
  } finally {
    rmSync(mark, { force: true });
  }
}

function keepTrying(options: LockOptions): Lock {
  for (const deadline = performance.now() + LONGEST_WAIT_MS; ; ) {
    sleep(1 + Math.random() * 4);
    try {
      return acquireLock(options);
    } catch (error) {
      if (!isOfAnother(error) || performance.now() > deadline) throw error;
    }
  }
}

function letOthersGo(waiting: string): void {
  const before = marksIn(waiting);
  if (before.length === 0) return;
  for (const deadline = performance.now() + LONGEST_COURTESY_MS; performance.now() < deadline; sleep(1)) {
    const marks = marksIn(waiting);
    if (!before.some((mark) => marks.includes(mark))) return;
  }
  for (const mark of before) removeOld(join(waiting, mark));
}

function marksIn(waiting: string): readonly string[] {
  try {
    return readdirSync(waiting);
  } catch {
    return [];
  }
}

function removeOld(mark: string): void {
  try {
    if (Math.abs(Date.now() - statSync(mark).mtimeMs) > OLDEST_MARK_MS) rmSync(mark, { force: true });
  } catch {
    // It is gone by now.
  }
}

const isOfAnother = (error: unknown): boolean => error instanceof LockError && error.pid !== process.pid;

const sleep = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};
