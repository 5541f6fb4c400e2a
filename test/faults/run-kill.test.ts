/**
 * Runs that are killed at a system call which writes, renames, removes or makes something, and that are gone on with: for CI
 * at about 45 points, and at every one with `SOTTO_LONG=1 npx vitest run test/faults/run-kill.test.ts`.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { requireProgram } from '../workspace/temp-folder.ts';
import { atPoints, preparedTask } from './prepared-task.ts';
import { effectsIn, playTask, TASKS } from './scripted-tasks.ts';
import { type FaultPoint, playStraced } from './strace.ts';
import { journalOf, leftIn, problemsIn, stateOf, withKnown } from './task-state.ts';

const MOST_POINTS = process.env.SOTTO_LONG === undefined ? 12 : Number.POSITIVE_INFINITY;
describe.each(TASKS)('the task %s', (name) => {
  test('killed at a system call keeps what was acknowledged, does nothing twice, and ends as one that was not', async (context) => {
    requireProgram(context, 'strace', ['-o', '/dev/null', 'true']);
    const { fresh, whole, points } = await preparedTask(name);
    expect(points.length).toBeGreaterThan(40);
    let kills = 0;
    const playOne = async ({ thread, call, when }: FaultPoint) => {
      const at = `killed at ${call} ${when} of ${thread}`;
      const folder = await fresh();
      const inject = `${call}:signal=KILL:when=${when}`;
      const { lines, err } = await playStraced({ args: [folder, name], beside: folder, thread, inject });
      expect(err, at).toBe('');
      expect(
        lines.filter((line) => 'error' in line || 'warning' in line),
        at,
      ).toEqual([]);
      if (!lines.some((line) => 'stopReason' in line)) kills += 1;
      const home = join(folder, '.sotto');
      const acknowledged = lines.filter((line) => 'seq' in line);
      const kept = (await journalOf(home, name)) ?? [];
      expect(await problemsIn(folder), at).toEqual([]);
      expect(
        kept.slice(0, acknowledged.length).map(({ seq, type }) => ({ seq, type })),
        at,
      ).toEqual(acknowledged);
      const before = effectsIn(folder);
      const told: string[] = [];
      await playTask(folder, name, { warn: (sentence) => told.push(sentence) });
      expect(told, at).toEqual([]);
      // A run of which nothing was said may be begun anew.
      if (acknowledged.length > 0)
        expect((await journalOf(home, name))?.slice(0, kept.length), at).toEqual(kept);
      expect(effectsIn(folder).slice(0, before.length), at).toEqual(before);
      expect(withKnown(await stateOf(folder, name), whole), at).toEqual(whole);
      expect(await leftIn(home), at).toEqual([]);
      await rm(folder, { recursive: true });
    };
    // Done, and not noted yet: these are never left out.
    const isDone = (point: FaultPoint | undefined) => /^write\(.*effects\.log/.test(point?.shown ?? '');
    const sharp = points.filter((_, at) => isDone(points[at - 1]));
    expect(sharp.length).toBeGreaterThan(0);
    const count =
      (await atPoints(sharp, sharp.length, playOne)) + (await atPoints(points, MOST_POINTS, playOne));
    // Threads of Node make the count of calls differ by a few: the last points may not be reached.
    expect(kills).toBeGreaterThan(count * 0.9);
  }, 1_200_000);
});
