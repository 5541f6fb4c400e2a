import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LockError } from '../../src/errors.ts';
import { acquireLock } from '../../src/memory/lock.ts';

const CHILD = join(import.meta.dirname, 'lock-in-child.ts');
/** As the `sotto` command starts Node. */
const SEAL = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--disable-warning=SecurityWarning'];

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const start = (folder: string, times: number, how = 'release') =>
  spawn(process.execPath, [...SEAL, CHILD, folder, String(times), how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const logOf = (folder: string): readonly string[] =>
  readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');

describe('a lock', () => {
  test('is refused at once to a second one in the same program, and free once it is released', async () => {
    const folder = join(await createFolder(), 'lock');
    const lock = acquireLock({ folder, what: 'The job 1' });
    expect(() => acquireLock({ folder, what: 'The job 1' })).toThrow(
      'The job 1 is in use by this program. Nothing was changed. Wait until that has ended, or end it.',
    );
    lock.release();
    lock.release();
    using again = acquireLock({ folder, what: 'The job 1' });
    expect(again).toBeDefined();
  });

  test('names the process that has it, and is taken over when that was killed', async () => {
    const folder = await createFolder();
    const child = start(folder, 1, 'hold');
    await once(child.stdout, 'data');
    const take = () => acquireLock({ folder: join(folder, 'lock'), what: 'It' });
    expect(take).toThrow(LockError);
    expect(take).toThrow(`another program (process ${child.pid})`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    using lock = take();
    expect(lock).toBeDefined();
  });

  test.runIf(process.platform === 'linux')(
    'is taken over when the process number belongs to another process by now',
    async () => {
      const folder = join(await createFolder(), 'lock');
      mkdirSync(join(folder, '1'), { recursive: true });
      const owner = { pid: process.pid, started: 'another-boot 12345' };
      writeFileSync(join(folder, '1', 'owner.json'), JSON.stringify(owner));
      using lock = acquireLock({ folder, what: 'It' });
      expect(lock).toBeDefined();
      expect(() => acquireLock({ folder, what: 'It' })).toThrow(LockError);
    },
  );

  test.each(['', '\0\0\0\0', '{"pid":', '{"pid":-1}'])(
    'is taken over when its entry holds no process: %j',
    async (content) => {
      const folder = join(await createFolder(), 'lock');
      mkdirSync(join(folder, '7'), { recursive: true });
      writeFileSync(join(folder, '7', 'owner.json'), content);
      using lock = acquireLock({ folder, what: 'It' });
      expect(lock).toBeDefined();
    },
  );

  test('is had by one at a time, of many processes that take it, release it, and die with it', async () => {
    const folder = await createFolder();
    const living = Array.from({ length: 4 }, () => start(folder, 40));
    const exits = living.map((child) => once(child, 'exit'));
    for (let round = 0; round < 4; round += 1) {
      const dying = Array.from({ length: 2 }, () => start(folder, 1, 'die'));
      await Promise.all(dying.map((child) => once(child, 'exit')));
    }
    expect((await Promise.all(exits)).map(([code]) => code)).toEqual([0, 0, 0, 0]);
    const log = logOf(folder);
    expect(log.filter((line) => line.startsWith('met'))).toEqual([]);
    expect(log.filter((line) => line.startsWith('took'))).toHaveLength(4 * 40 + 4 * 2);
  });

  test('says since when another process has it, and nothing where the entry does not', async () => {
    const folder = join(await createFolder(), 'lock');
    mkdirSync(join(folder, '1'), { recursive: true });
    const write = (owner: object) => writeFileSync(join(folder, '1', 'owner.json'), JSON.stringify(owner));
    const take = () => acquireLock({ folder, what: 'It' });
    const since = new Date(2026, 10, 21, 10, 2, 4).toISOString();
    write({ pid: process.ppid, since });
    expect(take).toThrow(
      `It was locked at 2026-11-21 10:02:04 and is in use by another program (process ${process.ppid}).`,
    );
    for (const other of [{}, { since: 'x\u001b' }, { since: 7 }]) {
      write({ pid: process.ppid, ...other });
      expect(take).toThrow(`It is in use by another program (process ${process.ppid}).`);
    }
  });

  test('removes what a process left that was killed while it took it, and nothing of one that lives', async () => {
    const folder = await createFolder();
    const child = start(folder, 1, 'hold');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const left = (pid: number | undefined) => join(folder, 'lock', `part-${pid}-x`);
    for (const pid of [child.pid, process.ppid]) mkdirSync(left(pid));
    acquireLock({ folder: join(folder, 'lock'), what: 'It' }).release();
    expect([child.pid, process.ppid].map((pid) => existsSync(left(pid)))).toEqual([false, true]);
  });

  test('keeps a few entries, however often it was taken', async () => {
    const folder = join(await createFolder(), 'lock');
    for (let count = 0; count < 50; count += 1) acquireLock({ folder, what: 'It' }).release();
    expect(readdirSync(folder).length).toBeLessThan(8);
    rmSync(folder, { recursive: true });
  });
});
