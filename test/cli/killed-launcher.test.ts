/** Where Node is older the launcher is a process of its own, and it alone is what `kill -9` meets. */
import { spawn, spawnSync } from 'node:child_process';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTempProject } from '../helpers/temp-project.ts';

const LAUNCHER = resolve('bin/sotto.js');
const TASK = 'Find the total of every file in invoices and save it to out/totals.json.';
/** Says that this Node is an old one; what the launcher starts is not told. */
const OLD_NODE = `data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } }); delete process.execve;",
)}`;

test('the same command goes on with a run whose launcher was killed', async () => {
  const { folder, home } = await createTempProject();
  await cp('workspace/invoices', join(folder, 'workspace/invoices'), { recursive: true });
  const launcher = spawn(process.execPath, ['--import', OLD_NODE, LAUNCHER, 'run', 'clerk', TASK], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let shown = '';
  let isKilled = false;
  launcher.stderr.on('data', (chunk) => {
    shown += chunk;
    if (!isKilled && shown.includes('step 3')) isKilled = launcher.kill('SIGKILL');
  });
  // The program has the same stderr, and closes it when it ends.
  await new Promise((done) => launcher.once('close', done));
  await setTimeout(100);
  const [name = ''] = await readdir(join(home, 'runs'));
  const journal = await readFile(join(home, 'runs', name), 'utf8');
  expect(journal).toContain('"step-start"');
  expect(journal).not.toContain('"run-end"');
  const again = spawnSync(process.execPath, [LAUNCHER, 'run', 'clerk', TASK], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(again.stderr).toContain(`Run ${name.replace('.jsonl', '')} stopped at step 3`);
  expect(await readdir(join(home, 'runs'))).toEqual([name]);
});
