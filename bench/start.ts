/**
 * What it costs to start Sotto, against a Node that does nothing: `npx node bench/start.ts [rounds]`. The kinds take
 * turns, so that whatever else the machine does falls on all of them.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { median } from './median.ts';

const ROUNDS = Number(process.argv[2] ?? 20);
const checkout = resolve(import.meta.dirname, '..');
const launcher = resolve(checkout, 'bin/sotto.js');
const main = resolve(checkout, 'src/cli/main.ts');

/** A project of its own, which keeps the journals of the runs. */
const project = mkdtempSync(join(tmpdir(), 'sotto-start-'));
mkdirSync(join(project, 'workspace'));

/** The first is what the others are held against. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  'sotto --version': [launcher, '--version'],
  'sotto agents': [launcher, 'agents'],
  'sotto agents, without the launcher': ['--conditions=sotto-source', main, 'agents'],
  'sotto run, one step, model loaded': [launcher, 'run', 'clerk', 'What can you do?'],
};

const kinds = Object.entries(KINDS);
const times = new Map<string, number[]>(kinds.map(([name]) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, args] of kinds) times.get(name)?.push(startMs(args));
}
const base = median(times.get('node -e 0') ?? []);
console.table(
  Object.fromEntries(
    kinds.map(([name]) => {
      const ms = median(times.get(name) ?? []);
      return [name, { ms: Number(ms.toFixed(1)), 'times node': Number((ms / base).toFixed(2)) }];
    }),
  ),
);

rmSync(project, { recursive: true });

function startMs(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}
