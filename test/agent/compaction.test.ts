/** Whole runs in a context that is too small for them. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Agent } from '../../src/agent/define-agent.ts';
import { type RunAgentOptions, runAgent } from '../../src/agent/run-agent.ts';
import type { GenerateRequest } from '../../src/engine/engine.ts';
import { ContextOverflowError, EngineCrashError } from '../../src/errors.ts';
import type { RunEvent } from '../../src/events.ts';
import { foldThreads, readRuns, type Thread } from '../../src/memory/threads.ts';
import { contentText, type Message } from '../../src/messages.ts';
import type { ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { defineTool } from '../../src/tool/define-tool.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { createSmallEngine } from './small-engine.ts';

const CONTEXT_TOKENS = 2000;

const input = z.object({ page: z.int() });
const page = defineTool({
  name: 'page',
  description: '',
  effect: 'read',
  input,
  run: ({ page: number }) => `Page ${number}. ${'word '.repeat(180)}End of ${number}.`,
});
const send = defineTool({
  name: 'send',
  description: '',
  effect: 'external',
  input,
  run: ({ page: number }) => `Sent ${number}. ${'word '.repeat(180)}`,
});
const huge = defineTool({
  name: 'huge',
  description: '',
  effect: 'read',
  input: z.object({ at: z.int() }),
  run: () => 'a line of this text\n'.repeat(4000),
});

const call = (name: string, number: number, thinking = '') => ({
  thinking,
  toolCalls: [{ name, input: { page: number } }],
});

async function play(
  script: readonly ScriptedMessage[],
  { task = 'Read all pages.', ...options }: Partial<RunAgentOptions> & { readonly tokens?: number } = {},
) {
  const { home, workspace } = await createTempProject();
  const engine = createSmallEngine(script, options.tokens ?? CONTEXT_TOKENS);
  const events: RunEvent[] = [];
  const agent: Agent = {
    name: 'reader',
    description: '',
    instructions: 'You read.',
    tools: [page, send, huge],
    approve: ['send'],
  };
  const onEvent = (event: RunEvent) => events.push(event);
  const base = { agent, task, engine, workspace, home, onEvent, durable: false };
  return { result: await runAgent({ ...base, ...options }), engine, events, home, workspace, agent };
}

/** Sums up by itself, beside its script. */
function createSummingEngine(script: readonly ScriptedMessage[]) {
  const scripted = createSmallEngine(script, CONTEXT_TOKENS);
  let asked = 0;
  const generate: typeof scripted.generate = (request, options) => {
    if (!promptText(request).includes('You sum up')) return scripted.generate(request, options);
    asked += 1;
    return createSmallEngine([{ text: `Summary ${asked}.` }], CONTEXT_TOKENS).generate(request);
  };
  return { ...scripted, generate, summaries: () => asked };
}

const compactions = (events: readonly RunEvent[]) =>
  events.filter((event) => event.type === 'context-compact');
const promptText = (request: GenerateRequest | undefined) =>
  (request?.prompt ?? []).map((part) => ('text' in part ? part.text : '')).join('');
const resultTexts = (messages: readonly Message[]) =>
  messages.flatMap((message) =>
    message.role === 'tool' ? message.results.map(({ content }) => contentText(content)) : [],
  );

describe('a context that is too small for a run', () => {
  const steps = [1, 2, 3, 4, 5, 6].map((number) => call('page', number));

  test('loses its oldest results, and the model is told how to see them again', async () => {
    const { result, engine, events } = await play([...steps, { text: 'All read.' }]);
    expect(result).toMatchObject({ stopReason: 'done', text: 'All read.', steps: 7 });
    expect(compactions(events).map(({ step }) => step)).toEqual([5]);
    const [first] = compactions(events);
    expect(first).toMatchObject({ step: 5, roomTokens: 1498 });
    expect(first?.dropped[0]).toMatchObject({ type: 'tool-result', name: 'page', toolCallId: 'call_1_1' });
    expect(first?.promptTokens).toBeGreaterThan(1498);
    const last = promptText(engine.requests.at(-1));
    expect(last).toContain(
      'Left out to save room: the result of page {"page":1}, 917 characters. The same call gives it again.',
    );
    expect(last).not.toContain('End of 1.');
    expect(last).toContain('End of 6.');
    expect(last).toContain('Read all pages.');
    engine.assertComplete();
  });

  test('stays whole in the thread and in the result', async () => {
    const { result, home } = await play([...steps, { text: 'All read.' }]);
    const whole = resultTexts(result.messages);
    expect(whole.map((text) => text.slice(-9))).toEqual([1, 2, 3, 4, 5, 6].map((at) => `End of ${at}.`));
    const [thread] = foldThreads((await readRuns(home)).runs);
    expect(thread?.messages).toEqual(result.messages);
    expect(thread?.context).toEqual(result.thread.context);
    expect(resultTexts(thread?.context ?? [])[0]).toMatch(/^\[Left out/);
  });

  test('is what the next run of the thread goes on with', async () => {
    const first = await play([...steps.slice(0, 5), { text: 'All read.' }]);
    const [thread] = foldThreads((await readRuns(first.home)).runs);
    const { engine, result } = await play([{ text: 'Six.' }], {
      ...(thread && { thread }),
      home: first.home,
      task: 'How many?',
    });
    const before = promptText(first.engine.requests.at(-1)).replace(/<think>\n$/, '');
    expect(promptText(engine.requests[0]).startsWith(before)).toBe(true);
    expect(resultTexts(result.messages)[0]).toContain('End of 1.');
  });

  test('never invites the model to make a call again that has an effect', async () => {
    const { engine, events } = await play([
      ...[1, 2, 3, 4].map((number) => call('send', number)),
      { text: 'ok' },
    ]);
    expect(compactions(events).length).toBeGreaterThan(0);
    const prompt = promptText(engine.requests.at(-1));
    expect(prompt).toContain('the result of send {"page":1}');
    expect(prompt).toContain('The call was made: do not make it again.');
    expect(prompt).not.toContain('The same call gives it again.');
  });

  test('never invites the model to ask an agent again, which may have had an effect', async () => {
    const mailer: Agent = {
      name: 'mailer',
      description: '',
      instructions: '',
      tools: [send],
      approve: ['send'],
    };
    const agent: Agent = {
      name: 'lead',
      description: '',
      instructions: '',
      tools: [page],
      agents: [mailer],
    };
    const { engine, events } = await play(
      [
        { toolCalls: [{ name: 'ask_mailer', input: { task: 'Mail it.' } }] },
        call('send', 1),
        { text: 'Sent to all. '.repeat(70) },
        ...[1, 2, 3, 4, 5].map((number) => call('page', number)),
        { text: 'ok' },
      ],
      { agent, approved: ['send'] },
    );
    expect(compactions(events)).not.toEqual([]);
    expect(promptText(engine.requests.at(-1))).toMatch(
      /the result of ask_mailer [^\]]*The call was made: do not make it again\.\]/,
    );
  });

  test('never says that a refused call was made', async () => {
    const pick = defineTool({
      name: 'pick',
      description: '',
      effect: 'write',
      input: z.object({ name: z.enum(Array.from({ length: 60 }, (_, at) => `option-number-${at}`)) }),
      run: () => 'ok',
    });
    const agent: Agent = { name: 'a', description: '', instructions: '', tools: [pick, page] };
    const { engine, events } = await play(
      [
        { toolCalls: [{ name: 'pick', input: { name: 'none' } }] },
        ...[1, 2, 3, 4].map((number) => call('page', number)),
        { text: 'ok' },
      ],
      { agent, tokens: 2600 },
    );
    const dropped = compactions(events).flatMap((event) => event.dropped);
    expect(dropped).toContainEqual(expect.objectContaining({ name: 'pick' }));
    const prompt = promptText(engine.requests.at(-1));
    expect(prompt).toMatch(
      /The call of pick was not made\. .*\n\[Left out to save room: the rest of this failure/,
    );
    expect(prompt).not.toContain('The call was made');
  });

  test('loses old thoughts once the results are gone, and the tokens that hold them', async () => {
    const thoughtful = [1, 2, 3].map((number) => call('page', number, `Thought ${number}. `.repeat(150)));
    const { engine, events } = await play([...thoughtful, { text: 'ok' }]);
    const dropped = compactions(events).flatMap((event) => event.dropped);
    expect(dropped).toContainEqual(expect.objectContaining({ type: 'thinking' }));
    expect(promptText(engine.requests.at(-1))).not.toContain('Thought 1.');
  });

  test('has old turns summed up by the model, marked as a summary', async () => {
    const talk = 'blah '.repeat(700);
    const first = await play([{ text: talk }], { task: `My name is Ada. ${'blah '.repeat(700)}` });
    const { engine, events, result } = await play(
      [{ text: 'Ada.' }, { text: 'Ada said blah.' }, { text: 'You are Ada.' }],
      {
        thread: first.result.thread,
        home: first.home,
        task: 'Who am I?',
      },
    );
    expect(result).toMatchObject({ stopReason: 'done', text: 'You are Ada.' });
    expect(compactions(events)).toMatchObject([
      { dropped: [{ type: 'turns', turns: 1, steps: 1, summary: 'Ada said blah.' }] },
    ]);
    const [asked, askedOn, answered] = engine.requests;
    expect(asked).toMatchObject({ tools: [], thinking: false });
    expect(asked?.session).toBeUndefined();
    expect(promptText(asked)).toContain('My name is Ada.');
    expect(promptText(askedOn)).toContain('Summary of what came before:\nAda.\n');
    expect(promptText(answered)).toMatch(/\[A summary .*made by the program.*\]\nAda said blah\./);
    expect(promptText(answered)).toContain('Who am I?');
    expect(result.messages).toHaveLength(4);
  });

  test('keeps the special tokens of a summary plain text', async () => {
    const first = await play([{ text: 'blah '.repeat(1400) }]);
    const said = { text: 'He said <|im_end|> so.' };
    const { engine } = await play([said, said, { text: 'ok' }], {
      thread: first.result.thread,
      home: first.home,
    });
    const holding = engine.requests[2]?.prompt.filter(
      (part) => 'text' in part && part.text.includes('He said <|im_end|>'),
    );
    expect(holding).toMatchObject([{ trusted: false }]);
  });

  test('has the old steps of a long run summed up, the task as it was given', async () => {
    const many = Array.from({ length: 40 }, (_, at) => call('page', at));
    const { home, workspace } = await createTempProject();
    const engine = createSummingEngine([...many, { text: 'done' }]);
    const agent = { name: 'a', description: '', instructions: '', tools: [page], limits: { maxSteps: 50 } };
    const result = await runAgent({
      agent,
      task: 'Read on and on.',
      engine,
      workspace,
      home,
      durable: false,
    });
    expect(result).toMatchObject({ stopReason: 'done', steps: 41 });
    const asked = engine.summaries();
    expect(asked).toBeGreaterThan(0);
    const last = promptText(engine.requests.at(-1));
    expect(last).toContain(`Summary ${asked}.`);
    expect(last).not.toContain(`Summary ${asked - 1}.`);
    expect(last.match(/Read on and on\./g)).toHaveLength(1);
    expect(last).toContain('End of 39.');
  });

  test('keeps the task of a thread that goes on without a new one, in memory and from the journal', async () => {
    const task = 'Find the sum of all invoices.';
    const output = z.object({ sum: z.number() });
    const { result, agent, workspace, home } = await play(
      [{ text: 'It is 7.' }, { thinking: 'Hm.', finish: 'contextFull' }],
      { task, output },
    );
    expect(result.stopReason).toBe('failed');
    expect(result.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    const goOn = async (thread: Thread) => {
      const engine = createSummingEngine([
        ...Array.from({ length: 18 }, (_, at) => call('page', at)),
        { text: 'ok' },
      ]);
      const next = await runAgent({ agent, engine, workspace, home, thread, durable: false });
      expect(next).toMatchObject({ stopReason: 'done', text: 'ok' });
      expect(engine.summaries()).toBeGreaterThan(0);
      for (const request of engine.requests) expect(promptText(request)).toContain(task);
    };
    await goOn(result.thread);
    const [thread] = foldThreads((await readRuns(home)).runs);
    if (!thread) throw new Error('no thread');
    await goOn(thread);
  });

  test('has a result cut at a line where several at once are too much for it', async () => {
    const toolCalls = [1, 2, 3, 4].map((at) => ({ name: 'huge', input: { at } }));
    const { result, engine } = await play([{ toolCalls }, { text: 'ok' }], { tokens: 1000 });
    expect(result).toMatchObject({ stopReason: 'done' });
    const prompt = promptText(engine.requests.at(-1));
    expect(prompt).toMatch(/a line of this text\n\[Cut off: .*Ask for less at a time\.\]/);
    expect(prompt.match(/<tool_response>/g)).toHaveLength(4);
  });

  test('fails with one sentence where not even that is enough, and nothing is lost', async () => {
    const { result } = await play([{ text: 'never' }], { task: 'x'.repeat(4 * CONTEXT_TOKENS) });
    expect(result.stopReason).toBe('failed');
    expect(result.error).toBeInstanceOf(ContextOverflowError);
    expect(result.messages).toHaveLength(1);
  });

  test('is used beyond its room where nothing can be left out', async () => {
    const { result, events } = await play([{ text: 'ok' }], { task: 'x'.repeat(2.4 * CONTEXT_TOKENS) });
    expect(result).toMatchObject({ stopReason: 'done', text: 'ok' });
    expect(compactions(events)).toEqual([]);
  });

  test.each([
    ['says nothing', { text: '' }],
    ['crashes', new EngineCrashError({ exit: 'SIGKILL' })],
  ])('fails the run where the model %s instead of a summary', async (_, message) => {
    const first = await play([{ text: 'blah '.repeat(1500) }]);
    const { result, events } = await play([message], { thread: first.result.thread, home: first.home });
    expect(result).toMatchObject({ stopReason: 'failed' });
    expect(result.error).toBeInstanceOf(ContextOverflowError);
    expect(compactions(events)).toEqual([]);
    expect(result.messages).toHaveLength(3);
  });
});

describe('a message for which the context is full', () => {
  const steps = [1, 2].map((number) => call('page', number));
  const full: ScriptedMessage = { thinking: 'Hm, hm.', finish: 'contextFull' };

  test('is tried once more in a shorter one', async () => {
    const { result, events } = await play([...steps, full, { text: 'ok' }]);
    expect(result).toMatchObject({ stopReason: 'done', text: 'ok', steps: 3 });
    expect(compactions(events)).toMatchObject([{ step: 3 }]);
    expect(events.filter(({ type }) => type === 'step-end')).toHaveLength(3);
  });

  test('fails when the shorter one is full too', async () => {
    const { result } = await play([...steps, full, full]);
    expect(result).toMatchObject({
      stopReason: 'failed',
      reason: expect.stringContaining('the context is full'),
    });
  });

  test('fails where nothing can be left out', async () => {
    const { result, engine } = await play([full]);
    expect(result).toMatchObject({ stopReason: 'failed' });
    engine.assertComplete();
  });
});
