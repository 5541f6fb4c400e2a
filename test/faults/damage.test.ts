/** Each kind of file that Sotto keeps, damaged in ten ways, as it is and encrypted: what comes back, and what is said. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFacts } from '../../src/memory/facts.ts';
import { recoverJournal } from '../../src/memory/journal.ts';
import { acquireLock } from '../../src/memory/lock.ts';
import { readThread } from '../../src/memory/threads.ts';
import { createVault } from '../../src/memory/vault-change.ts';
import { unlock } from '../../src/memory/vault-keys.ts';
import { said, turnsSaid, writeTurns } from '../memory/thread-store.ts';
import { tempFolder } from '../workspace/temp-folder.ts';
import { letter, runJobOf, scriptedEngine } from './scripted-extract.ts';

const PASSPHRASE = 'a passphrase';
const CHEAP = { workFactor: 1 };
const SENTENCE = /^[A-Z][^\n]*\.$/;
/** So many, that there is a snapshot. */
const TURNS = ['a1', 'a2', 'a3', 'a4', 'a5'] as const;
const FACTS = ['Anna likes tea.', 'Ben likes milk.'];

const DAMAGE: readonly [string, (bytes: Buffer) => Buffer][] = [
  ['empty', () => Buffer.alloc(0)],
  ['cut off in the middle', (bytes) => bytes.subarray(0, bytes.length >> 1)],
  ['cut off near its end', (bytes) => bytes.subarray(0, bytes.length - 9)],
  ['`null`', () => Buffer.from('null\n')],
  ['zeros', (bytes) => Buffer.alloc(bytes.length)],
  ['zeros from a block on', (bytes) => Buffer.from(bytes).fill(0, bytes.length >> 2)],
  ['another JSON', () => Buffer.from('{"name":"other"}\n')],
  ['bad UTF-8', (bytes) => Buffer.concat([Buffer.from([0xff, 0xfe]), bytes])],
  ['a byte of another value', (bytes) => flip(bytes, bytes.length >> 1)],
  ['other bytes behind it', (bytes) => Buffer.concat([bytes, Buffer.from('\u0001\u0002 x\n')])],
];

function flip(bytes: Buffer, at: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  return damaged;
}

/** A folder with everything in it. */
async function createAll(folder: string): Promise<void> {
  const home = join(folder, '.sotto');
  await mkdir(join(folder, 'inbox'), { recursive: true });
  for (const number of [1, 2, 3]) await writeFile(join(folder, `inbox/${number}.txt`), letter(number));
  for (const fact of FACTS) await openFacts(home).add(fact);
  writeTurns(home, TURNS.length, { letters: 30_000 });
  await readThread(home, 'main');
  await runJobOf({ folder, engine: scriptedEngine(folder) });
}

type Looked = { readonly found: unknown; readonly told: readonly string[] };

/** What a program does with the file, that writes too. */
type Kind = {
  readonly path: (home: string) => Promise<string>;
  readonly use: (folder: string) => Promise<Looked>;
  /** What is found whatever was damaged. */
  readonly expected: (found: unknown) => void;
};

const at = (name: string) => async (home: string) => join(home, name);
const inJob = (name: string) => async (home: string) =>
  join(home, 'jobs', (await readdir(join(home, 'jobs')))[0] ?? '', name);

async function useJob(folder: string): Promise<Looked> {
  const told: string[] = [];
  const { rows } = await runJobOf({
    folder,
    engine: scriptedEngine(folder),
    onEvent: (event) => void (event.type === 'notice' && told.push(event.sentence)),
  });
  return { found: rows.map(({ values }) => values.number?.value), told };
}
const useThread = async (folder: string): Promise<Looked> => {
  const thread = await readThread(join(folder, '.sotto'), 'main');
  return { found: thread && said(thread), told: [] };
};
const isWholeThread = (found: unknown) => expect(found).toEqual(turnsSaid(...TURNS));
const isWholeJob = (found: unknown) =>
  expect((found as readonly string[]).toSorted()).toEqual(['INV-1', 'INV-2', 'INV-3']);

const KINDS: Readonly<Record<string, Kind>> = {
  'facts.json': {
    path: at('facts.json'),
    async use(folder) {
      const told: string[] = [];
      const facts = openFacts(join(folder, '.sotto'), { tell: (sentence) => told.push(sentence) });
      await facts.add('Carl likes water.');
      return { found: (await facts.list()).map(({ text }) => text), told };
    },
    // The last change alone may be lost.
    expected: (found) => expect(found).toEqual([FACTS[0], 'Carl likes water.']),
  },
  'a snapshot of a thread': { path: at('threads/main.json'), use: useThread, expected: isWholeThread },
  'the list of a thread': { path: at('threads/main.jsonl'), use: useThread, expected: isWholeThread },
  'a journal': {
    path: at('runs/a5.jsonl'),
    async use(folder) {
      const { entries, lost } = recoverJournal(join(folder, '.sotto'), 'a5');
      return { found: entries.map(({ seq }) => seq), told: lost === undefined ? [] : [lost] };
    },
    expected: (found) => expect([1, 2, 3, 4].slice(0, (found as readonly number[]).length)).toEqual(found),
  },
  "a job's job.json": { path: inJob('job.json'), use: useJob, expected: isWholeJob },
  "a job's ledger": { path: inJob('ledger.jsonl'), use: useJob, expected: isWholeJob },
};

/** Whether these bytes are still somewhere: as a file, or where lines are only added, at its beginning. */
async function isKept(home: string, bytes: Buffer): Promise<boolean> {
  for (const name of await readdir(home, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue;
    const content = await readFile(join(name.parentPath, name.name));
    const isLedger = name.name === 'ledger.jsonl';
    if (content.equals(bytes) || (isLedger && content.subarray(0, bytes.length).equals(bytes))) return true;
  }
  return false;
}

describe.each(['as it is', 'encrypted'])('a folder %s', (how) => {
  describe.each(Object.entries(KINDS))('%s that is', (name, { path, use, expected }) => {
    test.each(DAMAGE)('%s: nothing is overwritten, and what is lost is said', async (_, damage) => {
      const folder = await tempFolder();
      const home = join(folder, '.sotto');
      await createAll(folder);
      if (how === 'encrypted') createVault(home, PASSPHRASE, CHEAP);
      const file = await path(home);
      const damaged = damage(await readFile(file));
      await writeFile(file, damaged);
      const { found, told } = await use(folder);
      expected(found);
      for (const sentence of told) expect(sentence).toMatch(SENTENCE);
      if (name === 'facts.json' || name.endsWith('job.json')) expect(told).toHaveLength(1);
      if (name === 'a journal' && (found as readonly number[]).length === 0) expect(told).toHaveLength(1);
      expect(await isKept(home, damaged)).toBe(true);
      // It is told once.
      expect((await use(folder).catch(() => ({ told: [] }))).told).toEqual([]);
    });
  });
});

describe('identity.age that is', () => {
  test.each(DAMAGE)('%s: nothing is overwritten, and what to do is said', async (_, damage) => {
    const folder = await tempFolder();
    const home = join(folder, '.sotto');
    await openFacts(home).add('Anna likes tea.');
    createVault(home, PASSPHRASE, CHEAP);
    const path = join(home, 'identity.age');
    const damaged = damage(await readFile(path));
    // Another place: this program has unlocked the first one.
    const copy = join(folder, 'copy');
    await cp(home, copy, { recursive: true });
    await writeFile(join(copy, 'identity.age'), damaged);
    const before = await readFile(join(copy, 'facts.json'));
    let problem: unknown;
    try {
      unlock(copy, PASSPHRASE);
    } catch (error) {
      problem = error;
    }
    expect(String(problem)).toMatch(/^\w*Error: [A-Z][^\n]*identity\.age[^\n]*\.$/);
    expect(String(problem)).not.toContain('passphrase is wrong');
    expect(await readFile(join(copy, 'identity.age'))).toEqual(damaged);
    expect(await readFile(join(copy, 'facts.json'))).toEqual(before);
  });
});

test.each(DAMAGE)('an entry of a lock that is %s keeps nobody out', async (_, damage) => {
  const folder = join(await tempFolder(), 'lock');
  acquireLock({ folder, what: 'It' });
  const path = join(folder, '1/owner.json');
  await writeFile(path, damage(await readFile(path)));
  using _lock = acquireLock({ folder, what: 'It' });
  expect(existsSync(join(folder, '2/owner.json'))).toBe(true);
});
