import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LockError } from '../../src/errors.ts';
import { waitForLock } from '../../src/memory/wait-for-lock.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

afterEach(() => vi.restoreAllMocks());

async function lockFolder() {
  const folder = join(await tempFolder(), 'lock');
  const waiting = join(folder, 'waiting');
  mkdirSync(waiting, { recursive: true });
  return { folder, waiting, take: () => waitForLock({ folder, what: 'It' }) };
}

/** As another process that lives has it; returns what releases it. */
function heldByAnother(folder: string): () => void {
  mkdirSync(join(folder, '1'));
  const path = join(folder, '1', 'owner.json');
  writeFileSync(path, JSON.stringify({ pid: process.ppid }));
  return () => truncateSync(path);
}

/** What happens elsewhere while the program sleeps for the first time. */
const duringSleep = (happen: () => void) => {
  const real = Atomics.wait;
  const sleep = vi.spyOn(Atomics, 'wait').mockImplementation(((...args: Parameters<typeof real>) => {
    if (sleep.mock.calls.length === 1) happen();
    return real(...args);
  }) as typeof real);
  return sleep;
};

describe('who waits for a lock', () => {
  test('has it once it is released, and leaves no mark', async () => {
    const { folder, waiting, take } = await lockFolder();
    const release = heldByAnother(folder);
    const marks: number[] = [];
    duringSleep(() => {
      marks.push(readdirSync(waiting).length);
      release();
    });
    using lock = take();
    expect(lock).toBeDefined();
    expect([marks, readdirSync(waiting)]).toEqual([[1], []]);
  });

  test('is told who has it where it is not released, and leaves no mark', async () => {
    const { folder, waiting, take } = await lockFolder();
    heldByAnother(folder);
    expect(take).toThrow(LockError);
    expect(take).toThrow(`process ${process.ppid}`);
    expect(readdirSync(waiting)).toEqual([]);
  });

  test('lets one go first that waits already', async () => {
    const { folder, waiting, take } = await lockFolder();
    writeFileSync(join(waiting, 'other'), '');
    const taken: boolean[] = [];
    const sleep = duringSleep(() => {
      taken.push(existsSync(join(folder, '1')));
      rmSync(join(waiting, 'other'));
    });
    using lock = take();
    expect(lock).toBeDefined();
    expect(taken).toEqual([false]);
    expect(sleep).toHaveBeenCalledOnce();
  });

  test('does not wait for a mark for ever, and removes that of one that was killed', async () => {
    const { waiting, take } = await lockFolder();
    for (const name of ['fresh', 'old', 'future']) writeFileSync(join(waiting, name), '');
    const now = Date.now() / 1000;
    utimesSync(join(waiting, 'old'), now - 3600, now - 3600);
    utimesSync(join(waiting, 'future'), now + 86_400, now + 86_400);
    take().release();
    expect(readdirSync(waiting)).toEqual(['fresh']);
  });

  test('is refused at once where this program has it', async () => {
    const { waiting, take } = await lockFolder();
    using _lock = take();
    const sleep = vi.spyOn(Atomics, 'wait');
    expect(take).toThrow('in use by this program');
    expect(sleep).not.toHaveBeenCalled();
    expect(readdirSync(waiting)).toEqual([]);
  });
});
