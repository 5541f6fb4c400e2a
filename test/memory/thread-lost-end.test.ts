import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readEntries, recoverJournal } from '../../src/memory/journal.ts';
import { deleteThread, endOf, listThreads, lockThread, readThread } from '../../src/memory/threads.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { listOf, said, turnsSaid, writeTurn, writeTurns } from './thread-store.ts';

const journalOf = (home: string, runId: string) => join(home, `runs/${runId}.jsonl`);
/** Cuts a file behind so many lines. */
function keepLines(path: string, from: number, to?: number): void {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(from, to);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
}
const saidIn = async (home: string, threadId = 'main') => {
  const thread = await readThread(home, threadId);
  return thread && said(thread);
};
const ALL = turnsSaid('a1', 'a2', 'a3');
/** Of a thread whose runs know how long the one before is. */
function writeKnown(home: string): void {
  writeTurn(home, 'a1');
  writeTurn(home, 'a2', { after: { runId: 'a1', entries: 4 }, turn: 2 });
}

describe('the list of a thread', () => {
  test('that is gone is made again, for whoever reads the thread or all threads', async () => {
    for (const look of [
      (home: string) => saidIn(home),
      async (home: string) => (await listThreads(home)).length === 1 && saidIn(home),
    ]) {
      const { home } = await createTempProject();
      writeTurns(home, 3);
      lockThread(home, 'main').release();
      rmSync(listOf(home));
      expect(await look(home)).toEqual(ALL);
      expect(readFileSync(listOf(home), 'utf8').trimEnd().split('\n')).toHaveLength(3);
    }
  });

  test('that was gone when a run began has the earlier ones all the same', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 2);
    rmSync(listOf(home));
    writeTurn(home, 'a3', { after: { runId: 'a2' }, turn: 3 });
    expect((await listThreads(home))[0]?.runs.map(({ runId }) => runId)).toEqual(['a1', 'a2', 'a3']);
  });

  test('that lost its last line whole has it again', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 3);
    keepLines(listOf(home), 0, 2);
    expect(await saidIn(home)).toEqual(ALL);
    keepLines(listOf(home), 0, 2);
    expect(await listThreads(home)).toMatchObject([{ turns: 3 }]);
  });

  test('that lost lines within has them again', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 3);
    keepLines(listOf(home), 2);
    expect((await listThreads(home))[0]?.runs).toHaveLength(3);
  });

  test('of a new thread is looked for in no journal', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 1);
    rmSync(listOf(home));
    using _ = lockThread(home, 'main');
    expect(await readThread(home, 'main')).toBeUndefined();
  });

  test('is only that of the thread whose name it has', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 2);
    writeTurn(home, 'b1', { threadId: 'b' });
    copyFileSync(listOf(home), listOf(home, 'b'));
    copyFileSync(listOf(home), listOf(home, 'c'));
    expect(await saidIn(home, 'b')).toEqual(turnsSaid('b1'));
    expect(await saidIn(home, 'c')).toBeUndefined();
    expect(await deleteThread(home, 'b')).toBe(1);
    expect(await deleteThread(home, 'c')).toBe(0);
    expect(await saidIn(home)).toEqual(turnsSaid('a1', 'a2'));
  });

  test('is not made for a name that no run has', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 1);
    expect(await readThread(home, 'nobody')).toBeUndefined();
    expect(readdirSync(home).toSorted()).toEqual(['runs', 'threads']);
    using _ = lockThread(home, 'new');
    expect(await readThread(home, 'new')).toBeUndefined();
    expect(readdirSync(join(home, 'threads'))).toEqual(['main.jsonl']);
  });
});

describe('a journal', () => {
  test('that has the name of another run is damaged: what it says was not said there', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 2);
    writeTurn(home, 'b1', { threadId: 'b' });
    copyFileSync(journalOf(home, 'a1'), journalOf(home, 'b1'));
    expect(readEntries(home, 'b1')).toMatchObject({
      entries: [],
      problem: expect.stringContaining('line 1'),
    });
    expect(await readThread(home, 'b')).toMatchObject({ messages: [], missing: 'b1' });
    copyFileSync(journalOf(home, 'a1'), journalOf(home, 'c1'));
    expect(await deleteThread(home, 'main')).toBe(2);
    expect(recoverJournal(home, 'b1').lost).toMatch(/nothing of it could be read/);
  });

  test('whose end was cut off, though another run goes on from it, is said to be, and once', async () => {
    const { home } = await createTempProject();
    writeKnown(home);
    expect(await readThread(home, 'main')).not.toHaveProperty('missing');
    keepLines(journalOf(home, 'a1'), 0, 2);
    expect(await readThread(home, 'main')).toMatchObject({
      missing: 'a1',
      problem: expect.stringContaining('2 of its 4 lines are left'),
    });
    const { entries, lost } = recoverJournal(home, 'a1');
    expect(entries).toHaveLength(2);
    expect(lost).toContain('The journal of the run a1 was damaged behind line 2 of 4');
    expect(recoverJournal(home, 'a1')).not.toHaveProperty('lost');
    expect(await readThread(home, 'main')).not.toHaveProperty('missing');
    expect(await saidIn(home)).toEqual(['Question a1', ...turnsSaid('a2')]);
  });

  test('tells the next run how long it is', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 1);
    const thread = await readThread(home, 'main');
    expect(thread && endOf(thread)).toEqual({ runId: 'a1', entries: 4 });
  });
});

describe('a line without a checksum, as of an earlier version', () => {
  const start = {
    seq: 1,
    at: '2026-01-01',
    type: 'run-start',
    runId: 'x',
    threadId: 'x',
    turn: 1,
    agent: 'a',
  };
  const whole = { ...start, model: { name: 'm' }, message: { role: 'user', content: [] } };
  const NO_SHAPES: readonly [string, readonly object[]][] = [
    ['a message without content', [{ ...whole, message: { role: 'user' } }]],
    ['a run without a model', [start]],
    ['a thread that is no text', [{ ...whole, threadId: 7 }]],
    ['a step without a message', [whole, { seq: 2, at: '', type: 'step-end', step: 1 }]],
    ['a result without content', [whole, { seq: 2, at: '', type: 'tool-call-end', result: {} }]],
  ];
  test.each(NO_SHAPES)('that has %s is damage, and stops nothing else', async (_, lines) => {
    const { home } = await createTempProject();
    writeTurns(home, 1);
    writeFileSync(journalOf(home, 'x'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(readEntries(home, 'x').problem).toContain(`is damaged in line ${lines.length}`);
    rmSync(join(home, 'threads'), { recursive: true });
    expect((await listThreads(home)).length).toBe(lines.length);
    expect(await deleteThread(home, 'main')).toBe(1);
  });

  test('that is whole is read', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 1);
    writeFileSync(journalOf(home, 'x'), `${JSON.stringify(whole)}\n`);
    expect(readEntries(home, 'x')).toMatchObject({ entries: [{ runId: 'x' }] });
  });
});
