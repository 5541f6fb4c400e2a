/** A program that tests kill: `extract-in-child.ts FOLDER move|stay`. A line for every event. */
import { writeSync } from 'node:fs';
import { runJobOf, scriptedEngine } from './scripted-extract.ts';

const [folder = '', how] = process.argv.slice(2);
await runJobOf({
  folder,
  engine: scriptedEngine(folder, 3),
  move: how === 'move',
  onEvent: ({ type }) => void writeSync(1, `${type}\n`),
});
