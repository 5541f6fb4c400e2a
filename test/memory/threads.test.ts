import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { runAgent } from '../../src/agent/run-agent.ts';
import { loadThread } from '../../src/cli/load-thread.ts';
import { ConfigError } from '../../src/errors.ts';
import { noUsage, type RunFact, type RunPoint } from '../../src/events.ts';
import { type JournalEntry, openJournal } from '../../src/memory/journal.ts';
import {
  deleteThread,
  endOf,
  foldThreads,
  type RunRecord,
  readRuns,
  type Thread,
  threadAt,
  turnsOf,
} from '../../src/memory/threads.ts';
import { contentText, type ToolCall, userMessage } from '../../src/messages.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';

type Start = Partial<Extract<RunFact, { type: 'run-start' }>>;

const start = (runId: string, options: Start & { readonly says?: string } = {}): RunFact => {
  const { says, ...rest } = options;
  return {
    type: 'run-start',
    runId,
    threadId: 'main',
    turn: 1,
    agent: 'clerk',
    model: { name: 'm', fingerprint: 'm' },
    seal: 'none',
    ...(says !== undefined && { message: userMessage(says) }),
    ...rest,
  };
};
const behind = (runId: string, steps?: number): { after: RunPoint } => ({
  after: { runId, ...(steps !== undefined && { steps }) },
});
const step = (number: number, text: string, toolCalls: readonly ToolCall[] = []): RunFact[] => [
  { type: 'step-start', step: number },
  {
    type: 'step-end',
    step: number,
    message: { role: 'assistant', thinking: '', text, toolCalls },
    finish: 'stop',
    usage: noUsage,
  },
];
const call: ToolCall = { id: 'call_1_1', name: 'read_file', input: {} };
const callStart: RunFact = { type: 'tool-call-start', toolCall: call };
const callEnd = (text: string): RunFact => ({
  type: 'tool-call-end',
  result: { toolCallId: call.id, isError: false, content: [{ type: 'text', text }] },
  durationMs: 1,
});
const end: RunFact = { type: 'run-end', stopReason: 'done', steps: 1, usage: noUsage };

let clock = 0;
/** A run as its journal has it; the next one is a millisecond later. */
function run(facts: readonly RunFact[], at = new Date(++clock).toISOString()): RunRecord {
  const [first] = facts;
  const runId = first?.type === 'run-start' ? first.runId : '';
  return { runId, entries: facts.map((fact, index): JournalEntry => ({ seq: index + 1, at, ...fact })) };
}
/** A turn: a question, and its answer in one step. */
const turn = (runId: string, says: string, options: Start = {}): RunRecord =>
  run([start(runId, { says, ...options }), ...step(1, `Answer to ${says}`), end]);

const said = ({ messages }: Pick<Thread, 'messages'>): readonly string[] =>
  messages.flatMap((message) =>
    message.role === 'user'
      ? [contentText(message.content)]
      : message.role === 'tool'
        ? message.results.map(({ content }) => `< ${contentText(content)}`)
        : [message.text],
  );
const only = (runs: readonly RunRecord[]): Thread => {
  const [thread, ...others] = foldThreads(runs);
  if (!thread || others.length > 0) throw new Error(`${others.length + 1} threads`);
  return thread;
};

describe('runs', () => {
  test('of the same second come in the order in which they began, whatever their ids', async () => {
    const { home } = await createTempProject();
    for (const runId of ['20260101-000000-ff', '20260101-000000-aa']) {
      const journal = openJournal({ home, runId });
      journal.append(start(runId, { says: runId }));
      journal.close();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const { runs } = await readRuns(home);
    expect(runs.map(({ runId }) => runId)).toEqual(['20260101-000000-ff', '20260101-000000-aa']);
  });
});

describe('a thread', () => {
  test('is the way from its first run to the newest one', () => {
    const thread = only([turn('r1', 'A'), turn('r2', 'B', behind('r1')), turn('r3', 'C', behind('r2'))]);
    expect(said(thread)).toEqual(['A', 'Answer to A', 'B', 'Answer to B', 'C', 'Answer to C']);
    expect(turnsOf(thread)).toBe(3);
    expect(endOf(thread)).toEqual({ runId: 'r3', entries: 4 });
    expect(thread.context).toEqual(thread.messages);
  });

  test('leaves out what an edit replaced', () => {
    const runs = [turn('r1', 'A'), turn('r2', 'B', behind('r1')), turn('r3', 'B2', behind('r1'))];
    expect(said(only(runs))).toEqual(['A', 'Answer to A', 'B2', 'Answer to B2']);
  });

  test('has the first turn replaced by one that follows nothing', () => {
    expect(said(only([turn('r1', 'A'), turn('r2', 'A2')]))).toEqual(['A2', 'Answer to A2']);
  });

  test('has the same question answered anew after a retry', () => {
    const runs = [
      turn('r1', 'A'),
      turn('r2', 'B', behind('r1')),
      run([start('r3', behind('r2', 0)), ...step(1, 'Better'), end]),
    ];
    const thread = only(runs);
    expect(said(thread)).toEqual(['A', 'Answer to A', 'B', 'Better']);
    expect(turnsOf(thread)).toBe(2);
  });

  test('keeps the steps before a retried one, with the results of their calls', () => {
    const first = run([
      start('r1', { says: 'A' }),
      ...step(1, 'I look.', [call]),
      callStart,
      callEnd('found'),
      ...step(2, 'Wrong.'),
      end,
    ]);
    const thread = only([first, run([start('r2', behind('r1', 1)), ...step(1, 'Right.'), end])]);
    expect(said(thread)).toEqual(['A', 'I look.', '< found', 'Right.']);
    expect(said(threadAt([first], 'main', { runId: 'r1', steps: 1 }))).toEqual(['A', 'I look.', '< found']);
  });

  test('goes on through a cut run to the runs before it, and ends where the cut is', () => {
    const runs = [
      turn('r1', 'A'),
      run([start('r2', { says: 'B', ...behind('r1') }), ...step(1, 'one', [call]), ...step(2, 'two'), end]),
    ];
    const cut = threadAt(runs, 'main', { runId: 'r2', steps: 1 });
    expect(said(cut).slice(0, 4)).toEqual(['A', 'Answer to A', 'B', 'one']);
    expect(endOf(cut)).toMatchObject({ runId: 'r2', steps: 1 });
    expect(cut.runs.at(-1)?.entries.some(({ type }) => type === 'run-end')).toBe(false);
  });

  test('branches into another thread, and both go on by themselves', () => {
    const runs = [
      turn('r1', 'A'),
      turn('r2', 'B', { threadId: 'other', ...behind('r1') }),
      turn('r3', 'C', behind('r1')),
      turn('r4', 'D', { threadId: 'other', ...behind('r2') }),
    ];
    const threads = foldThreads(runs);
    expect(threads.map(({ threadId }) => threadId)).toEqual(['main', 'other']);
    expect(threads.map(said)).toEqual([
      ['A', 'Answer to A', 'C', 'Answer to C'],
      ['A', 'Answer to A', 'B', 'Answer to B', 'D', 'Answer to D'],
    ]);
  });

  test('stays where it is when only a branch of it went on', () => {
    const runs = [turn('r1', 'A'), turn('r2', 'B', { threadId: 'other', ...behind('r1') })];
    expect(foldThreads(runs).map(said)).toEqual([
      ['A', 'Answer to A'],
      ['A', 'Answer to A', 'B', 'Answer to B'],
    ]);
  });

  test('ends with the later of two leaves, whatever the clock said', () => {
    const leaves = [turn('r3', 'C', behind('r1')), turn('r2', 'B', behind('r1'))];
    expect(endOf(only([turn('r1', 'A'), ...leaves]))).toEqual({ runId: 'r2', entries: 4 });
    expect(endOf(only([turn('r1', 'A'), ...leaves.toReversed()]))).toEqual({ runId: 'r3', entries: 4 });
  });

  test('keeps its order where the clock went back or stood still', () => {
    const [early, late] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z'];
    const runs = [
      run([start('r9', { says: 'A' }), ...step(1, 'a'), end], late),
      run([start('r5', { says: 'B', ...behind('r9') }), ...step(1, 'b'), end], early),
      run([start('r7', { says: 'C', ...behind('r5') }), ...step(1, 'c'), end], early),
    ];
    expect(said(only(runs))).toEqual(['A', 'a', 'B', 'b', 'C', 'c']);
  });

  test('takes in a run that was killed, and says of its call that the outcome is not known', () => {
    const killed = run([start('r1', { says: 'A' }), ...step(1, 'I look.', [call]), callStart]);
    const thread = only([killed, turn('r2', 'B', behind('r1'))]);
    expect(said(thread)).toEqual([
      'A',
      'I look.',
      expect.stringContaining('whether it took effect is not known'),
      'B',
      'Answer to B',
    ]);
  });

  test('does not take a result of an earlier run for that of a later call with the same id', () => {
    const runs = [
      run([
        start('r1', { says: 'A' }),
        ...step(1, '', [call]),
        callStart,
        callEnd('old'),
        ...step(2, 'x'),
        end,
      ]),
      run([start('r2', { says: 'B', ...behind('r1') }), ...step(1, '', [call])]),
    ];
    expect(said(only(runs)).at(-1)).toContain('was not made');
  });

  test('has what was said while a run worked, before the step that took it in', () => {
    const facts: RunFact[] = [
      start('r1', { says: 'A' }),
      ...step(1, '', [call]),
      callStart,
      callEnd('found'),
      { type: 'user-message', step: 2, from: 'user', message: userMessage('Be quick.') },
      ...step(2, 'Done.'),
    ];
    expect(said(only([run(facts)]))).toEqual(['A', '', '< found', 'Be quick.', 'Done.']);
    expect(said(threadAt([run(facts)], 'main', { runId: 'r1', steps: 1 }))).toEqual(['A', '', '< found']);
  });

  test('keeps all that was said after a compaction, and gives the model what is left', () => {
    const compact: RunFact = {
      type: 'context-compact',
      step: 1,
      dropped: [],
      promptTokens: 9,
      roomTokens: 5,
      context: [userMessage('summary'), userMessage('B')],
    };
    const runs = [
      turn('r1', 'A'),
      run([start('r2', { says: 'B', ...behind('r1') }), compact, ...step(1, 'b'), end]),
      turn('r3', 'C', behind('r2')),
    ];
    const thread = only(runs);
    expect(said(thread)).toEqual(['A', 'Answer to A', 'B', 'b', 'C', 'Answer to C']);
    expect(said({ messages: thread.context })).toEqual(['summary', 'B', 'b', 'C', 'Answer to C']);
  });

  test('is empty without a point', () => {
    const thread = threadAt([turn('r1', 'A')], 'new');
    expect(thread).toMatchObject({ threadId: 'new', runs: [], messages: [], context: [] });
    expect(endOf(thread)).toBeUndefined();
  });

  test('of 2,000 turns is folded without a search through all runs for each of them', () => {
    let lookups = 0;
    const runs = Array.from({ length: 2000 }, (_, index): RunRecord => {
      const { runId, entries } = turn(`r${index}`, `${index}`, index > 0 ? behind(`r${index - 1}`) : {});
      return {
        entries,
        get runId() {
          lookups += 1;
          return runId;
        },
      };
    });
    expect(only(runs).messages).toHaveLength(4000);
    expect(lookups).toBeLessThan(10 * 2000);
  });
});

describe('a thread whose way is broken', () => {
  const runs = [turn('r2', 'B', behind('r1')), turn('r3', 'C', behind('r2'))];

  test('names the run that is missing', () => {
    expect(only(runs)).toMatchObject({ missing: 'r1', runs: [{ runId: 'r2' }, { runId: 'r3' }] });
    expect(only([turn('r1', 'A'), ...runs])).not.toHaveProperty('missing');
  });

  test('ends, where a run follows itself', () => {
    const [a, b] = [turn('r1', 'A', behind('r2')), turn('r2', 'B', behind('r1'))];
    expect(threadAt([a, b], 'main', { runId: 'r2' })).toMatchObject({ missing: 'r2' });
  });

  test('is not gone on with: the model is not asked, and no run begins', async () => {
    const { workspace } = await createTempProject();
    const home = await write(runs);
    const engine = createScriptedEngine([{ text: 'Hello.' }]);
    const agent = { name: 'clerk', description: '', instructions: '' };
    const going = runAgent({ agent, task: 'Go on.', engine, workspace, home, thread: only(runs) });
    await expect(going).rejects.toThrow(/thread main cannot go on, since its run r1/);
    expect(engine.requests).toEqual([]);
    expect(await readdir(join(home, 'runs'))).toEqual(['r2.jsonl', 'r3.jsonl']);
  });
});

/** Journals on the disk, as runs leave them. */
async function write(records: readonly RunRecord[]): Promise<string> {
  const { home } = await createTempProject();
  for (const { runId, entries } of records) {
    const journal = openJournal({ home, runId, durable: false });
    for (const { seq: _, at: __, ...fact } of entries) journal.append(fact as RunFact);
    journal.close();
  }
  return home;
}
const idsIn = async (home: string) => (await readdir(join(home, 'runs'))).sort();

describe('loading a thread', () => {
  test('gives an empty one for a name that is new', async () => {
    expect(await loadThread(await write([turn('r1', 'A')]), 'new')).toMatchObject({ messages: [] });
  });

  test('refuses one of whose runs a journal was deleted', async () => {
    const home = await write([turn('r1', 'A'), turn('r2', 'B', behind('r1'))]);
    await rm(join(home, 'runs/r1.jsonl'));
    await expect(loadThread(home, 'main')).rejects.toThrow(ConfigError);
    await expect(loadThread(home, 'main')).rejects.toThrow('its run r1 is not there');
  });

  test('brings back the beginning of a damaged journal, for a branch of it too, and says what was lost', async () => {
    const two = run([
      start('r1', { says: 'A' }),
      ...step(1, 'a', [call]),
      callStart,
      callEnd('x'),
      ...step(2, 'b'),
    ]);
    const home = await write([two, turn('r2', 'B', { threadId: 'other', ...behind('r1') })]);
    const path = join(home, 'runs/r1.jsonl');
    const damaged = (await readFile(path, 'utf8')).replace('"text":"b"', '"text":"c"');
    await writeFile(path, damaged);
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    onTestFinished(() => warned.mockRestore());
    expect(said(await loadThread(home, 'other'))).toEqual(['A', 'a', '< x', 'B', 'Answer to B']);
    expect(said(await loadThread(home, 'main'))).toEqual(['A', 'a', '< x']);
    expect(warned.mock.calls).toEqual([
      [expect.stringMatching(/run r1 was damaged in line 7 of 7: it is there up to step 1/), 'SottoWarning'],
    ]);
    const [aside = ''] = (await readdir(join(home, 'runs'))).filter((name) => name.includes('.damaged-'));
    expect(await readFile(join(home, 'runs', aside), 'utf8')).toBe(damaged);
  });

  test('takes a thread whose neighbour is damaged', async () => {
    const home = await write([turn('r1', 'A'), turn('r2', 'B', { threadId: 'other' })]);
    await writeFile(
      join(home, 'runs/r1.jsonl'),
      `${JSON.stringify({ seq: 1, at: '', ...start('r2') })}\nbroken\n{}\n`,
    );
    expect(said(await loadThread(home, 'other'))).toEqual(['B', 'Answer to B']);
  });
});

describe('deleting a thread', () => {
  const parent = (runId: string) => ({ parent: { runId, toolCallId: 'call_1_1' } });

  test('takes its replaced runs and its sub-agents along, those of sub-agents too, and leaves the others', async () => {
    const home = await write([
      turn('r1', 'A'),
      turn('r2', 'B', behind('r1')),
      turn('r3', 'B2', behind('r1')),
      turn('s2', 'deeper', { threadId: 's2', ...parent('s9') }),
      turn('s9', 'help', { threadId: 's9', ...parent('r2') }),
      turn('x1', 'X', { threadId: 'other' }),
    ]);
    expect(await deleteThread(home, 'main')).toBe(5);
    expect(await idsIn(home)).toEqual(['x1.jsonl']);
  });

  test('is refused while another thread goes on from it, and nothing is deleted', async () => {
    const home = await write([turn('r1', 'A'), turn('r2', 'B', { threadId: 'other', ...behind('r1') })]);
    await expect(deleteThread(home, 'main')).rejects.toThrow('since the thread other goes on from it');
    expect(await idsIn(home)).toEqual(['r1.jsonl', 'r2.jsonl']);
    expect(await deleteThread(home, 'other')).toBe(1);
    expect(await deleteThread(home, 'main')).toBe(1);
  });

  test('takes a damaged journal along', async () => {
    const home = await write([turn('r1', 'A')]);
    await writeFile(
      join(home, 'runs/r2.jsonl'),
      `${JSON.stringify({ seq: 1, at: '', ...start('r2') })}\nbroken\n{}\n`,
    );
    expect(await deleteThread(home, 'main')).toBe(2);
    expect((await readRuns(home)).damaged).toEqual([]);
  });
});
