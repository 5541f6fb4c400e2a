import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WorkspacePathError } from '../../src/errors.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { tempFolder } from './temp-folder.ts';

const emptyWorkspace = async () => openWorkspace(await tempFolder());
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const nfc = 'Müller.txt'.normalize('NFC');
const nfd = 'Müller.txt'.normalize('NFD');

describe('a name', () => {
  test.each([
    ['a newline', 'two\nlines.txt'],
    ['a tab and an escape', 'a\tb\x1b[31m.txt'],
    ['a leading minus', '-rf'],
    ['spaces around', ' a.txt '],
    ['a right-to-left override', 'invoice\u202efdp.exe'],
    ['an emoji with joiners', '👩\u200d🔬.txt'],
    ['255 bytes', `${'ä'.repeat(125)}x.txt`],
    ['quotes and shell words', '"; rm -rf $HOME #\'`'],
    ['a percent escape', '%2e%2e%2fa.txt'],
  ])('with %s is written, listed and read to the byte', async (_, name) => {
    const workspace = await emptyWorkspace();
    expect(await workspace.write(name, 'text')).toEqual({ path: name, bytes: 4 });
    expect(await readdir(workspace.root)).toEqual([name]);
    expect(await workspace.list('.')).toEqual([{ name, kind: 'file', bytes: 4 }]);
    expect(text(await workspace.readBytes(name))).toBe('text');
  });

  test('of more than 255 bytes is refused in a sentence', async () => {
    const workspace = await emptyWorkspace();
    const refusal = 'has a name that is too long: a name has at most 255 bytes.';
    await expect(workspace.write('ä'.repeat(128), 'text')).rejects.toThrow(refusal);
    await expect(workspace.write(`${'a'.repeat(256)}/a.txt`, 'text')).rejects.toThrow(refusal);
    await expect(workspace.write(`new/${'a'.repeat(256)}`, 'text')).rejects.toThrow(refusal);
    await expect(workspace.readBytes('ä'.repeat(128))).rejects.toThrow(refusal);
    expect(await readdir(workspace.root)).toEqual([]);
  });

  test.each([
    ['composed', nfc, nfd],
    ['decomposed', nfd, nfc],
  ])('that is %s on the disk is found by its other form', async (_, onDisk, asked) => {
    const workspace = await emptyWorkspace();
    await mkdir(join(workspace.root, onDisk));
    await writeFile(join(workspace.root, onDisk, onDisk), 'one');
    expect(text(await workspace.readBytes(`${asked}/${asked}`))).toBe('one');
    expect(await workspace.list(asked)).toHaveLength(1);
    const written = await workspace.write(`${asked}/${asked}`, 'two');
    expect(written).toMatchObject({
      path: `${onDisk}/${onDisk}`,
      previous: expect.stringContaining('old-versions'),
    });
    expect(await readdir(workspace.root)).toEqual([onDisk]);
  });

  test.runIf(process.platform === 'linux')(
    'in both forms is two files, each opened to the byte',
    async () => {
      const workspace = await emptyWorkspace();
      await writeFile(join(workspace.root, nfc), 'composed');
      await writeFile(join(workspace.root, nfd), 'decomposed');
      expect(text(await workspace.readBytes(nfc))).toBe('composed');
      expect(text(await workspace.readBytes(nfd))).toBe('decomposed');
    },
  );

  test('with hidden characters is found as it is shown', async () => {
    const workspace = await emptyWorkspace();
    await writeFile(join(workspace.root, 'in\u202evoice\n.txt'), 'text');
    expect(text(await workspace.readBytes('in\\u202evoice\\x0a.txt'))).toBe('text');
  });

  test('of another spelling leads neither through a link nor to the folder of Sotto', async () => {
    const workspace = await emptyWorkspace();
    await mkdir(join(workspace.root, 'real'));
    await symlink('real', join(workspace.root, nfd));
    await expect(workspace.list(nfc)).rejects.toThrow('is a link');
    await mkdir(join(workspace.root, '.so\u200btto'));
    await expect(workspace.list('.so\\u200btto')).rejects.toThrow('belongs to Sotto itself');
  });
});

describe('a name that does not exist', () => {
  test('is answered with the names there are, the most similar first', async () => {
    const workspace = await emptyWorkspace();
    for (const name of [
      'invoices/a.txt',
      'invoices/invoice-07.md',
      'invoices/notes/x',
      'invoices/.hidden',
      'zebra.md',
    ]) {
      await workspace.write(name, '');
    }
    await expect(workspace.readBytes('invoices/invoce-07.md')).rejects.toThrow(
      '"invoices/invoce-07.md" does not exist. In invoices/ there are: invoice-07.md, a.txt, notes/.',
    );
    await expect(workspace.readBytes('invoces/a.txt')).rejects.toThrow(
      '"invoces/a.txt" does not exist: there is no folder invoces. In the workspace there are: invoices/, zebra.md.',
    );
    await expect(workspace.list('zebr')).rejects.toThrow(
      /there is no folder zebr\. .*: zebra.md, invoices\/\.$/,
    );
  });

  test('is answered with ten names at most, shown escaped', async () => {
    const workspace = await emptyWorkspace();
    for (let at = 0; at < 12; at += 1) await writeFile(join(workspace.root, `page-${at}\n.md`), '');
    await expect(workspace.readBytes('page-7.md')).rejects.toThrow(
      /In the workspace there are: page-7\\x0a\.md, (\S+, ){8}\S+ and 2 more\.$/,
    );
  });

  test('is answered so even when nothing is there', async () => {
    const workspace = await emptyWorkspace();
    await expect(workspace.readBytes('a.txt')).rejects.toThrow(
      '"a.txt" does not exist. There are no files in the workspace.',
    );
  });
});

const CORPORA = process.env.SOTTO_CORPORA ?? join(import.meta.dirname, '../../../shared/corpora');
const BLNS = join(CORPORA, 'injection/blns/blns.json');

test.skipIf(!existsSync(BLNS))(
  'each of the big list of naughty strings is a name to the byte, or is refused',
  async () => {
    const strings: string[] = JSON.parse(readFileSync(BLNS, 'utf8'));
    const base = await tempFolder();
    let kept = 0;
    for (const [number, name] of strings.entries()) {
      const root = join(base, String(number));
      await mkdir(root);
      const workspace = await openWorkspace(root);
      const parts = name.split('/').filter((part) => part !== '' && part !== '.');
      const isRefused =
        /^\/|[\\\0]|\/$/.test(name) ||
        parts.length === 0 ||
        parts.some((part) => part === '..' || Buffer.byteLength(part) > 255);
      if (isRefused) {
        await expect(workspace.write(name, name), name).rejects.toThrow(WorkspacePathError);
        expect(await readdir(root), name).toEqual([]);
        continue;
      }
      expect((await workspace.write(name, name)).path, name).toBe(parts.join('/'));
      expect(await readFile(join(root, ...parts), 'utf8'), name).toBe(name);
      expect(text(await workspace.readBytes(name)), name).toBe(name);
      expect((await workspace.list(parts.slice(0, -1).join('/'))).map((entry) => entry.name)).toEqual(
        parts.slice(-1),
      );
      kept += 1;
    }
    expect(await readdir(base)).toHaveLength(strings.length);
    expect(kept).toBeGreaterThan(300);
  },
);
