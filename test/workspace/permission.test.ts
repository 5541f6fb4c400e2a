import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { tempFolder } from './temp-folder.ts';

const PROJECT = join(import.meta.dirname, '../..');
const SCRIPT = `
  const { openWorkspace } = await import('${PROJECT}/src/workspace/open-workspace.ts');
  const workspace = await openWorkspace(process.argv[1]);
  const { previous } = await workspace.write('in/a.txt', 'new');
  const text = new TextDecoder().decode(await workspace.readBytes('in/a.txt'));
  console.log(JSON.stringify({ walk: workspace.walk, text, previous, names: (await workspace.list('in')).length }));
`;

test.each([
  [process.platform === 'linux' ? 'descriptors' : 'paths', ['/proc/self/fd']],
  ['paths', []],
])('works by %s under the permission model of Node with %j granted', async (walk, granted) => {
  const root = await tempFolder();
  await mkdir(join(root, 'in'));
  await writeFile(join(root, 'in/a.txt'), 'old');
  const grants = [root, ...granted].flatMap((path) => [
    `--allow-fs-read=${path}`,
    `--allow-fs-write=${path}`,
  ]);
  const flags = [
    '--permission',
    `--allow-fs-read=${PROJECT}`,
    ...grants,
    '--input-type=module',
    '-e',
    SCRIPT,
    root,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  expect(JSON.parse(stdout)).toEqual({ walk, text: 'new', previous: 'in/old-versions/a.1.txt', names: 2 });
  expect(await readFile(join(root, 'in/old-versions/a.1.txt'), 'utf8')).toBe('old');
});
