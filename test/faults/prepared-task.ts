/** A task that is ready to be played many times, with what it comes to where nothing happens. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { tempFolder } from '../workspace/temp-folder.ts';
import { playTask, prepareTask, type TaskName } from './scripted-tasks.ts';
import { type FaultPoint, faultPoints } from './strace.ts';
import { stateOf, type TaskState } from './task-state.ts';

export type PreparedTask = {
  /** A new folder of the task. */
  readonly fresh: () => Promise<string>;
  readonly whole: TaskState;
  readonly points: readonly FaultPoint[];
};

export async function preparedTask(name: TaskName): Promise<PreparedTask> {
  const base = await tempFolder();
  const origin = join(base, 'origin');
  await prepareTask(origin, name);
  let count = 0;
  const fresh = async () => {
    count += 1;
    const folder = join(base, String(count));
    await cp(origin, folder, { recursive: true });
    return folder;
  };
  const played = await fresh();
  await playTask(played, name);
  const whole = await stateOf(played, name);
  const points: FaultPoint[] = [];
  for (const thread of ['main', 'pool'] as const) {
    const folder = await fresh();
    points.push(...(await faultPoints({ args: [folder, name], beside: folder, thread })));
    // The program does the same as this one.
    expect(await stateOf(folder, name)).toEqual(whole);
  }
  return { fresh, whole, points };
}

const AT_ONCE = 2;

/** At so many points, evenly, two at a time. Returns how many. */
export async function atPoints(
  points: readonly FaultPoint[],
  most: number,
  playAt: (point: FaultPoint) => Promise<void>,
): Promise<number> {
  const count = Math.min(most, points.length);
  const left = points.filter(
    (_, at) => Math.floor((at * count) / points.length) !== Math.floor(((at - 1) * count) / points.length),
  );
  const all = left.length;
  const work = async () => {
    for (let point = left.shift(); point; point = left.shift()) await playAt(point);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return all;
}
