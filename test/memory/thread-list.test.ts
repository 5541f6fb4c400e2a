import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LockError, StoreError } from '../../src/errors.ts';
import { recoverJournal } from '../../src/memory/journal.ts';
import { toSealed } from '../../src/memory/sealed-lines.ts';
import { listThreads, lockThread, newestRun, readRuns, readThread } from '../../src/memory/threads.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { listOf, said, turnsSaid, writeTurn, writeTurns } from './thread-store.ts';

const namesIn = async (home: string, folder = 'threads') => (await readdir(join(home, folder))).sort();

test('a thread is read from its list, and ends in the last run of it, whatever the clock said', async () => {
  const { home } = await createTempProject();
  writeTurns(home, 2);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 86_400_000 });
  onTestFinished(() => void vi.useRealTimers());
  writeTurn(home, 'again', { after: { runId: 'a1' }, turn: 2 });
  expect(newestRun(home, 'main')).toBe('again');
  const thread = await readThread(home, 'main');
  expect(thread && said(thread)).toEqual(turnsSaid('a1', 'again'));
  expect((await readRuns(home)).runs.map(({ runId }) => runId)).toEqual(['a1', 'a2', 'again']);
});

test('a thread of a year ahead is not the newest, and one that began after the clock was set back is', async () => {
  const { home } = await createTempProject();
  const year = 365 * 86_400_000;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + year });
  onTestFinished(() => void vi.useRealTimers());
  writeTurn(home, 'x', { threadId: 'ahead' });
  vi.setSystemTime(Date.now() - year);
  writeTurn(home, 'y', { threadId: 'now' });
  vi.setSystemTime(Date.now() - year);
  writeTurn(home, 'z', { threadId: 'back' });
  expect((await listThreads(home)).map(({ threadId }) => threadId)).toEqual(['now', 'ahead', 'back']);
  vi.setSystemTime(Date.now() + year + 1000);
  expect((await listThreads(home)).map(({ threadId }) => threadId)).toEqual(['ahead', 'back', 'now']);
});

test('a thread that nobody began is none, and a name that is no name neither', async () => {
  const { home } = await createTempProject();
  writeTurns(home, 1);
  expect(await readThread(home, 'other')).toBeUndefined();
  expect(await readThread(home, '../runs/a1')).toBeUndefined();
});

test('a branch is read through the thread that it goes on from', async () => {
  const { home } = await createTempProject();
  writeTurns(home, 2);
  writeTurn(home, 'b', { threadId: 'branch', after: { runId: 'a1' }, turn: 2 });
  const branch = await readThread(home, 'branch');
  expect(branch && said(branch)).toEqual(turnsSaid('a1', 'b'));
  const earlier = await readThread(home, 'main', { runId: 'a1' });
  expect(earlier && said(earlier)).toEqual(turnsSaid('a1'));
});

test('threads are listed without a look into their journals', async () => {
  const { home } = await createTempProject();
  writeTurns(home, 2);
  writeTurn(home, 's', { threadId: 's', parent: { runId: 'a2', toolCallId: 'call_1_1' } });
  writeTurn(home, 'b', { threadId: 'branch', after: { runId: 'a1' }, turn: 2 });
  for (const runId of ['a1', 'a2', 's', 'b']) await writeFile(join(home, `runs/${runId}.jsonl`), 'broken\n');
  const shown = (await listThreads(home)).map(({ at: _, runs, ...summary }) => ({
    ...summary,
    runs: runs.length,
  }));
  const clerk = { agent: 'clerk' };
  expect(shown).toEqual(
    expect.arrayContaining([
      { ...clerk, threadId: 'main', turns: 2, task: 'Question a1', runs: 2 },
      {
        ...clerk,
        threadId: 's',
        turns: 1,
        task: 'Question s',
        runs: 1,
        parent: { runId: 'a2', threadId: 'main' },
      },
      { ...clerk, threadId: 'branch', turns: 2, task: 'Question a1', runs: 1 },
    ]),
  );
  expect(shown).toHaveLength(3);
});

test('a thread of which a journal is gone says which', async () => {
  const { home } = await createTempProject();
  writeTurns(home, 3);
  await rm(join(home, 'runs/a2.jsonl'));
  expect(await listThreads(home)).toMatchObject([{ threadId: 'main', missing: 'a2' }]);
  expect(await readThread(home, 'main')).toMatchObject({ missing: 'a2' });
});

test('a thread goes on without a run of which nothing was left, once that was said', async () => {
  const { home } = await createTempProject();
  writeTurns(home, 3);
  await writeFile(join(home, 'runs/a2.jsonl'), '\0'.repeat(400));
  expect(await readThread(home, 'main')).toMatchObject({
    missing: 'a2',
    problem: expect.stringContaining('a2'),
  });
  expect(recoverJournal(home, 'a2').lost).toMatch(/nothing of it could be read/);
  const thread = await readThread(home, 'main');
  expect(thread && said(thread)).toEqual(turnsSaid('a1', 'a3'));
  expect(thread).not.toHaveProperty('missing');
});

describe('a list that is lost or damaged', () => {
  const DAMAGE: readonly [string, (bytes: Buffer) => Buffer][] = [
    ['is empty', () => Buffer.alloc(0)],
    ['is `null`', () => Buffer.from('null\n')],
    ['is zeros', (bytes) => Buffer.alloc(bytes.length)],
    ['is another JSON', () => Buffer.from('{"runs":[]}\n')],
    ['was cut off', (bytes) => bytes.subarray(0, bytes.length - 9)],
    ['begins with bad UTF-8', (bytes) => Buffer.concat([Buffer.from([0xff]), bytes])],
    ['has another byte', (bytes) => Buffer.from(bytes.toString().replace('Question a2', 'Question a9'))],
    [
      'has a half line within',
      (bytes) => Buffer.from(bytes.toString().replace('\n', '\n{"version":1,"ru\n')),
    ],
  ];
  test.each(DAMAGE)('%s: it is made again from the journals, and kept aside', async (_, damage) => {
    const { home } = await createTempProject();
    writeTurns(home, 3);
    writeTurn(home, 'other', { threadId: 'other' });
    const damaged = damage(await readFile(listOf(home)));
    await writeFile(listOf(home), damaged);
    expect((await listThreads(home)).find(({ threadId }) => threadId === 'main')?.turns).toBe(3);
    const thread = await readThread(home, 'main');
    expect(thread && said(thread)).toEqual(turnsSaid('a1', 'a2', 'a3'));
    const names = await namesIn(home);
    const [aside = ''] = names.filter((name) => /^main\.damaged-.*Z\.jsonl$/.test(name));
    expect(await readFile(join(home, 'threads', aside))).toEqual(damaged);
    expect(names).toHaveLength(3);
    expect((await readFile(listOf(home), 'utf8')).trimEnd().split('\n')).toHaveLength(3);
  });

  test('is of a newer version: it is not touched, and no run is added to it', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 1);
    const newer = `${toSealed({ version: 2, runId: 'a1' })}\n`;
    await writeFile(listOf(home), newer);
    await expect(readThread(home, 'main')).rejects.toThrow(StoreError);
    await expect(listThreads(home)).rejects.toThrow(/made by a newer version of Sotto \(its format 2\)/);
    expect(await readFile(listOf(home), 'utf8')).toBe(newer);
  });

  test('is read all the same while somebody works with the thread, and left as it is', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 2);
    await writeFile(listOf(home), 'null\n');
    using _ = lockThread(home, 'main');
    const thread = await readThread(home, 'main');
    expect(thread && said(thread)).toEqual(turnsSaid('a1', 'a2'));
    expect(await readFile(listOf(home), 'utf8')).toBe('null\n');
  });
});

describe('a store of an earlier version, without lists', () => {
  test('has them after the first look, of all threads', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 2);
    writeTurn(home, 'b', { threadId: 'branch', after: { runId: 'a1' }, turn: 2 });
    const before = await readThread(home, 'main');
    const branch = await readThread(home, 'branch');
    await rm(join(home, 'threads'), { recursive: true });
    expect(await readThread(home, 'main')).toEqual(before);
    expect(await namesIn(home)).toEqual(['branch.jsonl', 'main.jsonl']);
    expect(await readThread(home, 'branch')).toEqual(branch);
    expect((await namesIn(home, '.')).filter((name) => name.includes('part'))).toEqual([]);
  });

  test('has them after its next run too, that one once and last', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 2);
    await rm(join(home, 'threads'), { recursive: true });
    writeTurn(home, 'a3', { after: { runId: 'a2' }, turn: 3 });
    const thread = await readThread(home, 'main');
    expect(thread && said(thread)).toEqual(turnsSaid('a1', 'a2', 'a3'));
    expect((await listThreads(home))[0]?.runs.map(({ runId }) => runId)).toEqual(['a1', 'a2', 'a3']);
    expect((await readFile(listOf(home), 'utf8')).trimEnd().split('\n')).toHaveLength(3);
  });

  test('has them in the order in which the runs follow each other, though the clock was set back', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 1);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 86_400_000 });
    onTestFinished(() => void vi.useRealTimers());
    writeTurn(home, 'a2', { after: { runId: 'a1' }, turn: 2 });
    await rm(join(home, 'threads'), { recursive: true });
    const thread = await readThread(home, 'main');
    expect(thread && said(thread)).toEqual(turnsSaid('a1', 'a2'));
  });

  test('leaves nothing of a first look that was killed', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 2);
    await cp(join(home, 'threads'), join(home, 'threads.00000000-0000-4000-8000-000000000000.part'), {
      recursive: true,
    });
    await rm(join(home, 'threads'), { recursive: true });
    expect(await listThreads(home)).toHaveLength(1);
    expect((await namesIn(home, '.')).filter((name) => name.includes('part'))).toEqual([]);
  });
});

test('one at a time works with a thread, and the second is told who', async () => {
  const { home } = await createTempProject();
  using _ = lockThread(home, 'main');
  expect(() => lockThread(home, 'main')).toThrow(LockError);
  expect(() => lockThread(home, 'main')).toThrow(/^The thread main is in use by this program/);
  lockThread(home, 'other').release();
  expect(() => lockThread(home, '../x')).toThrow(/A thread's name has/);
});
