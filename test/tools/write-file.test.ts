import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeFile } from '../../tools/write-file.ts';
import { callTool, workspaceWith } from './call-tool.ts';

describe('write_file', () => {
  test('says how many bytes it wrote, and where', async () => {
    const workspace = await workspaceWith({});
    expect(await callTool(writeFile, { path: 'out/a.txt', content: 'größer\n' }, workspace)).toBe(
      'Wrote 9 bytes to out/a.txt',
    );
    expect(await readFile(join(workspace.root, 'out/a.txt'), 'utf8')).toBe('größer\n');
  });

  test('says where the former version is', async () => {
    const workspace = await workspaceWith({ 'out/a.txt': 'one' });
    expect(await callTool(writeFile, { path: './out/a.txt', content: 'two' }, workspace)).toBe(
      'Wrote 3 bytes to out/a.txt\nThe former version is out/old-versions/a.1.txt',
    );
    expect(await readFile(join(workspace.root, 'out/old-versions/a.1.txt'), 'utf8')).toBe('one');
  });

  test('shows hidden characters of a path', async () => {
    const workspace = await workspaceWith({});
    expect(await callTool(writeFile, { path: 'a\nb', content: '' }, workspace)).toBe(
      'Wrote 0 bytes to a\\x0ab',
    );
  });

  test('leaves a refusal to whoever runs it', async () => {
    const workspace = await workspaceWith({});
    await expect(callTool(writeFile, { path: '../a', content: '' }, workspace)).rejects.toThrow(
      'leads outside the workspace',
    );
    await expect(callTool(writeFile, { path: 'a' }, workspace)).rejects.toThrow('content');
  });
});
