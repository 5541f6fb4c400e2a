/** A program that tests kill: the clerk with the bundled model, `model-in-child.ts FOLDER`. */
import { writevSync } from 'node:fs';
import { playClerk } from './clerk-task.ts';
import { readyForTrace } from './ready-for-trace.ts';

const [folder = ''] = process.argv.slice(2);
const say = (value: unknown) => writevSync(1, [Buffer.from(JSON.stringify(value)), Buffer.from('\n')]);
await readyForTrace(folder);
const { stopReason } = await playClerk(folder, (event) => {
  if ('seq' in event) say({ seq: event.seq, type: event.type });
});
say({ stopReason });
