import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RunFact, RunPoint } from '../../src/events.ts';
import { listRunIds, openJournal, readJournal } from '../../src/memory/journal.ts';
import { foldMessages, foldThreads, readRuns } from '../../src/memory/threads.ts';
import { userMessage } from '../../src/messages.ts';
import { assistant, results } from '../helpers/conversations.ts';
import { createTempProject } from '../helpers/temp-project.ts';

type Start = Extract<RunFact, { type: 'run-start' }>;
const start = (threadId: string, turn: number, text = 'Hi', after?: RunPoint): Start => ({
  type: 'run-start',
  runId: 'r',
  threadId,
  turn,
  agent: 'clerk',
  model: { name: 'm', fingerprint: 'f' },
  seal: 'none',
  message: userMessage(text),
  ...(after && { after }),
});
const usage = {
  evaluatedTokens: 1,
  reusedTokens: 0,
  generatedTokens: 1,
  timeToFirstTokenMs: 1,
  tokensPerSecond: 1,
};
const stepEnd = (message: ReturnType<typeof assistant>): RunFact => ({
  type: 'step-end',
  step: 1,
  message,
  finish: 'stop',
  usage,
});

async function write(facts: readonly RunFact[], runId = 'run-1', home?: string) {
  const folder = home ?? (await createTempProject()).home;
  const journal = openJournal({ home: folder, runId });
  for (const fact of facts) journal.append(fact.type === 'run-start' ? { ...fact, runId } : fact);
  journal.close();
  return { home: folder, path: join(folder, 'runs', `${runId}.jsonl`) };
}

/** A tmpfs needs root: where there is none, the test says that it skips. */
function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

describe('a journal', () => {
  test('keeps every fact as a numbered line, readable by its owner only', async () => {
    const { home, path } = await write([start('t', 1), { type: 'step-start', step: 1 }]);
    const entries = await readJournal(home, 'run-1');
    expect(entries.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'run-start'],
      [2, 'step-start'],
    ]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
  });

  test('takes nothing more once it is closed, whoever has its file’s number by then', async () => {
    const { home } = await createTempProject();
    const journal = openJournal({ home, runId: 'one' });
    journal.append(start('t', 1));
    journal.close();
    const other = openJournal({ home, runId: 'two' });
    expect(() => journal.append({ type: 'step-start', step: 1 })).toThrow(/is closed/);
    journal.close();
    other.append({ ...start('u', 1), runId: 'two' });
    other.close();
    expect((await readJournal(home, 'two')).length).toBe(1);
  });

  test.skipIf(!canMount() && !process.env.CI)('stays readable after a full disk, which ends it', async () => {
    const { folder } = await createTempProject();
    const home = join(folder, 'small');
    await mkdir(home);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', home]);
    onTestFinished(() => void execFileSync('umount', [home]));
    const journal = openJournal({ home, runId: 'full' });
    journal.append({ ...start('t', 1), runId: 'full' });
    expect(() => journal.append(start('t', 2, 'x'.repeat(64_000)))).toThrow(/cannot be written \(ENOSPC\)/);
    expect(() => journal.append({ type: 'step-start', step: 1 })).toThrow(/cannot be written \(ENOSPC\)/);
    journal.close();
    expect((await readJournal(home, 'full')).map(({ seq }) => seq)).toEqual([1]);
  });

  test('is never begun twice', async () => {
    const { home } = await write([start('t', 1)]);
    expect(() => openJournal({ home, runId: 'run-1' })).toThrow(/cannot be written \(EEXIST\)/);
  });

  test('loses nothing but a last line that was cut off', async () => {
    const { home, path } = await write([start('t', 1), { type: 'step-start', step: 1 }]);
    await appendFile(path, '{"seq":3,"type":"step-st');
    expect((await readJournal(home, 'run-1')).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  test.each(['../secret', 'a/b', '', 'x'.repeat(200)])(
    'is not looked for under the name %j',
    async (runId) => {
      await expect(readJournal((await createTempProject()).home, runId)).rejects.toThrow(/is not a run/);
    },
  );

  test('that is missing says how to find the others', async () => {
    await expect(readJournal((await createTempProject()).home, 'nothing')).rejects.toThrow(
      /`sotto runs` lists the runs/,
    );
  });

  test('is listed, oldest first, and not where there is none', async () => {
    const { home } = await createTempProject();
    expect(await listRunIds(home)).toEqual([]);
    await write([start('t', 1)], '20260101-b', home);
    await write([start('t', 2)], '20250101-a', home);
    expect(await listRunIds(home)).toEqual(['20250101-a', '20260101-b']);
  });
});

describe('a thread', () => {
  test('is folded from its runs, each behind the one that it followed', async () => {
    const { home } = await write(
      [start('t', 2, 'second', { runId: 'run-b' }), stepEnd(assistant('two'))],
      'run-a',
    );
    await write([start('t', 1, 'first'), stepEnd(assistant('one'))], 'run-b', home);
    await write([start('u', 1, 'other')], 'run-c', home);
    const threads = foldThreads((await readRuns(home)).runs);
    expect(threads.map(({ threadId }) => threadId).toSorted()).toEqual(['t', 'u']);
    expect(threads.find(({ threadId }) => threadId === 't')?.messages).toEqual([
      userMessage('first'),
      expect.objectContaining({ text: 'one' }),
      userMessage('second'),
      expect.objectContaining({ text: 'two' }),
    ]);
  });

  test('is read although another run is damaged, which is said', async () => {
    const { home } = await write([start('t', 1)], 'good');
    const { path } = await write([start('t', 2)], 'bad', home);
    await writeFile(path, 'garbage\n');
    const { runs, damaged } = await readRuns(home);
    expect(runs.map(({ runId }) => runId)).toEqual(['good']);
    expect(damaged).toEqual([
      {
        runId: 'bad',
        threadId: undefined,
        problem: expect.stringMatching(/bad\.jsonl is damaged/),
        entries: [],
      },
    ]);
  });

  test('has a result for every call: the known one, not made, or not known', async () => {
    const message = assistant('', {
      inputs: [
        ['a', {}],
        ['b', {}],
        ['c', {}],
      ],
    });
    const [first, second] = message.toolCalls;
    if (!first || !second) throw new Error('no calls');
    const [known] = results('Total: 12').results;
    if (!known) throw new Error('no result');
    const { home } = await write([
      start('t', 1),
      stepEnd(message),
      { type: 'tool-call-start', toolCall: first },
      { type: 'tool-call-end', result: { ...known, toolCallId: first.id }, durationMs: 1 },
      { type: 'tool-call-start', toolCall: second },
    ]);
    const folded = foldMessages(await readJournal(home, 'run-1')).at(-1);
    expect(folded?.role === 'tool' ? folded.results.map(({ content }) => content[0]?.text) : []).toEqual([
      'Total: 12',
      expect.stringMatching(/whether it took effect is not known/),
      expect.stringMatching(/was not made/),
    ]);
  });
});
