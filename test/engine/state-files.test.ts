import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openStateFiles, type StateFile, StateTooLarge } from '../../src/engine/state-files.ts';
import { deleteStatesNamed, MOST_STATES } from '../../src/engine/state-folder.ts';

const KEY = '0123456789abcdef';
const OTHER = 'fedcba9876543210';
let folder: string;
beforeEach(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'sotto-states-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  folder = join(parent, 'states');
});

const open = (maxBytes = 1000, modelKey = KEY) => openStateFiles({ folder, maxBytes, modelKey });
const bytes = (count: number) => (path: string) => writeFile(path, Buffer.alloc(count, 7));
const names = (files = open()) =>
  files
    .list()
    .map(({ name }) => name)
    .sort();
const only = (files = open()) => files.list()[0] as StateFile;
const age = (file: string, seconds: number) => {
  const then = new Date(Date.now() - seconds * 1000);
  return utimes(join(folder, file), then, then);
};

describe('a state', () => {
  test('is listed with what it holds, and only its user may read it', async () => {
    expect(open().list()).toEqual([]);
    expect(await open().put('thread-a', [5, 6, 7], bytes(10))).toBe(10);
    expect(only()).toMatchObject({ name: 'thread-a', tokens: 3, bytes: 10 });
    expect(await open().isWhole(only())).toBe(true);
    if (process.platform === 'win32') return;
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const file of await readdir(folder))
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });

  test('takes the place of the one that had its name', async () => {
    await open().put('thread-a', [5], bytes(10));
    await open().put('thread-a', [5, 6], bytes(20));
    expect(open().list()).toMatchObject([{ tokens: 2, bytes: 20 }]);
    expect(await readdir(folder)).toHaveLength(2);
  });

  test('that cannot be written leaves the one before it, and nothing beside it', async () => {
    await open().put('thread-a', [5], bytes(10));
    const full = async (path: string) => {
      await bytes(5)(path);
      throw Object.assign(new Error('disk full'), { code: 'ENOSPC' });
    };
    await expect(open().put('thread-a', [5, 6], full)).rejects.toThrow('disk full');
    expect(open().list()).toMatchObject([{ tokens: 1, bytes: 10 }]);
    expect(await readdir(folder)).toHaveLength(2);
  });

  test('that is larger than all may be is not kept, and pushes nothing out', async () => {
    await open().put('thread-a', [5], bytes(10));
    await expect(open().put('thread-b', [6], bytes(1001))).rejects.toThrow(StateTooLarge);
    expect(names()).toEqual(['thread-a']);
    expect(await readdir(folder)).toHaveLength(2);
  });

  test('is not whole once a byte of it is another one, or is missing, or all are', async () => {
    const files = open(10_000_000);
    await files.put('thread-a', [5], bytes(9_000_000));
    const file = only(files);
    await writeFile(file.path, Buffer.alloc(9_000_000, 7).fill(8, 8_999_999));
    expect(await files.isWhole(file)).toBe(false);
    await bytes(9_000_000)(file.path);
    expect(await files.isWhole(file)).toBe(true);
    await truncate(file.path, 8_999_999);
    expect(await files.isWhole(file)).toBe(false);
    await rm(file.path);
    expect(await files.isWhole(file)).toBe(false);
  });

  test('of another model is not listed, not even under a name of this one', async () => {
    await open(1000, OTHER).put('thread-a', [5], bytes(10));
    expect(names()).toEqual([]);
    expect(open().has('thread-a')).toBe(true);
    for (const kind of ['state', 'json']) {
      await rename(join(folder, `thread-a.${OTHER}.${kind}`), join(folder, `thread-a.${KEY}.${kind}`));
    }
    expect(names()).toEqual([]);
  });

  test.each(['', 'null', '[]', '"x"', '{"tokens":1}', '{"tokens":"1","bytes":1}', '\0'])(
    'whose description is %j is not there',
    async (text) => {
      await open().put('thread-a', [5], bytes(10));
      await writeFile(join(folder, `thread-a.${KEY}.json`), text);
      expect(names()).toEqual([]);
    },
  );
});

describe('too many states', () => {
  const putAll = async (...all: readonly string[]) => {
    for (const [index, name] of all.entries()) {
      await open().put(name, [index], bytes(400));
      await age(`${name}.${KEY}.json`, 100 - index);
    }
  };

  test('drop the one that was used longest ago, of whatever model', async () => {
    await putAll('thread-a', 'thread-b');
    await open(1000, OTHER).put('thread-c', [5], bytes(400));
    expect(names()).toEqual(['thread-b']);
    expect(names(open(1000, OTHER))).toEqual(['thread-c']);
  });

  test('keep one that was used since', async () => {
    await putAll('thread-a', 'thread-b');
    open().touch(
      open()
        .list()
        .find(({ name }) => name === 'thread-a') as StateFile,
    );
    await open().put('thread-c', [5], bytes(400));
    expect(names()).toEqual(['thread-a', 'thread-c']);
  });

  test('do not count the one whose place is taken', async () => {
    await putAll('thread-a', 'thread-b');
    await open().put('thread-a', [5, 6], bytes(500));
    expect(names()).toEqual(['thread-a', 'thread-b']);
  });

  test('are no more than a hundred, however small', async () => {
    for (let index = 0; index < MOST_STATES; index += 1) {
      await open().put(`thread-${index}`, [index], bytes(1));
      await age(`thread-${index}.${KEY}.json`, 200 - index);
    }
    await open().put('thread-last', [5], bytes(1));
    expect(open().list()).toHaveLength(MOST_STATES);
    expect(names()).not.toContain('thread-0');
    expect(names()).toContain('thread-1');
  });
});

describe('what a process left that died', () => {
  const PART = '00000000-0000-4000-8000-000000000000.part';

  test('is taken away after an hour, and what is not ours never', async () => {
    await mkdir(folder);
    for (const file of [PART, `thread-old.${KEY}.state`, `thread-new.${KEY}.state`, 'notes.txt', 'a.part']) {
      await writeFile(join(folder, file), 'x');
      if (!file.includes('new')) await age(file, 3700);
    }
    await open().put('thread-a', [5], bytes(10));
    expect((await readdir(folder)).sort()).toEqual(
      [
        `thread-a.${KEY}.json`,
        `thread-a.${KEY}.state`,
        `thread-new.${KEY}.state`,
        'a.part',
        'notes.txt',
      ].sort(),
    );
  });
});

describe('deleteStatesNamed', () => {
  test('deletes those of every model, and no longer names that begin alike', async () => {
    await open().put('thread-a', [5], bytes(10));
    await open(1000, OTHER).put('thread-a', [5], bytes(10));
    await open().put(`thread-a.${KEY}`, [5], bytes(10));
    await writeFile(join(folder, `thread-a.${'1'.repeat(16)}.state`), 'an orphan');
    deleteStatesNamed(folder, 'thread-a');
    expect((await readdir(folder)).sort()).toEqual([
      `thread-a.${KEY}.${KEY}.json`,
      `thread-a.${KEY}.${KEY}.state`,
    ]);
  });

  test('does nothing where there is no folder', () => {
    deleteStatesNamed(folder, 'thread-a');
    expect(open().list()).toEqual([]);
  });
});

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'a folder that may not be written is said',
  async () => {
    await mkdir(folder);
    await chmod(folder, 0o500);
    await expect(open().put('thread-a', [5], bytes(10))).rejects.toThrow(/EACCES/);
  },
);
