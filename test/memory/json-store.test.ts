import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { LockError } from '../../src/errors.ts';
import { openStore } from '../../src/memory/json-store.ts';
import { acquireLock } from '../../src/memory/lock.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

const SCHEMA = z.object({ words: z.array(z.string()).readonly() });
const TIME = String.raw`\d{4}-\d\d-\d\dT[\d-]+Z`;
const LOCAL = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;
const LOST = new RegExp(
  `The version before its last change is back: at most that change, of ${LOCAL}, is lost\\.$`,
);

function openWords(home: string) {
  const told: string[] = [];
  const store = openStore({
    home,
    name: 'words',
    version: 1,
    schema: SCHEMA,
    empty: { words: [] },
    tell: (sentence) => told.push(sentence),
  });
  const add = (word: string) => store.update(({ words }) => ({ words: [...words, word] })).words;
  return { store, told, add, read: () => store.read().words };
}

async function createWords(...words: readonly string[]) {
  const home = join(await tempFolder(), '.sotto');
  const opened = openWords(home);
  for (const word of words) opened.add(word);
  const path = join(home, 'words.json');
  const previous = join(home, 'words.previous.json');
  return { home, path, previous, ...opened };
}

const filesIn = async (home: string) => (await readdir(home)).filter((name) => name !== 'locks').sort();

describe('a store', () => {
  test('is JSON that people can read, with a version, and is empty and makes nothing before its first change', async () => {
    const { home, path, read, add } = await createWords();
    expect(read()).toEqual([]);
    expect(existsSync(home)).toBe(false);
    expect(add('a')).toEqual(['a']);
    expect(await readFile(path, 'utf8')).toMatch(
      /^\{\n {2}"version": 1,\n {2}"words": \[\n {4}"a"\n {2}\],\n {2}"crc": "[0-9a-f]{8}"\n\}\n$/,
    );
    expect(await filesIn(home)).toEqual(['words.json']);
  });

  test('keeps the version before its last change byte for byte', async () => {
    const { home, path, previous, add } = await createWords('a', 'b');
    const before = await readFile(path);
    add('c');
    expect(await readFile(previous)).toEqual(before);
    expect(await filesIn(home)).toEqual(['words.json', 'words.previous.json']);
  });

  test('is not written where the change changes nothing', async () => {
    const { path, store } = await createWords('a');
    await chmod(path, 0o640);
    const before = await readFile(path);
    expect(store.update((data) => data)).toEqual({ words: ['a'] });
    expect(await readFile(path)).toEqual(before);
  });

  test('refuses what could not be read back', async () => {
    const { store, read } = await createWords('a');
    expect(() => store.update(() => ({ words: [7 as unknown as string] }))).toThrow(
      /words\.json was not changed: what was to be written does not belong in it\.$/,
    );
    expect(read()).toEqual(['a']);
  });

  test('is as it was, and free, after a change that threw', async () => {
    const { store, read, add } = await createWords('a');
    const thrown = new Error('no');
    expect(() =>
      store.update(() => {
        throw thrown;
      }),
    ).toThrow(thrown);
    expect(read()).toEqual(['a']);
    expect(add('b')).toEqual(['a', 'b']);
  });

  test('takes a file that was written by hand, without a checksum, and with other spaces', async () => {
    const { path, add, read } = await createWords('a');
    const { crc } = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, `{"version":1,"words":["a"],"crc":"${crc}"}`);
    expect(read()).toEqual(['a']);
    await writeFile(path, '{ "version": 1, "words": ["mine"] }');
    expect(add('b')).toEqual(['mine', 'b']);
  });

  test('removes what a writer left that was killed, and nothing else', async () => {
    const { home, add } = await createWords('a');
    for (const name of ['words.json.0a1b.part', 'words.previous.json.0a1b.part', 'words2.json.0a1b.part']) {
      await writeFile(join(home, name), '');
    }
    add('b');
    expect(await filesIn(home)).toEqual(['words.json', 'words.previous.json', 'words2.json.0a1b.part']);
  });

  test('is read while another process has it, which a change is told by its number and time within a second', async () => {
    const { home, path, add, read } = await createWords('a');
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'lock-in-child.ts'), join(home, 'locks'), '1', 'hold', 'words'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    expect(read()).toEqual(['a']);
    expect(() => add('b')).toThrow(LockError);
    expect(() => add('b')).toThrow(
      new RegExp(
        `^The file ${path} was locked at ${LOCAL} and is in use by another program \\(process ${child.pid}\\)\\. Nothing was changed\\.`,
      ),
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(add('b')).toEqual(['a', 'b']);
  });

  test('is refused at once where this program changes it at this moment', async () => {
    const { home, add } = await createWords('a');
    using _lock = acquireLock({ folder: join(home, 'locks', 'words'), what: 'It' });
    expect(() => add('b')).toThrow('in use by this program');
  });
});

/** What damages the file, by its bytes, and how the sentence calls it. */
const DAMAGES: readonly (readonly [string, (good: Buffer) => Buffer | string, string])[] = [
  ['truncated', (good) => good.subarray(0, good.length - 30), 'its end is missing'],
  ['empty', () => '', 'it is empty'],
  ['null', () => 'null', 'it holds something else than Sotto writes'],
  ['zeros', (good) => Buffer.alloc(good.length), 'it holds nothing but zeros'],
  ['other JSON', () => '{"name":"x","version":"1.0.0"}', 'it holds something else than Sotto writes'],
  ['JSON of another store', () => '{"version":1,"rules":[]}', 'it holds something else than Sotto writes'],
  ['a list', () => '[1]', 'it holds something else than Sotto writes'],
  ['no JSON', () => 'hello }', 'it is not JSON'],
  ['bad UTF-8', (good) => Buffer.concat([good, Buffer.from([0xff])]), 'it is not UTF-8'],
  ['UTF-16', (good) => Buffer.from(`\ufeff${good}`, 'utf16le'), 'it is not UTF-8'],
  ['with a byte order mark', (good) => `\ufeff${good}`, 'it begins with a byte order mark'],
  [
    'half old, half new',
    (good) => Buffer.from(good.toString().replace('"new"', '"old"')),
    'its checksum is wrong',
  ],
];

describe('a store that is damaged', () => {
  test.each(DAMAGES)('%s, is put aside, and the version before is back', async (_, damage, problem) => {
    const { home, path, told, read } = await createWords('a', 'new');
    const bad = Buffer.from(damage(await readFile(path)));
    await writeFile(path, bad);
    expect(read()).toEqual(['a']);
    const aside = (await filesIn(home)).find((name) => name.includes('damaged')) ?? '';
    expect(aside).toMatch(new RegExp(`^words\\.damaged-${TIME}\\.json$`));
    expect(await readFile(join(home, aside))).toEqual(bad);
    expect(told).toEqual([expect.stringContaining(`The file ${path} was damaged: ${problem}`)]);
    expect(told[0]).toContain(`. It is kept as ${aside}. `);
    expect(told[0]).toMatch(LOST);
    expect(openWords(home).read()).toEqual(['a']);
    expect(openWords(home).add('b')).toEqual(['a', 'b']);
    expect(await readFile(join(home, aside))).toEqual(bad);
  });

  test.each(DAMAGES)('%s, is put aside before a change too', async (_, damage) => {
    const { home, path, told, add } = await createWords('a', 'new');
    const bad = Buffer.from(damage(await readFile(path)));
    await writeFile(path, bad);
    expect(add('b')).toEqual(['a', 'b']);
    expect(told).toHaveLength(1);
    const aside = (await filesIn(home)).find((name) => name.includes('damaged')) ?? '';
    expect(await readFile(join(home, aside))).toEqual(bad);
  });

  test.each(DAMAGES)('%s, in both versions, begins empty, and keeps both', async (_, damage, problem) => {
    const { home, path, previous, told, read } = await createWords('a', 'new');
    const bad = Buffer.from(damage(await readFile(path)));
    for (const file of [path, previous]) await writeFile(file, bad);
    expect(read()).toEqual([]);
    const asides = (await filesIn(home)).filter((name) => name.includes('damaged'));
    expect(asides).toHaveLength(2);
    for (const aside of asides) {
      expect(await readFile(join(home, aside))).toEqual(bad);
      expect(told[0]).toContain(aside);
    }
    expect(told[0]).toContain(problem);
    expect(told[0]).toMatch(/No good version is left: it begins empty\.$/);
    expect(openWords(home).add('b')).toEqual(['b']);
  });

  test('a folder of that name, is put aside with what it holds', async () => {
    const { home, path, previous, told, add } = await createWords('a', 'new');
    for (const file of [path, previous]) {
      await rm(file);
      await mkdir(file);
      await writeFile(join(file, 'mine'), file);
    }
    expect(add('b')).toEqual(['b']);
    const asides = (await filesIn(home)).filter((name) => name.includes('damaged'));
    const held = await Promise.all(asides.map((name) => readFile(join(home, name, 'mine'), 'utf8')));
    expect(held.sort()).toEqual([path, previous].sort());
    expect(told[0]).toContain('it is no file');
  });

  test('in the version before only, is used, and what stood there is kept', async () => {
    const { home, previous, add } = await createWords('a', 'b');
    await writeFile(previous, 'mine');
    expect(add('c')).toEqual(['a', 'b', 'c']);
    await rm(previous);
    await mkdir(previous);
    expect(add('d')).toEqual(['a', 'b', 'c', 'd']);
    expect((await filesIn(home)).filter((name) => name.includes('damaged'))).toHaveLength(2);
  });

  test('gone, is brought back from the version before', async () => {
    const { path, told, read } = await createWords('a', 'b');
    await rm(path);
    expect(read()).toEqual(['a']);
    expect(told[0]).toContain(
      `${path} was missing; where it is not wanted, words.previous.json has to be deleted with it.`,
    );
    expect(told[0]).toMatch(LOST);
  });

  test('is mended by one of two that find it: the second looks again', async () => {
    const { home, path, read, told } = await createWords('a', 'b');
    const good = await readFile(path);
    await writeFile(path, '');
    let looks = 0;
    // The schema is asked for the first time about the version before, before the lock is taken: another process mends the
    // file then.
    const schema = SCHEMA.refine(() => {
      looks += 1;
      if (looks === 1) writeFileSync(path, good);
      return true;
    });
    const tell = (sentence: string) => told.push(sentence);
    const store = openStore({ home, name: 'words', version: 1, schema, empty: { words: [] }, tell });
    expect(store.read()).toEqual({ words: ['a', 'b'] });
    expect(looks).toBe(2);
    expect(told).toEqual([]);
    expect(read()).toEqual(['a', 'b']);
    expect(await filesIn(home)).toEqual(['words.json', 'words.previous.json']);
  });

  test('is read without a wait, and mended by the one who has the lock', async () => {
    const { home, path, read, told } = await createWords('a', 'b');
    await writeFile(path, '');
    {
      using _lock = acquireLock({ folder: join(home, 'locks', 'words'), what: 'It' });
      expect(read()).toEqual(['a']);
      expect(told).toEqual([]);
      expect(await filesIn(home)).toEqual(['words.json', 'words.previous.json']);
    }
    expect(read()).toEqual(['a']);
    expect(told).toHaveLength(1);
  });

  test('is told of with its name made safe', async () => {
    const home = join(await tempFolder(), '\u001b[31mred', '.sotto');
    const { told, add, read } = openWords(home);
    add('a');
    await writeFile(join(home, 'words.json'), '');
    expect(read()).toEqual([]);
    expect(told[0]).toContain('\\x1b[31mred');
    expect(told[0]).not.toContain('\u001b');
  });

  test.each(['words.json', 'words.previous.json'])(
    'is left alone where %s is of a newer version',
    async (name) => {
      const { home, told, read, add } = await createWords('a', 'b');
      const path = join(home, name);
      if (name !== 'words.json') await writeFile(join(home, 'words.json'), '');
      const newer = '{"version":2,"words":{"a":1},"crc":"00000000"}';
      await writeFile(path, newer);
      const before = await filesIn(home);
      for (const attempt of [read, () => add('c')]) {
        expect(attempt).toThrow(
          `The file ${path} was written by a newer version of Sotto (its format is 2, this Sotto knows 1). It is as it was: update Sotto, or move the file away to begin anew.`,
        );
      }
      expect(await filesIn(home)).toEqual(before);
      expect(await readFile(path, 'utf8')).toBe(newer);
      expect(told).toEqual([]);
    },
  );

  test('shows the version before, and says why, where nothing can be written', async () => {
    const { home, path, told, read, add } = await createWords('a', 'b');
    await writeFile(path, '');
    await rm(join(home, 'locks'), { recursive: true });
    // A file where the folder of the lock has to be.
    await writeFile(join(home, 'locks'), '');
    expect(read()).toEqual(['a']);
    expect(read()).toEqual(['a']);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(
      /words\.json cannot be written: .*\(E[A-Z]+\)\. Nothing was changed\. What it held/,
    );
    expect(() => add('c')).toThrow(/words\.json cannot be written: .*\(E[A-Z]+\)\. Nothing was changed\.$/);
    expect(await readFile(path, 'utf8')).toBe('');
  });
});
