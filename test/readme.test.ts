import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTempProject } from './helpers/temp-project.ts';

const run = promisify(execFile);

/** A user's project beside the README: its own folder, with sotto and zod installed. */
async function createUserProject(): Promise<string> {
  const { folder } = await createTempProject();
  await mkdir(join(folder, 'node_modules'));
  await symlink(resolve('.'), join(folder, 'node_modules/sotto'));
  await symlink(resolve('node_modules/zod'), join(folder, 'node_modules/zod'));
  await cp(resolve('workspace/letters'), join(folder, 'workspace/letters'), { recursive: true });
  return folder;
}

async function codeBlocks(): Promise<readonly string[]> {
  const readme = await readFile('README.md', 'utf8');
  return [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
}

test.each([
  ['the ten lines', 0],
  ['the longer program', 1],
])('%s of the README run and print what they say', async (_, index) => {
  const folder = await createUserProject();
  const code = (await codeBlocks()).filter((block) => block.includes('runAgent('))[index] ?? '';
  const says = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, line]) => line);
  await writeFile(join(folder, 'ask.ts'), code);
  const { stdout } = await run(process.execPath, ['--conditions=sotto-source', 'ask.ts'], { cwd: folder });
  expect(says.length).toBeGreaterThan(0);
  expect(stdout.trim().split('\n')).toEqual(says);
});

test('the tool and the config of the README make an agent that sotto lists, with its tool', async () => {
  const folder = await createUserProject();
  for (const code of await codeBlocks()) {
    const [, path] = /^\/\/ (\S+\.ts)\n/.exec(code) ?? [];
    if (!path) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), code);
  }
  const { stdout } = await run(process.execPath, [resolve('bin/sotto.js'), 'tools', 'counter'], {
    cwd: folder,
  });
  expect(stdout).toMatch(/count_words +read +Count the words of a text file\./);
});

test('every command of the help is in the README, and the other way round', async () => {
  const commands = (text: string) =>
    new Set(
      [...text.matchAll(/\bsotto (run|agents|tools|threads|runs|doctor|[a-z]+) ?/g)].map(([, name]) => name),
    );
  const [readme = '', help = ''] = await Promise.all(
    ['README.md', 'bin/help.txt'].map((path) => readFile(path, 'utf8')),
  );
  const listed = readme.slice(readme.indexOf('## Commands'), readme.indexOf('## Speed'));
  expect(commands(listed)).toEqual(commands(help.slice(0, help.indexOf('sotto --help'))));
});
