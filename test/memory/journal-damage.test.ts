import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { JournalError } from '../../src/errors.ts';
import { noUsage, type RunFact } from '../../src/events.ts';
import { openJournal, readEntries, readJournal, recoverJournal } from '../../src/memory/journal.ts';
import { readRuns } from '../../src/memory/threads.ts';
import { userMessage } from '../../src/messages.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const start: RunFact = {
  type: 'run-start',
  runId: 'one',
  threadId: 't',
  turn: 1,
  agent: 'clerk',
  model: { name: 'm', fingerprint: 'm' },
  seal: 'none',
  message: userMessage('Grüße, 世界'),
};
const facts: readonly RunFact[] = [
  start,
  { type: 'step-start', step: 1 },
  {
    type: 'step-end',
    step: 1,
    message: { role: 'assistant', thinking: '', text: 'Wörter', toolCalls: [] },
    finish: 'stop',
    usage: noUsage,
  },
  { type: 'run-end', stopReason: 'done', steps: 1, usage: noUsage },
];

async function write(): Promise<{ home: string; path: string; bytes: Buffer }> {
  const { home } = await createTempProject();
  const journal = openJournal({ home, runId: 'one' });
  for (const fact of facts) journal.append(fact);
  journal.close();
  const path = join(home, 'runs/one.jsonl');
  return { home, path, bytes: await readFile(path) };
}
const asideIn = async (home: string) =>
  (await readdir(join(home, 'runs'))).filter((name) => name.includes('.damaged-'));
const linesOf = (bytes: Buffer) => bytes.toString('utf8').trimEnd().split('\n');
const fromLines = (lines: readonly string[]) => Buffer.from(`${lines.join('\n')}\n`);

/** What became of the bytes, and how many entries are left. */
const DAMAGE: readonly [string, (bytes: Buffer) => Buffer, number][] = [
  ['nothing is in it', () => Buffer.alloc(0), 0],
  ['it is `null`', () => Buffer.from('null\n'), 0],
  ['it is zeros', (bytes) => Buffer.alloc(bytes.length), 0],
  ['it is another JSON', () => Buffer.from('{"name":"sotto","seq":1}\n[]\n'), 0],
  ['a byte of a text is another', (bytes) => flip(bytes, 'rter'), 2],
  ['a checksum is another', (bytes) => flip(bytes, '"crc":"', 1), 0],
  ['it is no UTF-8 any more', (bytes) => Buffer.from(bytes.map((byte) => (byte === 0xb6 ? 0xff : byte))), 2],
  ['a line is missing', (bytes) => fromLines(linesOf(bytes).toSpliced(1, 1)), 1],
  ['two lines stand in another order', (bytes) => fromLines(swap(linesOf(bytes))), 2],
  [
    'the second half is of another file',
    (bytes) => fromLines([...linesOf(bytes).slice(0, 2), '{"version":1}']),
    2,
  ],
  ['a block within is zeros', (bytes) => Buffer.from(bytes).fill(0, 60, bytes.length - 80), 0],
  ['its head has a mark of byte order', (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes]), 0],
];
function flip(bytes: Buffer, text: string, extra = 0): Buffer {
  const damaged = Buffer.from(bytes);
  const at = damaged.indexOf(text) + text.length - 1 + extra;
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  return damaged;
}
const swap = ([a = '', b = '', c = '', d = '']: readonly string[]) => [a, b, d, c];

describe.each(DAMAGE)('a journal of which %s', (_, damage, left) => {
  test('is read up to there, left as it is, and not taken for a whole one', async () => {
    const { home, path, bytes } = await write();
    const damaged = damage(bytes);
    await writeFile(path, damaged);
    const { entries, problem } = readEntries(home, 'one');
    expect(entries.map(({ type }) => type)).toEqual(facts.slice(0, left).map(({ type }) => type));
    if (damaged.includes('\n')) {
      expect(problem).toMatch(
        /^The journal \S+one\.jsonl is damaged in line \d\. It was left as it is; [^.]+\.$/,
      );
      await expect(readJournal(home, 'one')).rejects.toThrow(JournalError);
    }
    expect((await readRuns(home)).runs).toEqual([]);
    expect(await readFile(path)).toEqual(damaged);
  });

  test('is put aside when it is gone on with, and its good beginning is the journal', async () => {
    const { home, path, bytes } = await write();
    const damaged = damage(bytes);
    await writeFile(path, damaged);
    const { entries, lost } = recoverJournal(home, 'one');
    expect(entries).toHaveLength(left);
    expect(lost).toMatch(
      /^The journal of the run one was damaged .*The damaged file is kept as \S+\.jsonl\.$/,
    );
    const [aside = '', ...others] = await asideIn(home);
    expect(others).toEqual([]);
    expect(await readFile(join(home, 'runs', aside))).toEqual(damaged);
    if (left === 0) await expect(readFile(path)).rejects.toThrow('ENOENT');
    else expect(await readJournal(home, 'one')).toEqual(entries);
    expect((await readRuns(home)).damaged).toEqual([]);
  });
});

test.each([
  ['from its first line on', (line: string) => line.replace('"version":1', '"version":2')],
  ['which nothing else tells', (line: string) => line],
])('a journal of a newer version, %s, is not touched', async (_, change) => {
  const { home, path } = await write();
  const { toSealed } = await import('../../src/memory/sealed-lines.ts');
  const made = fromLines([change(toSealed({ seq: 1, at: '', version: 2, ...start }))]);
  await writeFile(path, made);
  expect(() => readEntries(home, 'one')).toThrow('was made by a newer version of Sotto');
  expect(() => recoverJournal(home, 'one')).toThrow('was made by a newer version of Sotto');
  expect(await readFile(path)).toEqual(made);
  expect(await asideIn(home)).toEqual([]);
});

test('a folder in the place of a journal is said, and left alone', async () => {
  const { home, path } = await write();
  await rm(path);
  await mkdir(path);
  expect(() => recoverJournal(home, 'one')).toThrow(/cannot be read: it is a folder \(EISDIR\)/);
  expect((await readRuns(home)).damaged).toHaveLength(1);
  expect(await asideIn(home)).toEqual([]);
});

test('a journal that was cut off anywhere is gone on with behind its last whole line', async () => {
  const { home, path, bytes } = await write();
  for (let size = bytes.indexOf('\n'); size < bytes.length; size += 1) {
    await writeFile(path, bytes.subarray(0, size));
    const { entries, lost } = recoverJournal(home, 'one');
    expect(lost).toBeUndefined();
    const journal = openJournal({ home, runId: 'one', durable: false, entries });
    for (const fact of facts.slice(entries.length)) journal.append(fact);
    journal.close();
    const again = await readJournal(home, 'one');
    expect(again.map(({ seq, type }) => [seq, type])).toEqual(
      facts.map(({ type }, index) => [index + 1, type]),
    );
  }
  expect(await asideIn(home)).toEqual([]);
});

test('a journal of earlier, without checksums, is read, and gone on with', async () => {
  const { home, path } = await write();
  const old = facts.slice(0, 3).map((fact, index) => JSON.stringify({ seq: index + 1, at: 'then', ...fact }));
  await writeFile(path, fromLines(old));
  const { entries } = recoverJournal(home, 'one');
  expect(entries.map(({ at }) => at)).toEqual(['then', 'then', 'then']);
  const journal = openJournal({ home, runId: 'one', entries });
  journal.append({ type: 'run-end', stopReason: 'done', steps: 1, usage: noUsage });
  journal.close();
  expect(await readJournal(home, 'one')).toHaveLength(4);
});

test('a line without a checksum does not stand behind one that has it', async () => {
  const { home, path, bytes } = await write();
  const [first = ''] = linesOf(bytes);
  await writeFile(path, fromLines([first, '{"seq":2,"at":"","type":"step-start","step":1}', first]));
  expect(readEntries(home, 'one').entries).toHaveLength(1);
});
