import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listFiles } from '../../tools/list-files.ts';
import { callTool, workspaceWith } from './call-tool.ts';

describe('list_files', () => {
  test('gives one name a line, folders with a slash, in code-point order, without dotfiles', async () => {
    const workspace = await workspaceWith({ 'b.md': '', 'B.md': '', 'in/a.txt': '', '.env': '', 'ä.md': '' });
    await mkdir(join(workspace.root, '.sotto'));
    expect(await callTool(listFiles, { path: '.' }, workspace)).toBe('B.md\nb.md\nin/\nä.md');
    expect(await callTool(listFiles, { path: 'in' }, workspace)).toBe('a.txt');
  });

  test('says that a folder is empty, also when it holds dotfiles only', async () => {
    const workspace = await workspaceWith({ 'in/.env': '' });
    await mkdir(join(workspace.root, 'none'));
    expect(await callTool(listFiles, { path: 'none' }, workspace)).toBe('The folder is empty.');
    expect(await callTool(listFiles, { path: 'in' }, workspace)).toBe('The folder is empty.');
  });

  test('shows hidden characters of a name', async () => {
    const workspace = await workspaceWith({ 'two\nlines\x1b[2J.txt': '', 'fdp\u202e.exe': '' });
    expect(await callTool(listFiles, { path: '' }, workspace)).toBe(
      'fdp\\u202e.exe\ntwo\\x0alines\\x1b[2J.txt',
    );
  });

  test('gives 500 names at most, and how many more there are', async () => {
    const workspace = await workspaceWith({});
    for (let at = 1000; at < 1500; at += 1) await writeFile(join(workspace.root, `${at}.md`), '');
    const all = String(await callTool(listFiles, { path: '.' }, workspace)).split('\n');
    expect([all.length, all[0], all.at(-1)]).toEqual([500, '1000.md', '1499.md']);
    for (let at = 1500; at < 1503; at += 1) await writeFile(join(workspace.root, `${at}.md`), '');
    const some = String(await callTool(listFiles, { path: '.' }, workspace)).split('\n');
    expect(some.slice(499)).toEqual(['1499.md', '[3 more names are not shown.]']);
  });

  test('shows former versions as a folder, apart from the files', async () => {
    const workspace = await workspaceWith({ 'a.txt': 'one' });
    await workspace.write('a.txt', 'two');
    expect(await callTool(listFiles, { path: '.' }, workspace)).toBe('a.txt\nold-versions/');
    expect(await callTool(listFiles, { path: 'old-versions' }, workspace)).toBe('a.1.txt');
  });
});
