import { readdirSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { keepVersion } from '../../src/workspace/keep-version.ts';
import { openFile } from '../../src/workspace/open-file.ts';
import { openFolder } from '../../src/workspace/open-folder.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { writeAll, writeWhole } from '../../src/workspace/write-whole.ts';
import { tempFolder } from './temp-folder.ts';

async function emptyWorkspace() {
  const workspace = await openWorkspace(await tempFolder());
  const read = (path: string) => readFile(join(workspace.root, path), 'utf8');
  const files = async () => (await readdir(workspace.root, { recursive: true })).sort();
  return { workspace, read, files };
}

describe('write', () => {
  test('makes the folders, counts bytes and leaves nothing beside the file', async () => {
    const { workspace, read, files } = await emptyWorkspace();
    expect(await workspace.write('./out//2026/ä.txt', 'größer')).toEqual({
      path: 'out/2026/ä.txt',
      bytes: 8,
    });
    expect(await read('out/2026/ä.txt')).toBe('größer');
    expect(await files()).toEqual(['out', 'out/2026', 'out/2026/ä.txt']);
  });

  test('writes bytes as they are', async () => {
    const { workspace } = await emptyWorkspace();
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, at) => at % 251);
    await workspace.write('big.bin', bytes);
    expect(Buffer.compare(await workspace.readBytes('big.bin'), bytes)).toBe(0);
  });

  test('keeps every former version, numbered in order', async () => {
    const { workspace, read, files } = await emptyWorkspace();
    await workspace.write('out/report.md', 'one');
    expect(await workspace.write('out/report.md', 'two')).toEqual({
      path: 'out/report.md',
      bytes: 3,
      previous: 'out/old-versions/report.1.md',
    });
    expect((await workspace.write('out/report.md', 'three')).previous).toBe('out/old-versions/report.2.md');
    expect(await files()).toEqual([
      'out',
      'out/old-versions',
      'out/old-versions/report.1.md',
      'out/old-versions/report.2.md',
      'out/report.md',
    ]);
    expect(await read('out/old-versions/report.1.md')).toBe('one');
    expect(await read('out/old-versions/report.2.md')).toBe('two');
    expect(await read('out/report.md')).toBe('three');
  });

  test('gives a version a number above all others, even when some were removed', async () => {
    const { workspace, read } = await emptyWorkspace();
    await mkdir(join(workspace.root, 'old-versions'));
    await writeFile(join(workspace.root, 'old-versions/a.9.txt'), 'ninth');
    await writeFile(join(workspace.root, 'old-versions/a.12.md'), 'of another file');
    await workspace.write('a.txt', 'one');
    expect((await workspace.write('a.txt', 'two')).previous).toBe('old-versions/a.10.txt');
    expect(await read('old-versions/a.9.txt')).toBe('ninth');
  });

  test.each([
    ['report', 'report.1'],
    ['.env', '.env.1'],
    ['a.tar.gz', 'a.tar.1.gz'],
    ['a.7', 'a.1.7'],
    [`${'n'.repeat(251)}.txt`, `${'n'.repeat(249)}.1.txt`],
    [`${'ä'.repeat(127)}x`, `${'ä'.repeat(126)}.1`],
  ])('names the version of %s', async (name, version) => {
    const { workspace } = await emptyWorkspace();
    await workspace.write(name, 'one');
    expect((await workspace.write(name, 'two')).previous).toBe(`old-versions/${version}`);
    expect((await workspace.write(name, 'three')).previous).toBe(`old-versions/${version.replace('1', '2')}`);
  });

  test('keeps no version of a file that stays the same', async () => {
    const { workspace, files } = await emptyWorkspace();
    await workspace.write('a.txt', 'same');
    expect(await workspace.write('a.txt', 'same')).toEqual({ path: 'a.txt', bytes: 4 });
    expect(await files()).toEqual(['a.txt']);
  });

  test('gives no two versions the same name, even at once', async () => {
    const { workspace, files } = await emptyWorkspace();
    await workspace.write('a.txt', 'one');
    await using folder = await openFolder({ path: workspace.root, walk: workspace.walk }, []);
    await using file = await openFile(folder, 'a.txt');
    const kept = await Promise.all([1, 2, 3, 4].map(async () => file && keepVersion(folder, file)));
    expect(kept.sort()).toEqual([1, 2, 3, 4].map((number) => `old-versions/a.${number}.txt`));
    expect(await files()).toEqual(['a.txt', 'old-versions', ...kept]);
  });

  test('changes no former version', async () => {
    const { workspace, read, files } = await emptyWorkspace();
    await workspace.write('a.txt', 'one');
    await workspace.write('a.txt', 'two');
    for (const path of ['old-versions/a.1.txt', 'old-versions/new.txt', 'Old-Versions/deep/a.txt']) {
      await expect(workspace.write(path, 'changed')).rejects.toThrow(
        'lies in old-versions, where former versions stay',
      );
    }
    expect(await read('old-versions/a.1.txt')).toBe('one');
    expect(await files()).toEqual(['a.txt', 'old-versions', 'old-versions/a.1.txt']);
  });

  test('loses no content when the same file is written many times at once', async () => {
    const { workspace, read } = await emptyWorkspace();
    const contents = Array.from({ length: 12 }, (_, at) => `content ${at}`);
    const written = await Promise.all(contents.map((content) => workspace.write('a.txt', content)));
    const kept = await Promise.all(written.flatMap(({ previous }) => (previous ? [read(previous)] : [])));
    expect([...kept, await read('a.txt')]).toEqual(contents);
  });

  test('goes on after a write that failed', async () => {
    const { workspace } = await emptyWorkspace();
    const failed = workspace.write('../x', 'text');
    const next = workspace.write('a.txt', 'text');
    await expect(failed).rejects.toThrow('leads outside');
    await expect(next).resolves.toEqual({ path: 'a.txt', bytes: 4 });
  });

  test('does not change a write-protected file', async () => {
    const { workspace, read, files } = await emptyWorkspace();
    await workspace.write('a.txt', 'one');
    await chmod(join(workspace.root, 'a.txt'), 0o444);
    await expect(workspace.write('a.txt', 'two')).rejects.toThrow('"a.txt" is write-protected.');
    expect(await read('a.txt')).toBe('one');
    expect(await files()).toEqual(['a.txt']);
  });

  test.each([[0o640], [0o666], [0o700]])(
    'keeps the permissions %o of a file and gives them to its version',
    async (mode) => {
      const { workspace } = await emptyWorkspace();
      await workspace.write('a.txt', 'one');
      await chmod(join(workspace.root, 'a.txt'), mode);
      await workspace.write('a.txt', 'two');
      for (const path of ['a.txt', 'old-versions/a.1.txt']) {
        expect((await stat(join(workspace.root, path))).mode & 0o777).toBe(mode);
      }
    },
  );
});

describe('a file that another program changes while it is written', () => {
  test('is not replaced when it is new', async () => {
    const { workspace, read, files } = await emptyWorkspace();
    const write = workspace.write('a.txt', 'new content');
    await writeMeanwhile(workspace.root);
    await expect(write).rejects.toThrow('was changed by another program');
    expect(await read('a.txt')).toBe('of another program');
    expect(await files()).toEqual(['a.txt']);
  });

  test('is not replaced when it changed', async () => {
    const { workspace, read } = await emptyWorkspace();
    await workspace.write('a.txt', 'one');
    const write = workspace.write('a.txt', 'new content');
    await writeMeanwhile(workspace.root);
    await expect(write).rejects.toThrow('was changed by another program');
    expect(await read('a.txt')).toBe('of another program');
  });

  /** Writes `a.txt` as soon as the new content begins to lie beside it. Looks and writes without giving way, so
   * that the write under test stands still meanwhile. */
  async function writeMeanwhile(root: string): Promise<void> {
    while (!readdirSync(root).some((name) => name.endsWith('.tmp'))) await setImmediate();
    writeFileSync(join(root, 'a.txt'), 'of another program');
  }
});

describe('writeWhole', () => {
  test('leaves what was there, and nothing beside it, when the content fails', async () => {
    const { workspace, read, files } = await emptyWorkspace();
    await workspace.write('a.txt', 'one');
    await using folder = await openFolder({ path: workspace.root, walk: workspace.walk }, []);
    const write = writeWhole(folder, 'a.txt', {
      fill: async (handle) => {
        await writeAll(handle, Buffer.from('half'));
        throw new Error('out of ink');
      },
    });
    await expect(write).rejects.toThrow('out of ink');
    expect(await read('a.txt')).toBe('one');
    expect(await files()).toEqual(['a.txt']);
  });
});

describe('writeAll', () => {
  test('goes on after a call that wrote less, and stops when nothing is written', async () => {
    const written: number[] = [];
    const sizes = [3, 1, 2, 0];
    const handle = {
      write: async (bytes: Uint8Array, offset: number) => {
        const bytesWritten = sizes.shift() ?? 0;
        written.push(...bytes.subarray(offset, offset + bytesWritten));
        return { bytesWritten, buffer: bytes };
      },
    };
    await writeAll(handle as never, Buffer.from([1, 2, 3, 4, 5, 6]));
    expect(written).toEqual([1, 2, 3, 4, 5, 6]);
    await expect(writeAll(handle as never, Buffer.from([1]))).rejects.toThrow('the disk took nothing');
  });
});
