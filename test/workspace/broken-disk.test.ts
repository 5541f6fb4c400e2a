import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { requireProgram, tempFolder } from './temp-folder.ts';
import type { Outcome } from './write-in-child.ts';

const run = promisify(execFile);
const FULL = '"a.txt" was not written, because the disk is full. What was there before is unchanged.';
const CHILD = join(import.meta.dirname, 'write-in-child.ts');

/** Linux only: a file system of 200 kB of our own, seen by the child alone. */
const UNSHARE = process.getuid?.() === 0 ? ['-m'] : ['-rm'];

const onLinux = process.platform === 'linux';

describe.runIf(onLinux)('a full disk', () => {
  test('leaves the file as it was and nothing beside it, however much fits', async (context) => {
    requireProgram(context, 'unshare', [
      ...UNSHARE,
      'mount',
      '-t',
      'tmpfs',
      '-o',
      'size=200k',
      'tmpfs',
      '/mnt',
    ]);
    const folder = await tempFolder();
    const script = `mount -t tmpfs -o size=200k tmpfs ${folder} && exec "$0" "$1" "$2" sweep`;
    const { stdout } = await run('unshare', [
      ...UNSHARE,
      'sh',
      '-c',
      script,
      process.execPath,
      CHILD,
      folder,
    ]);
    const outcomes: readonly Outcome[] = JSON.parse(stdout);
    for (const { outcome, before, after, written, files } of outcomes) {
      const rest = files.filter((name) => name !== 'old-versions');
      if (outcome === 'written') {
        expect(after).toBe(written);
        expect(rest).toEqual(before === undefined ? ['a.txt'] : ['a.txt', 'old-versions/a.1.txt']);
      } else {
        expect(outcome).toBe(FULL);
        expect(after).toBe(before);
        expect(rest).toEqual(before === undefined ? [] : ['a.txt']);
      }
    }
    // Each way to end was met, for a new file and for one that existed.
    const ways = outcomes.map(({ outcome, before }) => `${before} ${outcome === 'written'}`);
    expect(new Set(ways).size).toBe(4);
  });
});

describe.runIf(onLinux)('a system call that fails or never returns', () => {
  test.for<[string, string, number]>([
    ['fsync', 'error=EIO', 5],
    ['rename', 'error=EIO', 2],
    ['fchmod', 'error=EIO', 2],
    ['mkdir', 'error=EACCES', 1],
    ['fsync', 'signal=KILL', 5],
    ['rename', 'signal=KILL', 2],
  ])('leaves the old content or the new one: %s with %s', async ([call, fault, count], context) => {
    requireProgram(context, 'strace', ['-qq', '-o', '/dev/null', 'true']);
    for (let number = 1; number <= count; number += 1) {
      const folder = await tempFolder();
      await writeFile(join(folder, 'a.txt'), 'old');
      const { stdout, signal } = await writeWithFault(folder, call, `${fault}:when=${number}`);
      const files = await readdir(folder, { recursive: true });
      const content = await readFile(join(folder, 'a.txt'), 'utf8');
      expect(['old', 'new']).toContain(content);
      if (content === 'new') expect(await readFile(join(folder, 'old-versions/a.1.txt'), 'utf8')).toBe('old');
      if (fault === 'signal=KILL') expect(signal).toBe('SIGKILL');
      else {
        expect(stdout).toMatch(
          /^"a.txt" cannot be used: the (disk reports an error|system does not permit it)\.$/,
        );
        expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
      }
    }
  });
});

/** Overwrites `a.txt` in a program whose N-th call of a kind is made to fail. strace counts by thread: one thread for
 * files makes it count all. */
function writeWithFault(folder: string, call: string, fault: string) {
  const strace = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:${fault}`];
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  return run('strace', [...strace, process.execPath, CHILD, folder, 'once'], { env }).then(
    ({ stdout }) => ({ stdout, signal: undefined }),
    ({ stdout, signal }) => ({ stdout, signal }),
  );
}
