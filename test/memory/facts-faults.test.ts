/** Facts written by real programs: killed at a system call, on a full disk, on one that is read-only, and two at once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { openFacts } from '../../src/memory/facts.ts';
import { requireProgram, tempFolder } from '../workspace/temp-folder.ts';

const CHILD = join(import.meta.dirname, 'facts-in-child.ts');
/** As the `sotto` command starts Node. */
const NODE = [
  process.execPath,
  '--permission',
  '--allow-fs-read=*',
  '--allow-fs-write=*',
  '--disable-warning=SecurityWarning',
  '--conditions=sotto-source',
];
const STRACE = ['strace', '-f', '-e', 'trace=write,pwrite64,rename,mkdir,unlink,rmdir,ftruncate'];
/** Of the calls, evenly; every one of them in the long form, which takes some minutes. */
const MOST_POINTS = process.env.SOTTO_LONG === undefined ? 8 : Number.POSITIVE_INFINITY;

type Outcome = {
  readonly kept: readonly string[];
  readonly listed: readonly string[];
  readonly told: readonly string[];
  readonly errors: readonly string[];
  readonly signal: string | null;
};

/** What the program said, started behind `command`. */
async function play(command: readonly string[], args: readonly string[]): Promise<Outcome> {
  const [program = '', ...rest] = [...command, ...NODE, CHILD, ...args];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  // A stack trace, or a warning of Node, would be there.
  expect(err).toBe('');
  const lines = out
    .split('\n')
    .filter((line) => line.endsWith(']'))
    .map((line): [string, string] => JSON.parse(line));
  const of = (kind: string) => lines.filter(([other]) => other === kind).map(([, said]) => said);
  return { kept: of('kept'), listed: of('listed'), told: of('told'), errors: of('error'), signal };
}

/** Every call by which a whole run changes the disk or says something, as strace counts them: each call for itself. */
async function changingCalls(home: string): Promise<readonly { call: string; when: number }[]> {
  const trace = `${home}.trace`;
  await play([...STRACE, '-o', trace], [home, '4', 'fact ']);
  const calls = (await readFile(trace, 'utf8'))
    .split('\n')
    .map((line) => /^(?<pid>\d+) +(?<call>\w+)\((?<rest>.*)/.exec(line)?.groups ?? {});
  const first = calls.findIndex(({ rest = '' }) => rest.includes(home));
  const pid = calls[first]?.pid;
  const counts = new Map<string, number>();
  return calls.flatMap(({ pid: other, call = '' }, index) => {
    if (other !== pid) return [];
    const when = (counts.get(call) ?? 0) + 1;
    counts.set(call, when);
    return index < first ? [] : [{ call, when }];
  });
}

const newHome = async () => join(await tempFolder(), '.sotto');
const texts = async (home: string) => (await openFacts(home).list()).map((fact) => fact.text);
const partsIn = async (home: string) =>
  (await readdir(home, { recursive: true })).filter((name) => /\.part$|(^|\/)part-/.test(name));

describe('facts', () => {
  test('of two programs at once, 200 each, are all kept', async () => {
    const home = await newHome();
    const both = await Promise.all([play([], [home, '200', 'left ']), play([], [home, '200', 'right '])]);
    for (const { errors, kept, told } of both) {
      expect([errors, told]).toEqual([[], []]);
      expect(kept).toHaveLength(200);
    }
    const found = await texts(home);
    expect(found).toHaveLength(400);
    for (const { kept } of both) expect(found.filter((line) => kept.includes(line))).toEqual(kept);
    expect(await partsIn(home)).toEqual([]);
  });

  test('that were kept are there after kill -9 at a system call that changes the disk', async (context) => {
    requireProgram(context, 'strace', ['-o', '/dev/null', 'true']);
    const folder = await tempFolder();
    const points = await changingCalls(join(folder, 'whole'));
    expect(points.length).toBeGreaterThan(40);
    const count = Math.min(MOST_POINTS, points.length);
    let killed = 0;
    for (let point = 0; point < count; point += 1) {
      const home = join(folder, String(point));
      const { call, when } = points[Math.floor((point * points.length) / count)] ?? { call: '', when: 0 };
      const outcome = await play(
        [...STRACE, '-o', '/dev/null', '-e', `inject=${call}:signal=KILL:when=${when}`],
        [home, '4', 'fact '],
      );
      if (outcome.signal === 'SIGKILL') killed += 1;
      const after = await play([], [home, '1', 'later ']);
      expect([after.errors, after.told]).toEqual([[], []]);
      const facts = after.listed.slice(0, -1);
      // What was said to be kept is there, and at most the one fact more that was just being written.
      expect(facts.slice(0, outcome.kept.length)).toEqual(outcome.kept);
      expect(facts.length - outcome.kept.length).toBeLessThanOrEqual(1);
      expect(after.listed.at(-1)).toBe('later 0');
      expect(await partsIn(home)).toEqual([]);
    }
    // Threads of Node make the count of calls differ by a few: the last points may not be reached.
    expect(killed).toBeGreaterThan(count * 0.8);
  }, 1_200_000);

  test('are as they were on a disk that is full, with nothing beside them and one sentence', async (context) => {
    requireProgram(context, 'unshare', ['-rm', 'true']);
    const folder = await tempFolder();
    const script =
      'mount -t tmpfs -o size=64k none "$0" && mkdir "$0/.sotto" && "$@" && ls -A "$0/.sotto" && cat "$0/.sotto/facts.json"';
    const child = spawn(
      'unshare',
      ['-rm', 'sh', '-c', script, folder, ...NODE, CHILD, join(folder, '.sotto'), '100', 'fact ', '900'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const lines = (await text(child.stdout)).split('\n');
    const said = lines.filter((line) => line.startsWith('["')).map((line): string[] => JSON.parse(line));
    const errors = said.filter(([kind]) => kind === 'error').map(([, sentence]) => sentence);
    expect(errors).toEqual([
      expect.stringMatching(
        /facts(\.previous)?\.json cannot be written: the disk is full \(ENOSPC\)\. Nothing was (overwritten|changed)\.$/,
      ),
    ]);
    const kept = said.filter(([kind]) => kind === 'kept').map(([, fact]) => fact);
    expect(kept.length).toBeGreaterThan(3);
    const listed = said.filter(([kind]) => kind === 'listed').map(([, fact = '']) => fact.replace(/x+$/, ''));
    expect(listed).toEqual(kept);
    const start = lines.indexOf('facts.json');
    expect(lines.slice(start, start + 3)).toEqual(['facts.json', 'facts.previous.json', 'locks']);
    const { facts } = JSON.parse(lines.slice(start + 3).join('\n'));
    expect(facts).toHaveLength(kept.length);
  });

  test('are read on a disk that is read-only, and a change says why not', async (context) => {
    requireProgram(context, 'unshare', ['-rm', 'true']);
    const folder = await tempFolder();
    const home = join(folder, '.sotto');
    await openFacts(home).add('one');
    const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && "$@"';
    const outcome = await play(['unshare', '-rm', 'sh', '-c', script, folder], [home, '1', 'two']);
    expect(outcome.listed).toEqual(['one']);
    expect(outcome.errors).toEqual([
      `The file ${home}/facts.json cannot be written: the disk is read-only (EROFS). Nothing was changed.`,
    ]);
  });

  describe('whose file its user may not read', () => {
    // Nothing is refused to root: the program becomes somebody else.
    const isRoot = process.getuid?.() === 0;
    const NOBODY = 65_534;
    const add = (home: string) => play([], [home, '1', 'new', '0', ...(isRoot ? [String(NOBODY)] : [])]);

    async function closedHome(closed: readonly string[]) {
      const folder = await tempFolder();
      const home = join(folder, '.sotto');
      await openFacts(home).add('one');
      await openFacts(home).add('two');
      await rm(join(home, 'locks'), { recursive: true });
      await chmod(folder, 0o755);
      if (isRoot) await chown(home, NOBODY, NOBODY);
      for (const name of ['facts.json', 'facts.previous.json']) {
        await chmod(join(home, name), closed.includes(name) ? 0 : 0o644);
      }
      return home;
    }

    test('are put aside, and the version before is back', async () => {
      const home = await closedHome(['facts.json']);
      const { ino } = await stat(join(home, 'facts.json'));
      const { listed, told, errors } = await add(home);
      expect(errors).toEqual([]);
      expect(listed).toEqual(['one', 'new0']);
      expect(told).toEqual([
        expect.stringContaining(
          'was damaged: it cannot be read, since the system does not permit it (EACCES).',
        ),
      ]);
      const aside = (await readdir(home)).find((name) => name.includes('damaged')) ?? '';
      expect((await stat(join(home, aside))).ino).toBe(ino);
    });

    test('stay where they are, if there is no other', async () => {
      const home = await closedHome(['facts.json', 'facts.previous.json']);
      const before = await readdir(home);
      const { listed, told, errors } = await add(home);
      expect([listed, told]).toEqual([[], []]);
      expect(errors[0]).toMatch(
        /facts\.json is of no use: it cannot be read, since .* \(EACCES\)\. It is as it was: make it readable, or move it away\.$/,
      );
      expect((await readdir(home)).filter((name) => name !== 'locks')).toEqual(before);
    });

    test('are read, and a change says why not, where they may be read only', async () => {
      const home = await closedHome([]);
      if (isRoot) await chown(home, 0, 0);
      await chmod(home, 0o555);
      const { listed, errors } = await add(home);
      // Else the folder could not be removed.
      await chmod(home, 0o700);
      expect(listed).toEqual(['one', 'two']);
      expect(errors).toEqual([
        `The file ${home}/facts.json cannot be written: the system does not permit it (EACCES). Nothing was changed.`,
      ]);
    });
  });

  test('are written and named on the disk before they are said to be kept', async (context) => {
    requireProgram(context, 'strace', ['-o', '/dev/null', 'true']);
    const home = await newHome();
    const trace = `${home}.trace`;
    await play(
      ['strace', '-f', '-o', trace, '-e', 'trace=openat,write,pwrite64,rename'],
      [home, '1', 'fact '],
    );
    const calls = (await readFile(trace, 'utf8')).split('\n');
    const start = calls.findIndex((line) => /facts\.json\.[0-9a-f]+\.part", .*O_EXCL\|O_SYNC/.test(line));
    const fd = / = (\d+)$/.exec(calls[start] ?? '')?.[1];
    const inOrder = [`write(${fd},`, 'rename(', `pwrite64(${fd},`, 'write(1,'].map((call) =>
      calls.findIndex((line, index) => index > start && line.includes(` ${call}`)),
    );
    expect(start).toBeGreaterThan(-1);
    expect(inOrder).not.toContain(-1);
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
  });
});
