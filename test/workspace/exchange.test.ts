import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openFile } from '../../src/workspace/open-file.ts';
import { openChildFolder, openFolder, type Walk } from '../../src/workspace/open-folder.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { readNames } from '../../src/workspace/read-names.ts';
import { writeWhole } from '../../src/workspace/write-whole.ts';
import { tempFolder } from './temp-folder.ts';

const onLinux = process.platform === 'linux';

/** `root/in/a.txt` and `outside/a.txt`. */
async function insideAndOutside() {
  const base = await tempFolder();
  const [root, outside] = [join(base, 'ws'), join(base, 'outside')];
  await mkdir(join(root, 'in'), { recursive: true });
  await mkdir(outside);
  await writeFile(join(root, 'in/a.txt'), 'inside');
  await writeFile(join(outside, 'a.txt'), 'outside');
  return { base, root, outside };
}

/** Opens `in`, and only then puts a link to the outside in its place. */
async function openThenExchange(walk: Walk) {
  const { root, outside } = await insideAndOutside();
  const folder = await openFolder({ path: root, walk }, ['in']);
  onTestFinished(() => folder[Symbol.asyncDispose]());
  await rename(join(root, 'in'), join(root, 'moved'));
  await symlink(outside, join(root, 'in'));
  return { folder, root, outside };
}

describe('a folder exchanged for a link to the outside while it is open', () => {
  test.runIf(onLinux)('is still the folder itself, by descriptors', async () => {
    const { folder, root, outside } = await openThenExchange('descriptors');
    await using file = await openFile(folder, 'a.txt');
    expect(await file?.handle.readFile('utf8')).toBe('inside');
    await writeWhole(folder, 'new.txt', { fill: (handle) => handle.writeFile('new') });
    expect(await readFile(join(root, 'moved/new.txt'), 'utf8')).toBe('new');
    expect(await readdir(outside)).toEqual(['a.txt']);
  });

  test('is noticed when something in it is opened, by paths', async () => {
    const { folder } = await openThenExchange('paths');
    await expect(openFile(folder, 'a.txt')).rejects.toThrow('was exchanged while it was opened');
  });

  test('is noticed when it is listed or a folder in it made, by paths', async () => {
    const { folder, outside } = await openThenExchange('paths');
    await expect(readNames(folder)).rejects.toThrow('was exchanged while it was opened');
    const made = openChildFolder(folder, 'new', { create: true });
    await expect(made).rejects.toThrow('was exchanged while it was opened');
    expect(await readdir(outside)).toEqual(['a.txt']);
  });

  test('is noticed before something in it is written, by paths', async () => {
    const { folder, outside } = await openThenExchange('paths');
    let isFilled = false;
    const write = writeWhole(folder, 'a.txt', {
      fill: async () => {
        isFilled = true;
      },
    });
    await expect(write).rejects.toThrow('was exchanged while it was opened');
    expect(isFilled).toBe(false);
    expect(await readdir(outside)).toEqual(['a.txt']);
    expect(await readFile(join(outside, 'a.txt'), 'utf8')).toBe('outside');
  });

  test('is noticed when another folder of the workspace takes its place, by paths', async () => {
    const { root } = await insideAndOutside();
    await mkdir(join(root, 'other'));
    await using folder = await openFolder({ path: root, walk: 'paths' }, ['in']);
    await folder.confirm();
    await rename(join(root, 'in'), join(root, 'moved'));
    await rename(join(root, 'other'), join(root, 'in'));
    await expect(folder.confirm()).rejects.toThrow('was exchanged while it was opened');
  });

  test('is noticed before the new content takes its name, by paths', async () => {
    const { root, outside } = await insideAndOutside();
    await using folder = await openFolder({ path: root, walk: 'paths' }, ['in']);
    const write = writeWhole(folder, 'a.txt', {
      fill: (handle) => handle.writeFile('new'),
      beforeNaming: async () => {
        await rename(join(root, 'in'), join(root, 'moved'));
        await symlink(outside, join(root, 'in'));
        await writeFile(join(outside, '.bait'), '');
      },
    });
    await expect(write).rejects.toThrow('was exchanged while it was opened');
    expect(await readFile(join(outside, 'a.txt'), 'utf8')).toBe('outside');
  });
});

const EXCHANGES = 10_000;

/** Exchanges a folder, and a file, for a link to the outside and back, as fast as it can. */
const EXCHANGER = `
  const { renameSync, symlinkSync, unlinkSync } = require('node:fs');
  const { workerData: { root, outside, shared } } = require('node:worker_threads');
  const state = new Int32Array(shared);
  let aside = 0;
  // The other side may write a new file or folder while the name is free: that is moved away.
  const place = (name, put) => {
    for (;;) {
      try {
        return put(root + '/' + name);
      } catch {
        renameSync(root + '/' + name, root + '/.aside-' + aside++);
      }
    }
  };
  while (Atomics.load(state, 0) === 0) {
    for (const [name, target] of [['in', outside], ['plain.txt', outside + '/a.txt']]) {
      renameSync(root + '/' + name, root + '/.moved');
      place(name, (path) => symlinkSync(target, path));
      unlinkSync(root + '/' + name);
      place(name, (path) => renameSync(root + '/.moved', path));
    }
    Atomics.add(state, 1, 2);
  }
`;

describe.runIf(onLinux)('a race against a program that exchanges files and folders for links', () => {
  test('reads and writes nothing outside, by descriptors', async () => {
    const { root, outside } = await insideAndOutside();
    await writeFile(join(root, 'plain.txt'), 'inside');
    const workspace = await openWorkspace(root, { walk: 'descriptors' });
    const state = new Int32Array(new SharedArrayBuffer(8));
    const exchanger = new Worker(EXCHANGER, {
      eval: true,
      workerData: { root, outside, shared: state.buffer },
    });
    const ended = new Promise((resolve) => exchanger.once('exit', resolve));
    onTestFinished(() => void Atomics.store(state, 0, 1));

    const texts = new Map<string, number>();
    const note = (text: string) => texts.set(text, (texts.get(text) ?? 0) + 1);
    const read = (path: string) =>
      workspace.readBytes(path).then(
        (bytes) => note(new TextDecoder().decode(bytes)),
        (error) => note(/link|not exist/.exec(error.message)?.[0] ?? error.message),
      );
    for (let round = 0; round < 500 || Atomics.load(state, 1) < EXCHANGES; round += 1) {
      await Promise.all([read('in/a.txt'), read('plain.txt'), read('in/a.txt'), read('plain.txt')]);
      if (round < 500) {
        const name = `new-${round}.txt`;
        await workspace.write(`in/${name}`, 'new').then(
          () => note('written'),
          () => note('not written'),
        );
        await workspace.write('plain.txt', 'inside').catch(() => {});
      }
    }
    Atomics.store(state, 0, 1);
    await ended;

    expect(texts.get('outside')).toBeUndefined();
    expect(await readdir(outside)).toEqual(['a.txt']);
    expect(await readFile(join(outside, 'a.txt'), 'utf8')).toBe('outside');
    // The race was one: both sides of the exchange were met, in reading and in writing.
    for (const met of ['inside', 'link', 'not exist', 'written', 'not written']) {
      expect(texts.get(met), met).toBeGreaterThan(0);
    }
  });
});
