import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rewindThread } from '../../src/memory/rewind-thread.ts';
import { toSealed } from '../../src/memory/sealed-lines.ts';
import {
  deleteRun,
  deleteThread,
  endOf,
  foldThreads,
  lockThread,
  readRuns,
  readThread,
  turnsOf,
} from '../../src/memory/threads.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { listOf, said, snapshotOf, turnsSaid, writeTurn, writeTurns } from './thread-store.ts';

const LETTERS = 30_000;
const FIVE = turnsSaid('a1', 'a2', 'a3', 'a4', 'a5');

/** A thread of five turns that was read once, so that it has a snapshot of four. */
async function write(): Promise<string> {
  const { home } = await createTempProject();
  writeTurns(home, 5, { letters: LETTERS });
  await readThread(home, 'main');
  return home;
}
const read = async (home: string) => {
  const thread = await readThread(home, 'main');
  if (!thread) throw new Error('no thread');
  return thread;
};
/** As long as only the snapshot can tell what they held. */
async function withoutJournals(home: string, runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) await rm(join(home, `runs/${runId}.jsonl`));
}

test('a thread is the same from its snapshot as from its journals', async () => {
  const home = await write();
  expect(existsSync(snapshotOf(home))).toBe(true);
  await withoutJournals(home, ['a1', 'a2', 'a3', 'a4']);
  const thread = await read(home);
  expect(said(thread)).toEqual(FIVE);
  expect(said({ messages: thread.context })).toEqual(FIVE);
  expect({ turns: turnsOf(thread), end: endOf(thread) }).toEqual({
    turns: 5,
    end: { runId: 'a5', entries: 4 },
  });
  expect(thread).not.toHaveProperty('missing');
  expect((await stat(snapshotOf(home))).mode & 0o777).toBe(0o600);
});

test('it is folded of the whole thread alone', async () => {
  const { home } = await createTempProject();
  writeTurns(home, 5, { letters: LETTERS });
  await readThread(home, 'main', { runId: 'a4' });
  expect(existsSync(snapshotOf(home))).toBe(false);
});

test('a short thread has none', async () => {
  const { home } = await createTempProject();
  writeTurns(home, 20);
  await read(home);
  expect(existsSync(snapshotOf(home))).toBe(false);
});

test('it is folded again once the journals behind it are larger, and not before', async () => {
  const home = await write();
  const first = await readFile(snapshotOf(home));
  const go = (from: number, to: number) => {
    for (let turn = from; turn <= to; turn += 1) {
      writeTurn(home, `a${turn}`, { after: { runId: `a${turn - 1}` }, turn, letters: LETTERS });
    }
  };
  go(6, 8);
  await read(home);
  expect(await readFile(snapshotOf(home))).toEqual(first);
  go(9, 11);
  const thread = await read(home);
  expect((await readFile(snapshotOf(home))).length).toBeGreaterThan(2 * first.length);
  expect(await read(home)).toMatchObject({ messages: thread.messages, context: thread.context });
});

test('a compacted context is kept as it was', async () => {
  const { home } = await createTempProject();
  writeTurns(home, 4, { letters: LETTERS });
  const { openJournal } = await import('../../src/memory/journal.ts');
  const { noUsage } = await import('../../src/events.ts');
  const { userMessage } = await import('../../src/messages.ts');
  const journal = openJournal({ home, runId: 'a5', durable: false });
  const context = [userMessage('summary'), userMessage('Question a5')];
  const names = { runId: 'a5', threadId: 'main', turn: 5, agent: 'clerk', seal: 'none' };
  const after = { runId: 'a4' };
  const model = { name: 'm', fingerprint: 'm' };
  journal.append({ type: 'run-start', ...names, model, after, message: userMessage('Question a5') });
  journal.append({ type: 'context-compact', step: 1, dropped: [], promptTokens: 9, roomTokens: 5, context });
  journal.append({ type: 'run-end', stopReason: 'done', steps: 0, usage: noUsage });
  journal.close();
  writeTurn(home, 'a6', { after: { runId: 'a5' }, turn: 6 });
  const [folded] = foldThreads((await readRuns(home)).runs);
  await read(home);
  await withoutJournals(home, ['a1', 'a2', 'a3', 'a4', 'a5']);
  const thread = await read(home);
  expect(said({ messages: thread.context })).toEqual(['summary', 'Question a5', ...turnsSaid('a6')]);
  expect({ messages: thread.messages, context: thread.context }).toEqual({
    messages: folded?.messages,
    context: folded?.context,
  });
});

test('a thread that was rewound to before it is folded from the journals', async () => {
  const home = await write();
  const rewound = await rewindThread(home, await read(home), { runId: 'a2' });
  expect(said(rewound)).toEqual(turnsSaid('a1', 'a2'));
  expect(said(await read(home))).toEqual(turnsSaid('a1', 'a2'));
  writeTurn(home, 'b3', { after: { runId: rewound.runs.at(-1)?.runId ?? '' }, turn: 3 });
  expect(said(await read(home))).toEqual(turnsSaid('a1', 'a2', 'b3'));
});

test('a thread that goes on within the last run of it takes only those steps', async () => {
  const home = await write();
  writeTurn(home, 'b5', { after: { runId: 'a4', steps: 0 }, turn: 5 });
  expect(said(await read(home))).toEqual([...turnsSaid('a1', 'a2', 'a3'), 'Question a4', ...turnsSaid('b5')]);
});

describe('a snapshot that', () => {
  const DAMAGE: readonly [string, (bytes: Buffer) => Buffer][] = [
    ['is empty', () => Buffer.alloc(0)],
    ['is `null`', () => Buffer.from('null')],
    ['is zeros', (bytes) => Buffer.alloc(bytes.length)],
    ['is another JSON', () => Buffer.from('{"version":1}')],
    ['was cut off', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['has bad UTF-8', (bytes) => Buffer.from(bytes).fill(0xff, 100, 101)],
    ['has another byte', (bytes) => Buffer.from(bytes.toString().replace('Answer to a2', 'Answer to a9'))],
  ];
  test.each(DAMAGE)('%s is as none, is kept aside, and made again', async (_, damage) => {
    const home = await write();
    const whole = await readFile(snapshotOf(home));
    const damaged = damage(whole);
    await writeFile(snapshotOf(home), damaged);
    expect(said(await read(home))).toEqual(FIVE);
    const [aside = ''] = (await readdir(join(home, 'threads'))).filter((name) => name.includes('.damaged-'));
    expect(await readFile(join(home, 'threads', aside))).toEqual(damaged);
    expect(await readFile(snapshotOf(home))).toEqual(whole);
  });

  test('is of a newer version is as none, and not touched', async () => {
    const home = await write();
    const newer = `${toSealed({ version: 2 })}\n`;
    await writeFile(snapshotOf(home), newer);
    expect(said(await read(home))).toEqual(FIVE);
    expect(await readFile(snapshotOf(home), 'utf8')).toBe(newer);
  });

  test('nobody has the lock for is not written', async () => {
    const { home } = await createTempProject();
    writeTurns(home, 5, { letters: LETTERS });
    using _ = lockThread(home, 'main');
    expect(said(await read(home))).toEqual(FIVE);
    expect(existsSync(snapshotOf(home))).toBe(false);
  });

  test('stands alone tells that the list was lost, which is made again', async () => {
    const home = await write();
    await rm(listOf(home));
    expect(said(await read(home))).toEqual(FIVE);
    expect(existsSync(listOf(home))).toBe(true);
  });
});

test('a deleted thread leaves nothing: no list, no snapshot, no copy that was put aside, no lock', async () => {
  const home = await write();
  await writeFile(snapshotOf(home), 'null');
  await writeFile(listOf(home), 'null\n');
  await writeFile(join(home, 'runs/a1.damaged-2026-11-21T10-00-00-000Z.jsonl'), 'Question a1');
  await read(home);
  writeTurn(home, 'x', { threadId: 'other' });
  expect(await deleteThread(home, 'main')).toBe(5);
  const left = await readdir(home, { recursive: true });
  expect(left.filter((name) => /main|a\d|part/.test(name))).toEqual([]);
  expect(left).toEqual(expect.arrayContaining(['runs/x.jsonl', 'threads/other.jsonl']));
  expect(await readThread(home, 'main')).toBeUndefined();
});

test('a thread that somebody works with is not deleted', async () => {
  const home = await write();
  using _ = lockThread(home, 'main');
  await expect(deleteThread(home, 'main')).rejects.toThrow('The thread main is in use');
  await expect(deleteRun(home, 'a5')).rejects.toThrow('The thread main is in use');
  expect(said(await read(home))).toEqual(FIVE);
});

describe('deleting a run', () => {
  test('takes it off the end of its thread, with its words in the list and the snapshot', async () => {
    const home = await write();
    writeTurn(home, 's', { threadId: 's', parent: { runId: 'a5', toolCallId: 'call_1_1' } });
    expect(await deleteRun(home, 'a5')).toBe(true);
    expect(said(await read(home))).toEqual(FIVE.slice(0, -2));
    const left = await readdir(home, { recursive: true, withFileTypes: true });
    for (const file of left.filter((entry) => entry.isFile())) {
      expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toMatch(/Question (a5|s)/);
    }
    expect(await deleteRun(home, 'a5')).toBe(false);
  });

  test('takes its words out of a snapshot that is of no use any more', async () => {
    const home = await write();
    await rewindThread(home, await read(home), { runId: 'a2' });
    await deleteRun(home, 'a5');
    await deleteRun(home, 'a4');
    const left = await readdir(home, { recursive: true, withFileTypes: true });
    for (const file of left.filter((entry) => entry.isFile())) {
      expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain('Question a4');
    }
    expect(said(await read(home))).toEqual(turnsSaid('a1', 'a2'));
  });

  test('is refused where another goes on from it', async () => {
    const home = await write();
    await expect(deleteRun(home, 'a2')).rejects.toThrow('since the run a3 goes on from it');
    expect(said(await read(home))).toEqual(FIVE);
  });

  test('takes the thread along where it was the only one', async () => {
    const { home } = await createTempProject();
    writeTurn(home, 'x');
    expect(await deleteRun(home, 'x')).toBe(true);
    expect(await readdir(home, { recursive: true })).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/main|x/)]),
    );
  });
});
