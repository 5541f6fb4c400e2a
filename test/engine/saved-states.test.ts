import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LlamaContextSequence } from 'node-llama-cpp';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createSavedStates, deleteStates, LEAST_GAIN } from '../../src/engine/saved-states.ts';
import type { StateFile } from '../../src/engine/state-files.ts';

const KEY = '0123456789abcdef';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-states-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

const createStates = ({ maxBytes = 1e6, modelKey = KEY, at = folder } = {}) =>
  createSavedStates({ folder: at, maxBytes, modelKey });
const count = (length: number, from = 0) => Array.from({ length }, (_, index) => from + index);

/** A sequence whose state is the list of its tokens, as text. */
function sequenceOf(start: readonly number[] = []) {
  let tokens = start;
  const sequence = {
    get contextTokens() {
      return [...tokens];
    },
    get nextTokenIndex() {
      return tokens.length;
    },
    saveStateToFile: (path: string) => writeFile(path, JSON.stringify(tokens)),
    async loadStateFromFile(path: string) {
      tokens = [];
      tokens = JSON.parse(await readFile(path, 'utf8'));
    },
    async clearHistory() {
      tokens = [];
    },
  };
  return sequence as unknown as LlamaContextSequence;
}

const PROMPT = count(300);
const fileOf = (name: string, kind = 'state') => join(folder, `${name}.${KEY}.${kind}`);

describe('find', () => {
  test('gives the longest state that begins the prompt, whosever it is', async () => {
    const states = createStates();
    await states.saveBeginning(sequenceOf(count(80)));
    await states.save(sequenceOf(count(200)), 'other');
    await states.save(sequenceOf([...count(250), 9999]), 'not-it');
    const { state, problem } = await createStates().find(PROMPT, { beyond: 0, session: 'mine' });
    expect(state).toMatchObject({ name: 'thread-other', tokens: 200 });
    expect(problem).toBeUndefined();
  });

  test('leaves a state alone that holds as much as the prompt, or hardly more than is there', async () => {
    const states = createStates();
    await states.save(sequenceOf(PROMPT), 'whole');
    await states.save(sequenceOf(count(200)), 'mine');
    const tokensBeyond = async (beyond: number) =>
      (await createStates().find(PROMPT, { beyond })).state?.tokens;
    expect(await tokensBeyond(200 - LEAST_GAIN)).toBe(200);
    expect(await tokensBeyond(200 - LEAST_GAIN + 1)).toBeUndefined();
  });

  test.each([
    ['cut off', (path: string) => truncate(path, 50)],
    ['changed', (path: string) => writeFile(path, JSON.stringify(count(200)).replace('7', '8'))],
    ['missing', (path: string) => rm(path)],
  ])('takes the next best where the best file is %s, says so, and deletes it', async (_what, damage) => {
    const states = createStates();
    await states.save(sequenceOf(count(200)), 'mine');
    await states.saveBeginning(sequenceOf(count(80)));
    await damage(fileOf('thread-mine'));
    const { state, problem } = await states.find(PROMPT, { beyond: 0, session: 'mine' });
    expect(state).toMatchObject({ tokens: 80 });
    expect(problem).toMatch(/^A saved state was damaged.*evaluated again\.$/);
    expect((await readdir(folder)).filter((name) => name.startsWith('thread-'))).toEqual([]);
  });

  test('says that the thread has changed since its state was saved, but not what it knows itself', async () => {
    const states = createStates();
    await states.save(sequenceOf(count(200, 5)), 'mine');
    expect(await createStates().find(PROMPT, { beyond: 0, session: 'mine' })).toEqual({
      problem: expect.stringMatching(/does not fit.*, or the context was made shorter\.$/),
    });
    expect(await states.find(PROMPT, { beyond: 0, session: 'mine' })).toEqual({});
    expect(await createStates().find(PROMPT, { beyond: 0, session: 'another' })).toEqual({});
  });

  test('says that the state of the thread is of another model, or incomplete', async () => {
    await createStates({ modelKey: 'f'.repeat(16) }).save(sequenceOf(count(200)), 'mine');
    const expected = { problem: expect.stringMatching(/incomplete, or of another model/) };
    expect(await createStates().find(PROMPT, { beyond: 0, session: 'mine' })).toEqual(expected);
    await createStates().save(sequenceOf(count(200)), 'broken');
    await writeFile(fileOf('thread-broken', 'json'), '{');
    expect(await createStates().find(PROMPT, { beyond: 0, session: 'broken' })).toEqual(expected);
  });

  test('says that the folder cannot be read', async () => {
    const at = join(folder, 'a-file');
    await writeFile(at, '');
    expect(await createStates({ at }).find(PROMPT, { beyond: 0 })).toEqual({
      problem: expect.stringMatching(/could not be read \(ENOTDIR\)/),
    });
  });
});

describe('load', () => {
  const find = async () =>
    (await createStates().find(PROMPT, { beyond: 0, session: 'mine' })).state as StateFile;

  test('brings the tokens back', async () => {
    await createStates().save(sequenceOf(count(200)), 'mine');
    const sequence = sequenceOf();
    expect(await createStates().load(sequence, await find())).toBeUndefined();
    expect(sequence.contextTokens).toEqual(count(200));
  });

  test.each([
    ['cannot be read', '['],
    ['holds other tokens', JSON.stringify(count(200, 1))],
    ['holds fewer tokens', JSON.stringify(count(199))],
  ])('leaves an empty sequence where the file %s after it was checked', async (_what, text) => {
    await createStates().save(sequenceOf(count(200)), 'mine');
    const state = await find();
    await writeFile(state.path, text);
    const sequence = sequenceOf();
    expect(await createStates().load(sequence, state)).toMatch(/could not be loaded.*evaluated again\.$/);
    expect(sequence.nextTokenIndex).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('save', () => {
  test('writes nothing where the state is the one that was saved', async () => {
    const states = createStates();
    const { bytes } = await states.save(sequenceOf(count(200)), 'mine');
    const unwritable = Object.assign(sequenceOf(count(200)), { saveStateToFile: () => expect.unreachable() });
    expect(await createStates().save(unwritable, 'mine')).toEqual({ bytes });
  });

  test.each(['../../etc/passwd', 'a/b', '', '.\0', 'a'.repeat(101), 'C:x', '<|im_end|>'])(
    'makes no file of the name %j',
    async (session) => {
      expect(await createStates().save(sequenceOf(count(200)), session)).toEqual({
        bytes: 0,
        problem: expect.stringMatching(/not saved: the name/),
      });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  test('says that the state is too large, with both numbers', async () => {
    const { problem } = await createStates({ maxBytes: 100 }).save(sequenceOf(count(200)), 'mine');
    expect(problem).toMatch(/^The state was not saved: it has \d+ bytes, and model\.maxStateBytes is 100\.$/);
  });

  test('says why the disk did not take it, and keeps the state that was there', async () => {
    await createStates().save(sequenceOf(count(200)), 'mine');
    const full = Object.assign(sequenceOf(count(250)), {
      saveStateToFile: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    });
    const { bytes, problem } = await createStates().save(full, 'mine');
    expect(bytes).toBe(0);
    expect(problem).toMatch(/not saved \(ENOSPC\); the thread is safe/);
    const { state } = await createStates().find(PROMPT, { beyond: 0 });
    expect(state).toMatchObject({ tokens: 200 });
  });

  test('says that its folder cannot be made', async () => {
    await writeFile(join(folder, 'a-file'), '');
    const states = createStates({ at: join(folder, 'a-file/states') });
    expect((await states.save(sequenceOf(count(200)), 'mine')).problem).toMatch(/ENOTDIR/);
    await states.saveBeginning(sequenceOf(count(200)));
  });
});

test('a beginning is saved once', async () => {
  await createStates().saveBeginning(sequenceOf(count(80)));
  const unwritable = Object.assign(sequenceOf(count(80)), { saveStateToFile: () => expect.unreachable() });
  await createStates().saveBeginning(unwritable);
  expect(await readdir(folder)).toHaveLength(2);
});

test('deleteStates leaves other threads and what is shared', async () => {
  const states = createStates();
  await states.save(sequenceOf(count(200)), 'mine');
  await states.save(sequenceOf(count(200)), 'mine.too');
  await states.saveBeginning(sequenceOf(count(80)));
  deleteStates(folder, 'mine');
  const left = (await readdir(folder)).filter((name) => name.endsWith('.state'));
  expect(left.map((name) => name.slice(0, 'thread-mine.too'.length)).sort()).toEqual([
    expect.stringMatching(/^system-/),
    'thread-mine.too',
  ]);
});
