/** A program that tests start on a broken disk: `write-in-child.ts FOLDER sweep|once`. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';

export type Outcome = {
  readonly outcome: string;
  /** What the file held before; `undefined` when it did not exist. */
  readonly before?: number;
  readonly after?: number;
  readonly written: number;
  readonly files: readonly string[];
};

const [folder = '', what] = process.argv.slice(2);
const workspace = await openWorkspace(folder);
const write = (content: string) =>
  workspace.write('a.txt', content).then(
    () => 'written',
    (error: Error) => error.message,
  );

if (what === 'once') process.stdout.write(await write('new'));
if (what === 'sweep') process.stdout.write(JSON.stringify([...(await sweep()), ...(await sweep(60_000))]));

/** Writes more and more, until the new file alone does not fit. */
async function sweep(before?: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let written = 10_000; written <= 260_000; written += 10_007) {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    if (before !== undefined) await writeFile(join(folder, 'a.txt'), 'o'.repeat(before));
    const outcome = await write('n'.repeat(written));
    const after = await readFile(join(folder, 'a.txt')).then(
      (bytes) => bytes.length,
      () => undefined,
    );
    outcomes.push({
      outcome,
      before,
      after,
      written,
      files: (await readdir(folder, { recursive: true })).sort(),
    });
  }
  return outcomes;
}
