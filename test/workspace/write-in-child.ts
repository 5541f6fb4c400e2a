/** A program that tests start on a broken disk: `write-in-child.ts FOLDER sweep|once`. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';

const [folder = '', what] = process.argv.slice(2);
const workspace = await openWorkspace(folder);
const write = (content: string) =>
  workspace.write('a.txt', content).then(
    () => 'written',
    (error: Error) => error.message,
  );

if (what === 'once') process.stdout.write(await write('new'));
if (what === 'sweep') process.stdout.write(JSON.stringify(await sweep()));

/** Overwrites 60 kB with more and more, until the new file alone does not fit. */
async function sweep() {
  const outcomes = [];
  const before = 'o'.repeat(60_000);
  for (let bytes = 10_000; bytes <= 260_000; bytes += 10_007) {
    await rm(join(folder, 'old-versions'), { recursive: true, force: true });
    await writeFile(join(folder, 'a.txt'), before);
    const outcome = await write('n'.repeat(bytes));
    const content = await readFile(join(folder, 'a.txt'), 'utf8');
    const intact = content === (outcome === 'written' ? 'n'.repeat(bytes) : before);
    outcomes.push({ bytes, outcome, intact, files: (await readdir(folder, { recursive: true })).sort() });
  }
  return outcomes;
}
