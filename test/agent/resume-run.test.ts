import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Agent } from '../../src/agent/define-agent.ts';
import { resumeRun, type UnknownDecision } from '../../src/agent/resume-run.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { readJournal } from '../../src/memory/journal.ts';
import { lockThread, readThread } from '../../src/memory/threads.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { defineTool } from '../../src/tool/define-tool.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { playWhole, type WholeRun } from './cut-runs.ts';

const made: string[] = [];
beforeEach(() => void made.splice(0));
/** Counts what it did to the world. */
const book = defineTool({
  name: 'book',
  description: 'Books.',
  effect: 'external',
  input: z.object({ entry: z.string() }),
  run: ({ entry }) => {
    made.push(entry);
    return `Booked ${entry}.`;
  },
});
const agent: Agent = { name: 'clerk', description: '', instructions: 'Do.', tools: [...builtInTools, book] };
const read = (path: string) => ({ name: 'read_file', input: { path } });
const booking = (entry: string) => ({ name: 'book', input: { entry } });
const files = { 'a.txt': 'Total: 12', 'b.txt': 'b'.repeat(3000), 'c.txt': 'c'.repeat(3000) };

/** What the run is cut behind, and how often each side effect is made then. */
async function resumeEverywhere(whole: WholeRun, from = 1): Promise<void> {
  const { facts, result } = whole;
  const before = made.splice(0);
  for (let count = from; count < facts.length; count += 1) {
    const cutBehind = `cut behind ${count} (${facts[count - 1]?.type})`;
    const asked: string[] = [];
    const known = facts.slice(0, count);
    const resumed = await whole.cut(count, {
      onUnknown: ({ toolCall }) => {
        asked.push(toolCall.name);
        return 'run-again';
      },
    });
    const { stopReason, text, messages, steps, output } = resumed.result;
    expect({ stopReason, text, steps, output }, cutBehind).toEqual({
      stopReason: result.stopReason,
      text: result.text,
      steps: result.steps,
      output: result.output,
    });
    expect(messages, cutBehind).toEqual(result.messages);
    const isDone = (entry: string) =>
      known.some(({ type, line }) => type === 'tool-call-end' && line.includes(`Booked ${entry}.`));
    expect(made.splice(0), cutBehind).toEqual(before.filter((entry) => !isDone(entry)));
    const begun = known.filter(({ type, line }) => type === 'tool-call-start' && line.includes('"book"'));
    const ended = known.filter(({ type, line }) => type === 'tool-call-end' && /Booked \d\./.test(line));
    expect(asked.filter((name) => name === 'book').length, cutBehind).toBe(begun.length - ended.length);
    // Of one that can act, and whose run is not there, nobody knows what it did.
    const isThere = ({ runId, line }: { runId: string; line: string }) => {
      const parent = `"parent":{"runId":"${runId}","toolCallId":"${JSON.parse(line).toolCall.id}"}`;
      return known.some((fact) => fact.type === 'run-start' && fact.line.includes(parent));
    };
    const alone = known.filter(
      (fact) => fact.type === 'tool-call-start' && /"ask_(helper|between)"/.test(fact.line) && !isThere(fact),
    );
    expect(asked.filter((name) => name !== 'book').length, cutBehind).toBe(alone.length);
    const steps0 = known.filter(({ type, runId }) => type === 'step-end' && runId === facts[0]?.runId).length;
    const written = resumed.events.filter(({ type }) => type === 'step-end').length;
    expect(written, cutBehind).toBe(result.steps - steps0);
    const thread = await readThread(resumed.home, result.threadId);
    expect(thread?.messages, cutBehind).toEqual(result.messages);
  }
}

describe('a run that was cut off behind any of its facts ends as one that was not', () => {
  test('with two calls at once, one of them with an effect, and an approval', async () => {
    const whole = await playWhole({
      files,
      script: [
        { thinking: 'Hm.', text: 'I look.', toolCalls: [read('a.txt'), booking('1')] },
        { toolCalls: [read('a.txt')] },
        { toolCalls: [booking('2'), booking('3')] },
        { text: 'Done.' },
      ],
      options: { agent, approve: async () => 'allow' },
    });
    expect(whole.result.stopReason).toBe('done');
    await resumeEverywhere(whole);
  });

  test('after a compaction', async () => {
    const whole = await playWhole({
      files,
      contextTokens: 2600,
      script: [
        { toolCalls: [read('b.txt')] },
        { toolCalls: [read('c.txt')] },
        { toolCalls: [booking('1')] },
        { toolCalls: [read('b.txt')] },
        { text: 'Done.' },
      ],
      options: { agent, approved: ['book'] },
    });
    expect(whole.facts.map(({ type }) => type)).toContain('context-compact');
    await resumeEverywhere(whole);
  });

  test('with an answer that is asked for in its form', async () => {
    const whole = await playWhole({
      files,
      script: [
        { toolCalls: [read('a.txt')] },
        { text: 'It is 12.' },
        { text: '{"total":"12"}' },
        { text: '{"total":12}' },
      ],
      options: { agent, output: z.object({ total: z.number() }) },
    });
    expect(whole.result.output).toEqual({ total: 12 });
    await resumeEverywhere(whole);
  });

  test('with what the user said in between', async () => {
    const whole = await playWhole({
      files,
      script: [{ toolCalls: [read('a.txt')] }, { text: 'Done.' }],
      options: { agent },
      said: 'And be short.',
    });
    const taken = whole.facts.findIndex(({ type }) => type === 'user-message') + 1;
    expect(taken).toBeGreaterThan(0);
    await resumeEverywhere(whole, taken);
  });

  test('with agents that work for it', async () => {
    const helper: Agent = { name: 'helper', description: 'Helps.', instructions: '', tools: [book] };
    const boss: Agent = { ...agent, agents: [helper] };
    const ask = (task: string) => ({ name: 'ask_helper', input: { task } });
    const whole = await playWhole({
      files,
      script: [
        { toolCalls: [ask('Book 1 and 2.')] },
        { toolCalls: [booking('1')] },
        { toolCalls: [booking('2')] },
        { text: 'Booked both.' },
        { toolCalls: [booking('3')] },
        { text: 'Done.' },
      ],
      options: { agent: { ...boss, limits: { maxSteps: 7 } }, approved: ['book'] },
    });
    expect(whole.result.stopReason).toBe('done');
    await resumeEverywhere(whole);
  });
});

describe('a run that was gone on with, cut off behind any fact before or after, ends as one that was not', () => {
  const helper: Agent = { name: 'helper', description: 'Helps.', instructions: '', tools: [book] };
  const ask = (name: string, task: string) => ({ name: `ask_${name}`, input: { task } });

  test('where an agent of it needed an approval', async () => {
    const whole = await playWhole({
      script: [
        { toolCalls: [ask('helper', 'Book 1 and 2.'), ask('helper', 'Book 3.')] },
        { toolCalls: [booking('1')] },
        { toolCalls: [booking('3')] },
        { toolCalls: [booking('2')] },
        { text: 'Booked it.' },
        { text: 'Booked both.' },
        { text: 'Done.' },
      ],
      options: { agent: { ...agent, agents: [helper] } },
      resumed: { approved: ['book'] },
    });
    expect(whole.result).toMatchObject({ stopReason: 'done', text: 'Done.' });
    expect(made.toSorted()).toEqual(['1', '2', '3']);
    await resumeEverywhere(whole);
  });

  test('where an agent of one of its agents did', async () => {
    const between: Agent = { name: 'between', description: 'Asks.', instructions: '', agents: [helper] };
    const whole = await playWhole({
      script: [
        { toolCalls: [ask('between', 'Book 1.')] },
        { toolCalls: [ask('helper', 'Book 1.')] },
        { toolCalls: [booking('1')] },
        { text: 'Booked.' },
        { text: 'It is booked.' },
        { text: 'Done.' },
      ],
      options: { agent: { ...agent, agents: [between] } },
      resumed: { approved: ['book'] },
    });
    expect(whole.result).toMatchObject({ stopReason: 'done', text: 'Done.' });
    await resumeEverywhere(whole);
  });

  test('where it was stopped', async () => {
    const stop = new AbortController();
    const stopping = defineTool({
      name: 'stop',
      description: 'Stops.',
      effect: 'read',
      input: z.object({}),
      run: async (_, { signal }) => {
        stop.abort(new Error('stop'));
        signal.throwIfAborted();
        return 'Stopped.';
      },
    });
    const whole = await playWhole({
      files,
      script: [
        { toolCalls: [booking('1')] },
        { toolCalls: [{ name: 'stop', input: {} }] },
        { toolCalls: [booking('2')] },
        { text: 'Done.' },
      ],
      options: { agent: { ...agent, tools: [book, stopping] }, approved: ['book'], signal: stop.signal },
      resumed: { signal: new AbortController().signal },
    });
    expect(whole.facts.filter(({ type }) => type === 'run-end')).toHaveLength(2);
    await resumeEverywhere(whole);
  });
});

describe('a run that is gone on with', () => {
  const twoCalls = () =>
    playWhole({
      files,
      script: [{ toolCalls: [booking('1'), booking('2')] }, { text: 'Done.' }],
      options: { agent, approve: async () => 'allow' },
    });
  const behind = ({ facts }: WholeRun, type: string, words = '') =>
    facts.findIndex((fact) => fact.type === type && fact.line.includes(words)) + 1;

  test.each<[UnknownDecision | undefined]>([['check'], [undefined]])(
    'changes nothing where a person has to look first (%s), and says at what',
    async (decision) => {
      const whole = await twoCalls();
      const count = behind(whole, 'tool-call-start', '"entry":"2"');
      made.splice(0);
      const { result, events, home } = await whole.cut(count, decision ? { onUnknown: () => decision } : {});
      expect(result).toMatchObject({
        stopReason: 'needsApproval',
        reason: expect.stringMatching(/^The outcome of book \{"entry": "2"\}, called by clerk, is not known/),
      });
      expect(events).toEqual([]);
      expect(made).toEqual([]);
      expect(await readJournal(home, result.runId)).toHaveLength(count);
    },
  );

  test('tells the model of a call that was skipped, and keeps the result of the other', async () => {
    const whole = await twoCalls();
    const count = behind(whole, 'tool-call-start', '"entry":"2"');
    made.splice(0);
    const engine = createScriptedEngine([{ text: 'I see.' }]);
    const { result } = await whole.cut(count, { onUnknown: () => 'skip', engine });
    expect(made).toEqual([]);
    expect(result).toMatchObject({ stopReason: 'done', text: 'I see.' });
    const prompt = JSON.stringify(engine.requests[0]?.prompt);
    expect(prompt).toContain('Booked 1.');
    expect(prompt).toContain('whether it took effect is not known');
  });

  test('asks again for an approval that it waited for, and only for that', async () => {
    const whole = await twoCalls();
    const asked: string[] = [];
    await whole.cut(behind(whole, 'approval-end') + 1, {
      approve: async ({ toolCall }) => {
        asked.push(String(toolCall.input.entry));
        return 'allow';
      },
    });
    expect(asked).toEqual(['2']);
  });

  test('keeps to a no that was given', async () => {
    const whole = await playWhole({
      files,
      script: [{ toolCalls: [booking('1')] }, { text: 'Then not.' }],
      options: { agent, approve: async () => 'deny' },
    });
    made.splice(0);
    const { result } = await whole.cut(behind(whole, 'approval-end'), { approve: async () => 'allow' });
    expect(result.text).toBe('Then not.');
    expect(made).toEqual([]);
  });

  test('asks where a run had ended since nobody could be asked', async () => {
    const { home, workspace } = await createTempProject(files);
    const given = { agent, workspace, home };
    const first = await runAgent({
      ...given,
      task: 'Do it.',
      engine: createScriptedEngine([{ toolCalls: [booking('1')] }]),
    });
    expect(first.stopReason).toBe('needsApproval');
    made.splice(0);
    const engine = createScriptedEngine([{ text: 'Done.' }]);
    const { runId } = first;
    const result = await resumeRun({ ...given, runId, engine, approve: async () => 'allow' });
    expect(result).toMatchObject({ stopReason: 'done', text: 'Done.', runId, steps: 2 });
    expect(made).toEqual(['1']);
  });

  test('asks where an agent of it could ask nobody', async () => {
    const { home, workspace } = await createTempProject(files);
    const helper: Agent = { name: 'helper', description: 'Helps.', instructions: '', tools: [book] };
    const given = { agent: { ...agent, agents: [helper] }, workspace, home };
    const script = [
      { toolCalls: [{ name: 'ask_helper', input: { task: 'Book 1.' } }] },
      { toolCalls: [booking('1')] },
    ];
    const first = await runAgent({ ...given, task: 'Do it.', engine: createScriptedEngine(script) });
    expect(first.stopReason).toBe('needsApproval');
    made.splice(0);
    const engine = createScriptedEngine([{ text: 'Booked.' }, { text: 'Done.' }]);
    const { runId } = first;
    const result = await resumeRun({ ...given, runId, engine, approve: async () => 'allow' });
    expect(result).toMatchObject({ stopReason: 'done', text: 'Done.' });
    expect(made).toEqual(['1']);
    expect(JSON.stringify(engine.requests[1]?.prompt)).toContain('Booked.');
  });

  test('answers again where it failed with its answer, in a context without that', async () => {
    const { home, workspace } = await createTempProject(files);
    const given = { agent, workspace, home };
    const cut = [{ toolCalls: [read('a.txt')] }, { text: 'Half an ans', finish: 'maxTokens' as const }];
    const first = await runAgent({ ...given, task: 'Do it.', engine: createScriptedEngine(cut) });
    expect(first.stopReason).toBe('failed');
    const engine = createScriptedEngine([{ text: 'It is 12.' }]);
    const result = await resumeRun({ ...given, runId: first.runId, engine });
    expect(result).toMatchObject({ stopReason: 'done', text: 'It is 12.', steps: 3 });
    expect(JSON.stringify(engine.requests[0]?.prompt)).not.toContain('Half an ans');
    const thread = await readThread(home, result.threadId);
    expect(JSON.stringify(thread?.context)).not.toContain('Half an ans');
    expect(thread?.messages).toEqual(result.messages);
  });

  test('stops at the same limits, counted from its beginning', async () => {
    const whole = await playWhole({
      files,
      script: [
        { toolCalls: [read('a.txt')] },
        { toolCalls: [read('a.txt')] },
        { toolCalls: [read('a.txt')] },
      ],
      options: { agent },
    });
    expect(whole.result.stopReason).toBe('repeated');
    await resumeEverywhere(whole);
    const limited = await playWhole({
      files,
      script: [{ toolCalls: [read('a.txt')] }, { toolCalls: [read('b.txt')] }],
      options: { agent: { ...agent, limits: { maxSteps: 2 } } },
    });
    expect(limited.result.stopReason).toBe('outOfSteps');
    await resumeEverywhere(limited);
  });

  test('counts the steps that its agents took', async () => {
    const helper: Agent = { name: 'helper', description: 'Helps.', instructions: '', tools: [book] };
    const ask = (task: string) => ({ toolCalls: [{ name: 'ask_helper', input: { task } }] });
    const whole = await playWhole({
      script: [
        ask('Book 1.'),
        { toolCalls: [booking('1')] },
        { text: 'Booked 1 for you.' },
        ask('Book 2.'),
        { toolCalls: [booking('2')] },
        { text: 'Booked 2 for you.' },
        { toolCalls: [booking('3')] },
      ],
      options: { agent: { ...agent, agents: [helper], limits: { maxSteps: 7 } }, approved: ['book'] },
    });
    expect(whole.result).toMatchObject({ stopReason: 'outOfSteps', steps: 3 });
    await resumeEverywhere(whole);
  });

  test('gives an agent its share of the steps, beside one that has answered', async () => {
    const helper: Agent = { name: 'helper', description: 'Helps.', instructions: '', tools: [book] };
    const ask = (task: string) => ({ name: 'ask_helper', input: { task } });
    const whole = await playWhole({
      script: [
        { toolCalls: [ask('Book 1.'), ask('Book 2.')] },
        { toolCalls: [booking('1')] },
        { toolCalls: [booking('2')] },
        { text: 'Booked 1 for you.' },
        { toolCalls: [booking('3')] },
        { toolCalls: [booking('4')] },
        { text: 'Booked 2 for you.' },
        { text: 'Done.' },
      ],
      options: { agent: { ...agent, agents: [helper], limits: { maxSteps: 11 } }, approved: ['book'] },
    });
    expect(whole.result).toMatchObject({ stopReason: 'done', steps: 2 });
    await resumeEverywhere(whole);
  });

  test('fails as it would have, and so do its agents', async () => {
    const form = await playWhole({
      files,
      script: [{ text: 'It is 12.' }, { text: '{"total":"12"}' }, { text: '{"total":"13"}' }],
      options: { agent, output: z.object({ total: z.number() }) },
    });
    const reader: Agent = { name: 'reader', description: 'Reads.', instructions: '' };
    const asked = await playWhole({
      script: [
        { toolCalls: [{ name: 'ask_reader', input: { task: 'Look.' } }] },
        { text: 'Half an ans', finish: 'maxTokens' },
        { text: 'I, too, am cut o', finish: 'maxTokens' },
      ],
      options: { agent: { ...agent, agents: [reader] } },
    });
    for (const whole of [form, asked]) {
      expect(whole.result.stopReason).toBe('failed');
      await resumeEverywhere(whole);
    }
  });

  test('takes what is said to it meanwhile', async () => {
    const whole = await twoCalls();
    const { home, workspace } = await createTempProject();
    const engine = createScriptedEngine([{ text: 'First.' }, { text: 'Both.' }]);
    const stop = new AbortController();
    stop.abort(new Error('stop'));
    const { runId } = await runAgent({ agent, workspace, home, task: 'Do it.', engine, signal: stop.signal });
    const run = resumeRun({ agent, workspace, home, runId, engine });
    expect(run.send('And this.')).toBe(true);
    const { messages } = await run;
    expect(JSON.stringify(messages)).toContain('And this.');
    expect(whole.result.stopReason).toBe('done');
  });

  test('says that the model is another one', async () => {
    const whole = await twoCalls();
    const said: string[] = [];
    const engine = createScriptedEngine([{ text: 'Done.' }]);
    const other = { ...engine, model: { ...engine.model, name: 'other', fingerprint: 'f00' } };
    const cut = { engine: other, warn: (sentence: string) => void said.push(sentence) };
    const { result } = await whole.cut(whole.facts.length - 3, cut);
    expect(result.stopReason).toBe('done');
    expect(said).toEqual([expect.stringMatching(/^Model differs from the recorded one: .*scripted.*other/)]);
  });

  test('is refused where there is nothing to go on with', async () => {
    const { home, workspace } = await createTempProject(files);
    const given = { agent, workspace, home };
    const engine = createScriptedEngine([{ text: 'Done.' }, { text: 'Done.' }]);
    const first = await runAgent({ ...given, task: 'Do it.', engine });
    const resume = (runId: string, more = {}) => resumeRun({ ...given, engine, ...more, runId });
    await expect(resume(first.runId)).rejects.toThrow(/is done/);
    await expect(resume('nothing')).rejects.toThrow(/does not exist/);
    await expect(resume(first.runId, { agent: { ...agent, name: 'desk' } })).rejects.toThrow(
      /agent clerk, not of desk/,
    );
    await runAgent({ ...given, task: 'More.', engine, thread: first.thread });
    await expect(resume(first.runId)).rejects.toThrow(/went on with the run/);
    using _ = lockThread(home, first.threadId);
    await expect(resume(first.runId)).rejects.toThrow(/is in use by this program/);
    await expect(runAgent({ ...given, task: 'More.', engine, thread: first.thread })).rejects.toThrow(
      /is in use/,
    );
  });
});

test('a thought that was stopped is kept beside the thread, and is thought anew', async () => {
  const { home, workspace } = await createTempProject();
  const stop = new AbortController();
  const scripted = createScriptedEngine([{ text: 'Done.' }]);
  const thinks: Engine = {
    ...scripted,
    async generate(_, { signal, onEvent } = {}) {
      for (let word = 0; word < 10_000; word += 1) onEvent?.({ type: 'thinking-delta', text: `w${word} ` });
      setTimeout(() => stop.abort(new Error('Ctrl-C')));
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const given = { agent, workspace, home };
  const { stopReason, runId, messages } = await runAgent({
    ...given,
    task: 'Do it.',
    engine: thinks,
    signal: stop.signal,
  });
  expect(stopReason).toBe('aborted');
  expect(messages).toHaveLength(1);
  const aborted = (await readJournal(home, runId)).find((entry) => entry.type === 'step-abort');
  expect(aborted).toMatchObject({ step: 1, text: '' });
  expect(aborted?.thinking).toMatch(/^w0 .*w9999 $/);
  const result = await resumeRun({ ...given, runId, engine: scripted });
  expect(result).toMatchObject({ stopReason: 'done', text: 'Done.', steps: 1 });
  expect(JSON.stringify(scripted.requests[0]?.prompt)).not.toContain('w9999');
});
