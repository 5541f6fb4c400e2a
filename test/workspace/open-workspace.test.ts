import { execFileSync } from 'node:child_process';
import { link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError, WorkspacePathError } from '../../src/errors.ts';
import { openWorkspace, type Walk } from '../../src/workspace/open-workspace.ts';
import { tempFolder } from './temp-folder.ts';

const SECRET = 'secret of the outside';

/** A workspace with a file, beside a folder outside it with a secret and a folder whose name begins alike. */
async function workspaceBesideSecret(walk: Walk) {
  const base = await tempFolder();
  const [root, outside, sibling] = [join(base, 'ws'), join(base, 'outside'), join(base, 'ws-old')];
  for (const folder of [root, outside, sibling, join(root, 'in'), join(root, '.sotto')]) await mkdir(folder);
  for (const folder of [outside, sibling, join(root, '.sotto')])
    await writeFile(join(folder, 'secret.txt'), SECRET);
  await writeFile(join(root, 'in/a.txt'), 'inside');
  return { workspace: await openWorkspace(root, { walk }), base, root, outside };
}

const WALKS: readonly Walk[] = process.platform === 'linux' ? ['descriptors', 'paths'] : ['paths'];

describe('openWorkspace', () => {
  test('refuses a folder that is missing, and a file', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(openWorkspace(join(folder, 'none'))).rejects.toThrow(ConfigError);
    await expect(openWorkspace(join(folder, 'none'))).rejects.toThrow(
      /^The workspace .* cannot be opened: make the folder/,
    );
    await expect(openWorkspace(join(folder, 'file'))).rejects.toThrow(/^The workspace .* is not a folder/);
  });

  test('has the real path as its root when it is opened through a link', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'alias'));
    const workspace = await openWorkspace(join(folder, 'alias'));
    expect(workspace.root).toBe(join(folder, 'real'));
    await workspace.write('a.txt', 'text');
    expect(await readFile(join(folder, 'real/a.txt'), 'utf8')).toBe('text');
  });

  test.runIf(process.platform === 'linux')('walks by descriptors on Linux', async () => {
    expect((await openWorkspace(await tempFolder())).walk).toBe('descriptors');
  });

  test('throws an error with the path as it was asked for', async () => {
    const workspace = await openWorkspace(await tempFolder());
    expect(() => workspace.resolve('../x')).toThrow(WorkspacePathError);
    expect(() => workspace.resolve('../x')).toThrow('"../x" leads outside the workspace.');
    await expect(workspace.list('../x')).rejects.toMatchObject({ path: '../x', code: 'WORKSPACE_PATH' });
  });
});

describe.each(WALKS)('by %s', (walk) => {
  test('reads, lists and writes what is inside', async () => {
    const { workspace, root } = await workspaceBesideSecret(walk);
    expect(String(Buffer.from(await workspace.readBytes('in/a.txt')))).toBe('inside');
    expect(await workspace.list('.')).toEqual([{ name: 'in', kind: 'folder', bytes: 0 }]);
    expect(await workspace.list('in')).toEqual([{ name: 'a.txt', kind: 'file', bytes: 6 }]);
    expect(await workspace.write('out/new/b.txt', 'new')).toEqual({ path: 'out/new/b.txt', bytes: 3 });
    expect(await readFile(join(root, 'out/new/b.txt'), 'utf8')).toBe('new');
  });

  test.each([
    ['../outside/secret.txt'],
    ['../ws-old/secret.txt'],
    ['in/../../outside/secret.txt'],
    ['..\\outside\\secret.txt'],
    ['BASE/outside/secret.txt'],
    ['BASE/ws/in/a.txt'],
    ['%2e%2e/outside/secret.txt'],
    ['..%2foutside%2fsecret.txt'],
    ['in/a.txt\0.png'],
    ['.sotto/secret.txt'],
    ['in/../.sotto/secret.txt'],
    ['file:///etc/hostname'],
  ])('neither reads nor lists %j', async (asked) => {
    const { workspace, base } = await workspaceBesideSecret(walk);
    const path = asked.replace('BASE', base);
    await expect(workspace.readBytes(path)).rejects.toThrow(WorkspacePathError);
    await expect(workspace.list(path)).rejects.toThrow(WorkspacePathError);
  });

  test.each([
    ['../outside/new.txt'],
    ['../ws-old/new.txt'],
    ['BASE/outside/new.txt'],
    ['..\\outside\\new.txt'],
    ['new\\new.txt'],
    ['new\\folder/new.txt'],
    ['.sotto/new.txt'],
    ['in/.sotto/new.txt'],
    ['new.txt\0'],
    ['in'],
    ['in/'],
    ['new/'],
    ['.'],
    ['in/a.txt/new.txt'],
  ])('does not write %j', async (asked) => {
    const { workspace, base, outside } = await workspaceBesideSecret(walk);
    const before = await readdir(base, { recursive: true });
    await expect(workspace.write(asked.replace('BASE', base), 'new')).rejects.toThrow(WorkspacePathError);
    expect(await readdir(base, { recursive: true })).toEqual(before);
    expect(await readFile(join(outside, 'secret.txt'), 'utf8')).toBe(SECRET);
  });

  test.each([
    ['a link to a file outside', 'BASE/outside/secret.txt', 'link'],
    ['a link to a folder outside', 'BASE/outside', 'link/secret.txt'],
    ['a relative link upwards', '..', 'link/outside/secret.txt'],
    ['a link to a file inside', 'in/a.txt', 'link'],
    ['a link to a folder inside', 'in', 'link/a.txt'],
    ['a dangling link', 'BASE/outside/none', 'link'],
    ['a link to itself', 'link', 'link'],
    ['a link to the folder of Sotto', '.sotto', 'link/secret.txt'],
  ])('follows no link: %s', async (_, target, path) => {
    const { workspace, base, root, outside } = await workspaceBesideSecret(walk);
    await symlink(target.replace('BASE', base), join(root, 'link'));
    const refusal = /is a link or leads through one/;
    await expect(workspace.readBytes(path)).rejects.toThrow(refusal);
    await expect(workspace.write(path, 'overwritten')).rejects.toThrow(refusal);
    await expect(workspace.write('link/deep/new.txt', 'overwritten')).rejects.toThrow(refusal);
    await expect(workspace.list('link')).rejects.toThrow(refusal);
    expect(await workspace.list('.')).toContainEqual({ name: 'link', kind: 'other', bytes: 0 });
    expect(await readdir(outside)).toEqual(['secret.txt']);
    expect(await readFile(join(outside, 'secret.txt'), 'utf8')).toBe(SECRET);
    expect(await readFile(join(root, 'in/a.txt'), 'utf8')).toBe('inside');
  });

  test('refuses a file that has another name outside', async () => {
    const { workspace, root, outside } = await workspaceBesideSecret(walk);
    await link(join(outside, 'secret.txt'), join(root, 'hard.txt'));
    await expect(workspace.readBytes('hard.txt')).rejects.toThrow('several names (hard links)');
    await expect(workspace.write('hard.txt', 'overwritten')).rejects.toThrow('several names (hard links)');
    expect(await readFile(join(outside, 'secret.txt'), 'utf8')).toBe(SECRET);
    expect((await readdir(root)).sort()).toEqual(['.sotto', 'hard.txt', 'in']);
  });

  test('refuses a pipe and a socket, and waits for neither', async () => {
    const { workspace, root } = await workspaceBesideSecret(walk);
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const server = createServer().listen(join(root, 'socket'));
    onTestFinished(() => void server.close());
    for (const name of ['pipe', 'socket']) {
      await expect(workspace.readBytes(name)).rejects.toThrow('is neither a file nor a folder.');
      await expect(workspace.write(name, 'text')).rejects.toThrow('is neither a file nor a folder.');
      expect(await workspace.list('.')).toContainEqual({ name, kind: 'other', bytes: 0 });
    }
  });

  test('says what a path is when it is not what was asked for', async () => {
    const { workspace } = await workspaceBesideSecret(walk);
    await expect(workspace.readBytes('in')).rejects.toThrow('"in" is a folder, not a file.');
    await expect(workspace.readBytes('.')).rejects.toThrow('"." is a folder, not a file.');
    await expect(workspace.list('in/a.txt')).rejects.toThrow(
      '"in/a.txt" cannot be opened: a.txt is not a folder.',
    );
  });

  test('reads a file up to the limit and not one byte beyond', async () => {
    const { workspace } = await workspaceBesideSecret(walk);
    expect(await workspace.readBytes('in/a.txt', { maxBytes: 6 })).toHaveLength(6);
    await expect(workspace.readBytes('in/a.txt', { maxBytes: 5 })).rejects.toThrow(
      'is larger than the 5 bytes that are read at once.',
    );
  });

  test.runIf(process.platform === 'linux')('leaves no file open, whatever happens', async () => {
    const { workspace, root } = await workspaceBesideSecret(walk);
    await symlink('in', join(root, 'link'));
    await link(join(root, '../outside/secret.txt'), join(root, 'hard.txt'));
    const before = (await readdir('/proc/self/fd')).length;
    for (const path of [
      'in/a.txt',
      'in/none.txt',
      'none/a',
      'in',
      'link/a.txt',
      'hard.txt',
      'in/a.txt/b',
      '../x',
    ]) {
      await workspace.readBytes(path).catch(() => {});
      await workspace.list(path).catch(() => {});
      await workspace.write(path, String(Math.random())).catch(() => {});
      await workspace.readBytes(path, { maxBytes: 1 }).catch(() => {});
    }
    expect((await readdir('/proc/self/fd')).length).toBeLessThanOrEqual(before);
  });
});

test.runIf(process.platform === 'linux')(
  'reads no more than the limit of a file that is longer than it says',
  async () => {
    // /proc/self/status has a size of 0 and a text.
    const workspace = await openWorkspace('/proc/self');
    expect((await workspace.readBytes('status')).length).toBeGreaterThan(10);
    await expect(workspace.readBytes('status', { maxBytes: 10 })).rejects.toThrow(
      'is larger than the 10 bytes',
    );
  },
);

test.each(['.sotto', '.sotto/runs'])('is not opened in %s', async (path) => {
  const folder = await tempFolder();
  await mkdir(join(folder, path), { recursive: true });
  await expect(openWorkspace(join(folder, path))).rejects.toThrow(/lies in \.sotto/);
});
