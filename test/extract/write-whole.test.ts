import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { writeWhole } from '../../src/extract/table/write-whole.ts';
import { tempFolder } from './sample-extraction.ts';

async function* parts(count: number, end?: Error): AsyncGenerator<string> {
  for (let at = 0; at < count; at += 1) yield 'x'.repeat(1_000_000);
  if (end) throw end;
}

describe('a file that is written whole', () => {
  test('takes the place of the old one and leaves nothing beside it', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'table.csv');
    await writeFile(path, 'old');
    await chmod(path, 0o600);
    await writeWhole(path, parts(9));
    expect((await stat(path)).size).toBe(9_000_000);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['table.csv']);
  });

  test('is not there when its content ends with an error, and the old one is as it was', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'table.csv');
    await writeFile(path, 'old');
    const end = new Error('enough');
    await expect(writeWhole(path, parts(6, end))).rejects.toBe(end);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['table.csv']);
  });

  // A limit of the shell for the size of a file stands for a disk that is full.
  test.skipIf(process.platform === 'win32')('leaves the old one where the disk has no room', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'table.csv');
    await writeFile(path, 'old');
    const script = join(folder, 'write.mts');
    const source = resolve(import.meta.dirname, '../../src/extract/table/write-whole.ts');
    await writeFile(
      script,
      `import { writeWhole } from ${JSON.stringify(source)};
       process.on('SIGXFSZ', () => {});
       await writeWhole(${JSON.stringify(path)}, 'x'.repeat(5_000_000)).catch((error) => console.log(error.name, error.message));`,
    );
    const { stdout } = spawnSync(
      'bash',
      ['-c', `ulimit -f 64; exec "$0" --no-warnings "$1"`, process.execPath, script],
      { encoding: 'utf8' },
    );
    expect(stdout).toMatch(/^ConfigError ".*table\.csv" cannot be written: .* it is as it was\./);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['table.csv', 'write.mts']);
  });

  test('takes away what a killed program left, also a link that somebody put there', async () => {
    const folder = await tempFolder();
    const [path, other] = [join(folder, 'table.csv'), join(folder, 'other')];
    await writeFile(other, 'not mine');
    await symlink(other, join(folder, '.table.csv.sotto-part'));
    await writeWhole(path, 'new');
    expect(await readFile(other, 'utf8')).toBe('not mine');
    expect((await readdir(folder)).sort()).toEqual(['other', 'table.csv']);
  });

  test('is the one that a link means', async () => {
    const folder = await tempFolder();
    const [path, real] = [join(folder, 'table.csv'), join(folder, 'real.csv')];
    await writeFile(real, 'old');
    await symlink(real, path);
    await writeWhole(path, 'new');
    expect(await readFile(real, 'utf8')).toBe('new');
  });

  test.each([
    ['missing/table.csv', 'there is no such folder.'],
    ['folder', 'it is a folder.'],
  ])('says in one sentence why %s cannot be written', async (name, why) => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'folder'));
    const writing = writeWhole(join(folder, name), 'new');
    await expect(writing).rejects.toThrow(ConfigError);
    await expect(writing).rejects.toThrow(why);
    expect(await readdir(folder)).toEqual(['folder']);
  });
});
