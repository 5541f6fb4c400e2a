/**
 * Runs on a disk that is full, or that fails: for CI at 18 system calls, and at every one with
 * `SOTTO_LONG=1 npx vitest run test/faults/run-disk.test.ts`.
 */
import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { requireProgram, tempFolder } from '../workspace/temp-folder.ts';
import { atPoints, preparedTask } from './prepared-task.ts';
import { effectsIn, playTask, prepareTask, TASKS } from './scripted-tasks.ts';
import { type FaultPoint, isOfNone, NODE_COMPILE_CACHE, outcomeOf, PROGRAM, playStraced } from './strace.ts';
import { hasFailures, journalOf, leftIn, problemsIn, stateOf, withKnown } from './task-state.ts';

const MOST_POINTS = process.env.SOTTO_LONG === undefined ? 6 : Number.POSITIVE_INFINITY;
const FAILS = new Set(['write', 'pwrite64', 'openat', 'mkdir', 'rename']);
const SENTENCE = /^(Journal|Store|Lock)Error: [A-Z][^\n]*\.$/;

/** A disk of 1 MB, filled but for so many bytes; the program runs on it, and then again with all of that free. */
const ON_SMALL_DISK = `
mount -t tmpfs -o size=1m none "$1" && cp -r "$2/." "$1" && head -c 2m /dev/zero > "$1/fill" 2>/dev/null
truncate -s "-$3" "$1/fill"; folder="$1"; task="$4"; shift 4
"$@" "$folder" "$task"; find "$folder/.sotto" -name '*.part' -o -name 'part-*' | sed 's/.*/{"left":"&"}/'
rm "$folder/fill"; "$@" "$folder" "$task"; sort "$folder/effects.log" | uniq -d | sed 's/.*/{"twice":"&"}/'`;

describe.each(TASKS)('the task %s', (name) => {
  test('on a disk that is full or fails loses nothing, says one sentence, and goes on', async (context) => {
    requireProgram(context, 'strace', ['-o', '/dev/null', 'true']);
    const { fresh, whole, points } = await preparedTask(name);
    const inFolder = points.filter(({ call }) => FAILS.has(call));
    expect(inFolder.length).toBeGreaterThan(30);
    let sentences = 0;
    let next = 0;
    let hits = 0;
    const playOne = async ({ thread, call, when, shown }: FaultPoint) => {
      next += 1;
      const code = next % 2 === 0 ? 'EIO' : 'ENOSPC';
      const at = `${code} at ${call} ${when} of ${thread}, as ${shown}`;
      const folder = await fresh();
      const home = join(folder, '.sotto');
      const inject = `${call}:error=${code}:when=${when}`;
      const { lines, err, injected } = await playStraced({
        args: [folder, name],
        beside: folder,
        thread,
        inject,
      });
      // Threads of Node make the count of calls differ by a few: it was another call.
      if (injected === undefined || isOfNone(injected)) return;
      hits += 1;
      expect(err, at).toBe('');
      const last = lines.at(-1) ?? {};
      if ('error' in last) {
        sentences += 1;
        expect(last.error, at).toMatch(SENTENCE);
      } else expect(last.stopReason, at).toBe('done');
      expect(await problemsIn(folder), at).toEqual([]);
      const acknowledged = lines.filter((line) => 'seq' in line);
      const kept = (await journalOf(home, name)) ?? [];
      expect(
        kept.slice(0, acknowledged.length).map(({ seq, type }) => ({ seq, type })),
        at,
      ).toEqual(acknowledged);
      const before = effectsIn(folder);
      await playTask(folder, name);
      expect(effectsIn(folder).slice(0, before.length), at).toEqual(before);
      const state = withKnown(await stateOf(folder, name), whole);
      // A tool that was refused by the disk says so to the model: then it was not done, and the run goes on.
      if (hasFailures(state, whole)) expect(state.end, at).toEqual(whole.end);
      else expect(state, at).toEqual(whole);
      expect(await leftIn(home), at).toEqual([]);
      await rm(folder, { recursive: true });
    };
    const count = await atPoints(inFolder, MOST_POINTS, playOne);
    expect(hits).toBeGreaterThan(count * 0.8);
    expect(sentences).toBeGreaterThan(2);
  }, 1_200_000);

  test.for([4_096, 16_384])(
    'on a small disk with %i bytes left stops with one sentence, and goes on once there is room',
    async (room, context) => {
      requireProgram(context, 'unshare', ['-rm', 'true']);
      const base = await tempFolder();
      const [disk, origin] = [join(base, 'disk'), join(base, 'origin')];
      await mkdir(disk);
      await prepareTask(origin, name);
      const script = ['-rm', 'sh', '-c', ON_SMALL_DISK, 'sh', disk, origin, String(room), name];
      const child = spawn('unshare', [...script, ...PROGRAM], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NODE_COMPILE_CACHE },
      });
      const { lines, err } = await outcomeOf(child);
      expect(err).toBe('');
      const ends = lines.filter((line) => 'error' in line || 'stopReason' in line);
      expect(ends).toHaveLength(2);
      expect(ends[0]?.error).toMatch(SENTENCE);
      expect(ends[0]?.error).toContain('ENOSPC');
      expect(ends[1]).toEqual({ stopReason: 'done' });
      expect(lines.filter((line) => 'left' in line || 'twice' in line || 'warning' in line)).toEqual([]);
    },
  );
});
