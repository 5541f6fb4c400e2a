import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ConfigError, LockError } from '../../src/errors.ts';
import { recoverJournal } from '../../src/memory/journal.ts';
import { isLocked } from '../../src/memory/lock.ts';
import { threadLockFolder } from '../../src/memory/thread-lock.ts';
import { scanRuns } from '../../src/memory/thread-scan.ts';
import {
  deleteRun,
  deleteThread,
  isThreadLocked,
  listThreads,
  lockThread,
  readThread,
} from '../../src/memory/threads.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { listOf, snapshotOf, writeTurn, writeTurns } from './thread-store.ts';

/** As another living process has it, the one that runs this test. */
function lockByAnother(home: string, threadId: string): string {
  const entry = join(threadLockFolder(home, threadId), '1');
  mkdirSync(entry, { recursive: true });
  writeFileSync(join(entry, 'owner.json'), JSON.stringify({ pid: process.ppid }));
  return join(entry, 'owner.json');
}

describe('whether a thread is worked with', () => {
  test('is seen without taking its lock', async () => {
    const { home } = await createTempProject();
    expect(isThreadLocked(home, 'main')).toBe(false);
    expect(existsSync(threadLockFolder(home, 'main'))).toBe(false);
    const lock = lockThread(home, 'main');
    const before = readdirSync(threadLockFolder(home, 'main'));
    expect(isThreadLocked(home, 'main')).toBe(true);
    expect(readdirSync(threadLockFolder(home, 'main'))).toEqual(before);
    lock.release();
    expect(isThreadLocked(home, 'main')).toBe(false);
    expect(isThreadLocked(home, '../x')).toBe(false);
    lockByAnother(home, 'other');
    expect(isThreadLocked(home, 'other')).toBe(true);
    expect(isLocked(join(home, 'nothing'))).toBe(false);
  });
});

describe('a thread that another program has', () => {
  test('for a moment only is not refused', async () => {
    const { home } = await createTempProject();
    const owner = lockByAnother(home, 'main');
    const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      truncateSync(owner);
      return 'timed-out';
    });
    onTestFinished(() => wait.mockRestore());
    using lock = lockThread(home, 'main');
    expect(lock).toBeDefined();
    expect(wait).toHaveBeenCalledOnce();
  });

  test('for longer is refused, and its snapshot is left out without a wait', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 5, { letters: 30_000 });
    lockByAnother(home, 'main');
    const wait = vi.spyOn(Atomics, 'wait');
    onTestFinished(() => wait.mockRestore());
    expect((await readThread(home, 'main'))?.runs).toHaveLength(5);
    expect(existsSync(snapshotOf(home))).toBe(false);
    expect(wait).not.toHaveBeenCalled();
    expect(() => lockThread(home, 'main')).toThrow(LockError);
  });
});

describe('deleting for real', () => {
  test('is refused for a sub-agent’s run while a run above it works', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 1);
    writeTurn(home, 's', { threadId: 's', parent: { runId: 'a1', toolCallId: 'c' } });
    writeTurn(home, 't', { threadId: 't', parent: { runId: 's', toolCallId: 'c' } });
    const lock = lockThread(home, 'main');
    await expect(deleteRun(home, 't')).rejects.toThrow('The thread main is in use');
    await expect(deleteThread(home, 's')).rejects.toThrow('The thread main is in use');
    lock.release();
    expect(await deleteRun(home, 't')).toBe(true);
    expect(await listThreads(home)).toHaveLength(2);
  });

  test('looks again once it has the lock: a run that began meanwhile goes too', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 1);
    const owner = lockByAnother(home, 'main');
    const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      writeTurn(home, 'a2', { after: { runId: 'a1' }, turn: 2 });
      truncateSync(owner);
      return 'timed-out';
    });
    onTestFinished(() => wait.mockRestore());
    expect(await deleteThread(home, 'main')).toBe(2);
    expect(readdirSync(join(home, 'runs'))).toEqual([]);
  });

  test('takes along what killed writers left', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 1);
    const part = '0123456789ab.part';
    for (const name of [
      `runs/a1.jsonl.${part}`,
      `runs/a1.damaged-2026-11-21T10-00-00-000Z.jsonl.${part}`,
      `threads/main.jsonl.${part}`,
      `threads/main.json.${part}`,
    ]) {
      writeFileSync(join(home, name), 'Question a1');
    }
    writeFileSync(join(home, `runs/a10.jsonl.${part}`), 'of another');
    await deleteThread(home, 'main');
    expect(readdirSync(join(home, 'threads'))).toEqual([]);
    expect(readdirSync(join(home, 'runs'))).toEqual([`a10.jsonl.${part}`]);
  });

  test('finds nothing of them where the file was written again since', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 5, { letters: 30_000 });
    const parts = [
      `${listOf(home)}.00.part`,
      `${snapshotOf(home)}.00.part`,
      join(home, 'runs/a5.jsonl.00.part'),
    ];
    for (const part of parts) writeFileSync(part, 'Question a1');
    writeFileSync(listOf(home), 'null\n');
    await readThread(home, 'main');
    recoverJournal(home, 'a5');
    expect(parts.filter((part) => existsSync(part))).toEqual([]);
  });

  test('takes no other thread along, since none has the name of a file that was put aside', async () => {
    const { home } = await createTempProject();
    const name = 'main.damaged-2026-11-21T17-26-38-726Z';
    expect(() => lockThread(home, name)).toThrow(ConfigError);
    expect(() => writeTurn(home, 'x', { threadId: name })).toThrow(ConfigError);
    expect(() => writeTurn(home, name)).toThrow(/is not a run/);
  });
});

describe.runIf(process.platform !== 'win32')('a name that has something else than a file', () => {
  test('such as a link is not followed for writing', async () => {
    const { home, folder } = await createTempProject();
    mkdirSync(join(home, 'threads'), { recursive: true });
    symlinkSync(join(folder, 'outside'), listOf(home));
    expect(() => writeTurns(home, 1)).toThrow(/main\.jsonl cannot be written \(ELOOP\)/);
    expect(existsSync(join(folder, 'outside'))).toBe(false);
  });

  test('such as a pipe is not waited for', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 1);
    execFileSync('mkfifo', [join(home, 'runs/pipe.jsonl'), listOf(home, 'pipe')]);
    expect(scanRuns(home).map(({ runId }) => runId)).toEqual(['a1']);
    expect(() => writeTurn(home, 'p1', { threadId: 'pipe' })).toThrow(/cannot be written \(ENOTSUP\)/);
  });
});
