import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { readWhole, removeParts, writeWhole } from '../../src/memory/durable-file.ts';
import { asideFiles, putAside } from '../../src/memory/put-aside.ts';
import { requireProgram, tempFolder } from '../workspace/temp-folder.ts';

let mostBytes = Number.POSITIVE_INFINITY;

/** A disk that takes a few bytes at a time. */
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const writeSync = (
    fd: number,
    bytes: Uint8Array,
    offset = 0,
    length = bytes.length - offset,
    at?: number,
  ) => real.writeSync(fd, bytes, offset, Math.min(length, mostBytes), at);
  return { ...real, writeSync, default: real };
});

describe('a file that is written whole', () => {
  test('is all there where the disk takes a few bytes at a time', async () => {
    const path = join(await tempFolder(), 'new', 'a.json');
    mostBytes = 7;
    try {
      writeWhole(path, Buffer.from('x'.repeat(100)));
    } finally {
      mostBytes = Number.POSITIVE_INFINITY;
    }
    expect(readFileSync(path, 'utf8')).toBe('x'.repeat(100));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(path, '..'))).toEqual(['a.json']);
  });

  test('can be empty, and can take the place of another', async () => {
    const path = join(await tempFolder(), 'a.json');
    for (const content of ['first', '', 'third']) {
      writeWhole(path, Buffer.from(content));
      expect(Buffer.from(readWhole(path) ?? [0]).toString()).toBe(content);
    }
  });

  test('does not write through a link, which it replaces', async () => {
    const folder = await tempFolder();
    writeFileSync(join(folder, 'other'), 'other');
    symlinkSync('other', join(folder, 'a.json'));
    writeWhole(join(folder, 'a.json'), Buffer.from('mine'));
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('other');
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe('mine');
  });

  test('says why it cannot be written, and leaves nothing', async () => {
    const folder = await tempFolder();
    mkdirSync(join(folder, 'a.json'));
    writeFileSync(join(folder, 'file'), '');
    const write = (name: string) => () => writeWhole(join(folder, name), Buffer.from('x'));
    expect(write('a.json')).toThrow(StoreError);
    expect(write('a.json')).toThrow(
      /a\.json cannot be written: it is a folder \(EISDIR\)\. Nothing was overwritten\.$/,
    );
    expect(write('file/b.json')).toThrow(/a file has the name of its folder \(EEXIST\)/);
    expect(readdirSync(folder)).toEqual(['a.json', 'file']);
  });
});

describe('a file that is read whole', () => {
  test('is nothing where there is none, and has to be a file', async (context) => {
    const folder = await tempFolder();
    expect(readWhole(join(folder, 'a.json'))).toBeUndefined();
    expect(() => readWhole(folder)).toThrow(/cannot be read: it is a folder \(EISDIR\)\.$/);
    // Without the flag against waiting this would never end.
    const pipe = join(folder, 'pipe');
    requireProgram(context, 'mkfifo', [pipe]);
    expect(() => readWhole(pipe)).toThrow(/cannot be read: it is no file \(ENOTSUP\)\.$/);
  });
});

describe('what was left', () => {
  test('by writers of one file is removed, and that of others is not', async () => {
    const folder = await tempFolder();
    for (const name of ['a.json.01.part', 'a.json', 'b.json.01.part', 'a.json.part.old'])
      writeFileSync(join(folder, name), '');
    removeParts(join(folder, 'a.json'));
    expect(readdirSync(folder)).toEqual(['a.json', 'a.json.part.old', 'b.json.01.part']);
    removeParts(join(folder, 'no such folder', 'a.json'));
  });

  test('aside never takes the name of another, and can be listed', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'a.b.json');
    vi.useFakeTimers({ now: new Date('2026-11-21T10:02:04Z'), toFake: ['Date'] });
    try {
      for (const content of ['first', 'second', 'third']) {
        writeFileSync(path, content);
        putAside(path, 'damaged');
      }
    } finally {
      vi.useRealTimers();
    }
    const names = ['', '-2', '-3'].map((end) => `a.b.damaged-2026-11-21T10-02-04-000Z${end}.json`);
    expect(names.map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual([
      'first',
      'second',
      'third',
    ]);
    for (const name of ['a.b.json', 'a.b.previous.json', 'a.damaged-2026-11-21T10-02-04-000Z.json']) {
      writeFileSync(join(folder, name), '');
    }
    expect([...asideFiles(path)].sort()).toEqual(names.map((name) => join(folder, name)).sort());
  });
});
