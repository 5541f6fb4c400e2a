import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { requireProgram, tempFolder } from './temp-folder.ts';

const run = promisify(execFile);
const onLinux = process.platform === 'linux';
const PROJECT = join(import.meta.dirname, '../..');
const SCRIPT = `
  const { openWorkspace } = await import('${PROJECT}/src/workspace/open-workspace.ts');
  const workspace = await openWorkspace(process.argv[1]);
  const { previous } = await workspace.write('in/a.txt', 'new');
  const text = new TextDecoder().decode(await workspace.readBytes('in/a.txt'));
  console.log(JSON.stringify({ walk: workspace.walk, text, previous, names: (await workspace.list('in')).length }));
`;

const DESCRIPTORS = '/proc/self/fd';
const READ = `--allow-fs-read=${DESCRIPTORS}`;
const WRITE = `--allow-fs-write=${DESCRIPTORS}`;

test.each([
  [onLinux ? 'descriptors' : 'paths', [READ, WRITE]],
  ['paths', [READ]],
  ['paths', [WRITE]],
  ['paths', []],
])('works by %s under the permission model of Node with %j', async (walk, grants) => {
  const root = await folderWithFile();
  const { stdout } = await run(process.execPath, [...flagsFor(root), ...grants, '-e', SCRIPT, root]);
  expect(JSON.parse(stdout)).toEqual({ walk, text: 'new', previous: 'in/old-versions/a.1.txt', names: 2 });
  expect(await readFile(join(root, 'in/old-versions/a.1.txt'), 'utf8')).toBe('old');
});

test.runIf(onLinux)(
  'writes through to the disk where the permission model forbids fsync',
  async (context) => {
    requireProgram(context, 'strace', ['-qq', '-o', '/dev/null', 'true']);
    const root = await folderWithFile();
    const log = join(await tempFolder(), 'log');
    const strace = ['-f', '-qq', '-e', 'trace=openat,fsync', '-o', log, process.execPath];
    await run('strace', [...strace, ...flagsFor(root), READ, WRITE, '-e', SCRIPT, root]);
    const calls = (await readFile(log, 'utf8')).split('\n');
    const opened = calls.filter((call) => call.includes('.tmp"'));
    expect(opened).toHaveLength(2);
    expect(opened.filter((call) => !/O_SYNC/.test(call))).toEqual([]);
    expect(calls.filter((call) => call.includes('fsync('))).toEqual([]);
  },
);

async function folderWithFile(): Promise<string> {
  const root = await tempFolder();
  await mkdir(join(root, 'in'));
  await writeFile(join(root, 'in/a.txt'), 'old');
  return root;
}

const flagsFor = (root: string): readonly string[] => [
  '--permission',
  `--allow-fs-read=${PROJECT}`,
  `--allow-fs-read=${root}`,
  `--allow-fs-write=${root}`,
  '--input-type=module',
];
