/**
 * The job of the samples with the bundled model, killed at system calls: at 2 in CI, at 20 with
 * `SOTTO_LONG=1 npx vitest run test/faults/model-kill.test.ts`.
 */
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readJournal } from '../../src/memory/journal.ts';
import { requireProgram, tempFolder } from '../workspace/temp-folder.ts';
import { playClerk } from './clerk-task.ts';
import { faultPoints, PROGRAM, playStraced } from './strace.ts';

const POINTS = process.env.SOTTO_LONG === undefined ? 2 : 20;
const TOTALS = { 'energy.txt': '228.83 EUR', 'school.txt': '740.00 EUR', 'water.txt': '145.43 EUR' };
const program = [
  ...PROGRAM.slice(0, -1),
  '--allow-child-process',
  join(import.meta.dirname, 'model-in-child.ts'),
];

test('a run of the bundled model, killed at a system call, ends as one that was not', async (context) => {
  requireProgram(context, 'strace', ['-o', '/dev/null', 'true']);
  const base = await tempFolder();
  const fresh = async (name: string) => {
    const folder = join(base, name);
    await mkdir(join(folder, 'workspace'), { recursive: true });
    await cp('workspace/invoices', join(folder, 'workspace/invoices'), { recursive: true });
    return folder;
  };
  const whole = await fresh('whole');
  const found = await faultPoints({ args: [whole], beside: whole, thread: 'main', program });
  // The messages to the model's process are no files.
  const points = found.filter(({ shown }) => shown.includes(whole));
  expect(points.length).toBeGreaterThan(20);
  let kills = 0;
  for (let at = 0; at < POINTS; at += 1) {
    const point = points[Math.floor(((at + 0.5) * points.length) / POINTS)];
    if (!point) continue;
    const folder = await fresh(String(at));
    const inject = `${point.call}:signal=KILL:when=${point.when}`;
    const { lines } = await playStraced({ args: [folder], beside: folder, thread: 'main', program, inject });
    if (!lines.some((line) => 'stopReason' in line)) kills += 1;
    const acknowledged = lines.filter((line) => 'seq' in line);
    const [name = ''] = acknowledged.length > 0 ? await readdir(join(folder, '.sotto/runs')) : [];
    const entries = name === '' ? [] : await readJournal(join(folder, '.sotto'), name.replace('.jsonl', ''));
    expect(entries.slice(0, acknowledged.length).map(({ seq, type }) => ({ seq, type }))).toEqual(
      acknowledged,
    );
    const { stopReason } = await playClerk(folder, () => {});
    expect([point.shown, stopReason]).toEqual([point.shown, 'done']);
    expect(JSON.parse(await readFile(join(folder, 'workspace/out/totals.json'), 'utf8'))).toEqual(TOTALS);
  }
  expect(kills).toBeGreaterThan(POINTS / 2);
}, 1_200_000);
