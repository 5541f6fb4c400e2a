/**
 * A program that tests kill: `task-in-child.ts FOLDER TASK`. Each fact of the run is a line, once it is said to be kept.
 */
import { writevSync } from 'node:fs';
import { readyForTrace } from './ready-for-trace.ts';
import { playTask, type TaskName } from './scripted-tasks.ts';

const [folder = '', task] = process.argv.slice(2);
/** By another system call than those that write files: faults are for those. */
const say = (value: unknown) => writevSync(1, [Buffer.from(JSON.stringify(value)), Buffer.from('\n')]);

await readyForTrace(folder);
try {
  const result = await playTask(folder, task as TaskName, {
    onEvent: (event) => {
      if ('seq' in event) say({ seq: event.seq, type: event.type });
    },
    warn: (warning) => say({ warning }),
  });
  say({ stopReason: result?.stopReason, reason: result?.reason });
} catch (error) {
  say({ error: String(error) });
}
