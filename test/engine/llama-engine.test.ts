import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { copyFile, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { runAgent } from '../../src/agent/run-agent.ts';
import type { EngineEvent, GenerateRequest, Generation } from '../../src/engine/engine.ts';
import { LlamaEngine } from '../../src/engine/llama-engine.ts';
import { ContextOverflowError, EngineCrashError, GenerationError, ModelLoadError } from '../../src/errors.ts';
import type { RunEvent } from '../../src/events.ts';
import { readJournal } from '../../src/memory/journal.ts';
import { type Message, userMessage } from '../../src/messages.ts';
import { defineTool } from '../../src/tool/define-tool.ts';
import { builtInTools } from '../../tools/index.ts';
import { results } from '../helpers/conversations.ts';
import {
  BUNDLED_MODEL,
  createTestEngine,
  GREEDY,
  requestOf,
  type TestEngine,
  tokensOf,
} from '../helpers/engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const CONTEXT = 4096;
let engine: TestEngine;
beforeAll(async () => {
  engine = await createTestEngine({ contextTokens: CONTEXT });
});
afterAll(() => engine[Symbol.asyncDispose]());

const instructions = 'You are a careful local assistant. You work on the files in the workspace.';
const LETTER = 'Letter\nPatient: Mira Stone\nDate: 2026-05-11\nMedication: Ramipril\nDose: 5 mg';
const ask = (text: string): readonly Message[] => [userMessage(text)];
const DOSE = ask('What is the dose in letters/clinic.txt?');
const TOTAL = ask('What is the total in invoices/water.txt?');

const clerk = (messages: readonly Message[], options: Partial<GenerateRequest> = {}) =>
  requestOf({
    instructions,
    messages,
    model: engine.model.fingerprint,
    ...options,
    tools: options.tools ?? builtInTools,
  });
const answerTo = (messages: readonly Message[]) => engine.generate(clerk(messages));

/** The thread with the tokens that the model wrote, as the loop keeps it. */
function withAnswer(
  messages: readonly Message[],
  generation: Generation,
  ...more: readonly Message[]
): Message[] {
  const { thinking, text, tokens } = generation;
  const toolCalls = generation.toolCalls.map((toolCall, index) => ({ id: `call_${index}`, ...toolCall }));
  const generated = { model: engine.model.fingerprint, thinking: true, tokens };
  return [...messages, { role: 'assistant', thinking, text, toolCalls, generated }, ...more];
}

const promptTokens = async (messages: readonly Message[]) =>
  (await engine.tokenize(clerk(messages).prompt)).length;
/** Leaves nothing in the state that a prompt of the clerk's could use. */
const forget = () =>
  engine.generate(requestOf({ prompt: [{ text: 'Nothing.', trusted: false }], maxTokens: 1 }));
const wordsOf = ({ thinking, text, toolCalls, tokens, finish }: Generation) => ({
  thinking,
  text,
  toolCalls,
  tokens,
  finish,
});

describe('a thread', () => {
  test('grows without anything being evaluated twice', async () => {
    const first = await answerTo(DOSE);
    expect(first.toolCalls).toEqual([{ name: 'read_file', input: { path: 'letters/clinic.txt' } }]);
    const second = withAnswer(DOSE, first, results(LETTER));
    const third = withAnswer(second, await answerTo(second), ...ask('Thank you.'));
    let held = (await promptTokens(DOSE)) + first.tokens.length;
    await answerTo(DOSE);
    for (const messages of [second, third]) {
      const generation = await answerTo(messages);
      const whole = await promptTokens(messages);
      expect(generation.usage).toMatchObject({ reusedTokens: held, evaluatedTokens: whole - held });
      held = whole + generation.tokens.length;
    }
  });

  test('is answered from its documents', async () => {
    const messages = withAnswer(DOSE, await answerTo(DOSE), results(LETTER));
    expect(await answerTo(messages)).toMatchObject({
      text: 'The dose is 5 mg.',
      toolCalls: [],
      finish: 'stop',
    });
  });

  test('goes back to a checkpoint where an earlier message was changed', async () => {
    const first = await answerTo(DOSE);
    await answerTo(withAnswer(DOSE, first, results(LETTER)));
    const { usage } = await answerTo(TOTAL);
    const whole = await promptTokens(TOTAL);
    expect(usage.evaluatedTokens + usage.reusedTokens).toBe(whole);
    expect(usage.evaluatedTokens).toBeLessThan(60);
    expect(whole).toBeGreaterThan(400);
  });

  test('is evaluated as a whole where nothing of it is there', async () => {
    await forget();
    expect((await answerTo(DOSE)).usage).toMatchObject({
      reusedTokens: 0,
      evaluatedTokens: await promptTokens(DOSE),
    });
  });

  test('that is asked for again gives the same answer, and costs a few tokens', async () => {
    const first = await answerTo(DOSE);
    const again = await answerTo(DOSE);
    expect(wordsOf(again)).toEqual(wordsOf(first));
    expect(again.usage.evaluatedTokens).toBeLessThan(10);
  });

  test('is answered as if it were new, whatever was in the state before', async () => {
    const first = await answerTo(DOSE);
    const read = withAnswer(DOSE, first, results(LETTER));
    const threads: readonly (readonly Message[])[] = [
      DOSE,
      TOTAL,
      read,
      withAnswer(DOSE, first, results(LETTER.replace('5 mg', '9 mg'))),
      withAnswer(read, await answerTo(read), ...TOTAL),
      ask('What is the date in letters/clinic.txt?'),
    ];
    const expected: unknown[] = [];
    for (const messages of threads) {
      await forget();
      expected.push(wordsOf(await answerTo(messages)));
    }
    const order = [0, 2, 3, 2, 4, 0, 1, 4, 5, 3, 1, 2, 5, 0, 4, 2, 1];
    for (const index of order) {
      expect(wordsOf(await answerTo(threads[index] ?? []))).toEqual(expected[index]);
    }
  });

  test('is kept apart from another one that is asked for at the same time', async () => {
    const expected = [wordsOf(await answerTo(DOSE)), wordsOf(await answerTo(TOTAL))];
    const both = await Promise.all([answerTo(DOSE), answerTo(TOTAL)]);
    expect(both.map(wordsOf)).toEqual(expected);
  });
});

describe('an abort', () => {
  const reason = new Error('stop');
  const long = { text: Array.from({ length: 600 }, (_, index) => `word${index}`).join(' '), trusted: false };
  const longRequest = requestOf({ prompt: [long] });
  const isUsable = async () =>
    expect(await answerTo(DOSE)).toMatchObject({ toolCalls: [{ name: 'read_file' }] });

  test('before the call rejects with the reason, and nothing is asked', async () => {
    const options = { signal: AbortSignal.abort(reason) };
    await expect(engine.generate(longRequest, options)).rejects.toBe(reason);
    await isUsable();
  });

  test('while a long prompt is evaluated rejects with the reason', async () => {
    await forget();
    const controller = new AbortController();
    const events: unknown[] = [];
    const { signal } = controller;
    const onEvent = (event: EngineEvent) => 'text' in event && events.push(event);
    const generation = engine.generate(longRequest, { signal, onEvent });
    setTimeout(() => controller.abort(reason), 10);
    await expect(generation).rejects.toBe(reason);
    expect(events).toEqual([]);
    const { usage } = await engine.generate({ ...longRequest, maxTokens: 1 });
    expect(usage.reusedTokens).toBeLessThan(usage.evaluatedTokens);
    await isUsable();
  });

  test('while the model writes rejects with the reason, long before the end', async () => {
    const controller = new AbortController();
    const words = Array.from({ length: 450 }, (_, index) => `word${index}`).join(' ');
    const forcedTokens = await tokensOf(engine, words);
    const request = requestOf({ forcedTokens, maxTokens: forcedTokens.length });
    let shown = '';
    const generation = engine.generate(request, {
      signal: controller.signal,
      onEvent: (event) => {
        shown += 'text' in event ? event.text : '';
        controller.abort(reason);
      },
    });
    await expect(generation).rejects.toBe(reason);
    expect(shown.length).toBeLessThan(100);
    const prompt = [...request.prompt, { tokens: forcedTokens }];
    const { usage } = await engine.generate(requestOf({ prompt, maxTokens: 1 }));
    expect(usage.reusedTokens).toBeLessThan(usage.evaluatedTokens);
    await isUsable();
  });

  test('with the last word of a message rejects as well', async () => {
    const controller = new AbortController();
    const forcedTokens = await tokensOf(engine, 'Yes.<|im_end|>');
    const options = { signal: controller.signal, onEvent: () => controller.abort(reason) };
    await expect(engine.generate(requestOf({ thinking: false, forcedTokens }), options)).rejects.toBe(reason);
    await isUsable();
  });

  test('of a call that waits for another one leaves the other alone', async () => {
    const controller = new AbortController();
    const first = answerTo(DOSE);
    const second = engine.generate(clerk(TOTAL), { signal: controller.signal });
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(await first).toMatchObject({ toolCalls: [{ name: 'read_file' }] });
  });
});

describe('a process that dies', () => {
  const kill = () => engine.children.at(-1)?.kill('SIGKILL');

  test('while the model writes fails the call, and the next one has a new process', async () => {
    const before = engine.children.length;
    const waiting = engine.generate(clerk(DOSE), { onEvent: kill });
    const behind = answerTo(TOTAL);
    const ended = await Promise.allSettled([waiting, behind]);
    for (const { reason } of ended as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(EngineCrashError);
      expect(reason.exit).toBe('SIGKILL');
    }
    expect(await answerTo(DOSE)).toMatchObject({ toolCalls: [{ name: 'read_file' }] });
    expect(engine.children.length).toBe(before + 1);
  });

  test('between two calls fails at most one of them', async () => {
    kill();
    const first = await answerTo(DOSE).catch((error: unknown) => error);
    if (first instanceof Error) expect(first).toBeInstanceOf(EngineCrashError);
    expect(await answerTo(DOSE)).toMatchObject({ toolCalls: [{ name: 'read_file' }] });
  });

  test('is done with before the call fails, though its end was not told yet', async () => {
    kill();
    // The program hears of the death only after it has written into the dead pipe.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    await expect(answerTo(DOSE)).rejects.toThrow(EngineCrashError);
    expect(await answerTo(DOSE)).toMatchObject({ toolCalls: [{ name: 'read_file' }] });
  });

  test('in a run is said, the step is tried again, and the journal is whole', async () => {
    const { home, workspace } = await createTempProject({ 'letters/clinic.txt': LETTER });
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent) => {
      const isFirst = !events.some(({ type }) => type === 'thinking-delta');
      events.push(event);
      if (event.type === 'thinking-delta' && isFirst) kill();
    };
    const agent = { name: 'clerk', description: '', instructions, tools: builtInTools };
    const task = 'What is the dose in letters/clinic.txt?';
    const result = await runAgent({ agent, task, engine, workspace, home, onEvent });
    expect(result).toMatchObject({ stopReason: 'done', text: 'The dose is 5 mg.', steps: 2 });
    const entries = await readJournal(home, result.runId);
    expect(entries).toEqual(events.filter(({ type }) => !type.endsWith('-delta')));
    const facts = entries.filter(({ type }) => type !== 'state-restore');
    expect(facts.map(({ type }) => type).slice(0, 4)).toEqual([
      'run-start',
      'step-start',
      'engine-restart',
      'step-end',
    ]);
    expect(facts[2]).toMatchObject({ reason: expect.stringContaining('SIGKILL') });
  });
});

describe('the context', () => {
  const SPARE = 2 + 16;
  const filled = async (count: number) => {
    const [token = 0] = await tokensOf(engine, 'a');
    return requestOf({ prompt: [{ tokens: Array.from({ length: count }, () => token) }], thinking: false });
  };

  test('that a prompt does not fit is said with both numbers', async () => {
    const error = await engine.generate(await filled(CONTEXT - SPARE + 1)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ContextOverflowError);
    expect(error).toMatchObject({ promptTokens: CONTEXT - SPARE + 1, contextTokens: CONTEXT });
    expect((error as Error).message).toContain(`${CONTEXT - SPARE + 1} tokens`);
    expect(await answerTo(DOSE)).toMatchObject({ finish: 'stop' });
  });

  test('that is full ends the message', async () => {
    const forcedTokens = await tokensOf(engine, 'one two three four five six seven eight nine ten');
    const generation = await engine.generate({ ...(await filled(CONTEXT - SPARE)), forcedTokens });
    expect(generation.finish).toBe('contextFull');
    expect(generation.tokens).toEqual(forcedTokens.slice(0, 16));
    expect(await answerTo(DOSE)).toMatchObject({ finish: 'stop' });
  });

  test('ends no message before maxTokens does', async () => {
    expect(await engine.generate(clerk(DOSE, { maxTokens: 5 }))).toMatchObject({
      finish: 'maxTokens',
      tokens: { length: 5 },
    });
  });
});

describe('a seed', () => {
  const write = (seed?: number) => {
    const sampling = { ...GREEDY, temperature: 2, topK: 500, ...(seed !== undefined && { seed }) };
    return engine.generate(clerk(DOSE, { sampling, maxTokens: 40 })).then(({ tokens }) => tokens);
  };

  test('repeats a message to the letter, and another seed does not', async () => {
    const first = await write(1);
    expect(await write(1)).toEqual(first);
    expect(await write(2)).not.toEqual(first);
  });

  test('that is not given is another one every time', async () => {
    const messages = new Set<string>();
    for (let run = 0; run < 6; run += 1) messages.add(String(await write()));
    expect(messages.size).toBe(6);
  });
});

describe('the grammar', () => {
  const odd = defineTool({
    name: 'zq7_weigh',
    description: 'Weighs.',
    effect: 'read',
    input: z.object({
      unit: z.enum(['stone', 'ounce', 'quintal']),
      rows: z.array(z.int().min(1).max(99)).min(1).max(3),
      exact: z.boolean(),
      note: z.null(),
    }),
    run: () => '',
  });
  /** A heated model, which knows nothing of this tool: what its calls are held to is the grammar. */
  const heated = async (options: Partial<GenerateRequest>) => {
    const seeds = Array.from({ length: 12 }, (_, index) => index);
    const generations: Generation[] = [];
    for (const seed of seeds) {
      const sampling = { temperature: 1.5, topP: 1, topK: 2000, presencePenalty: 0, seed };
      generations.push(
        await engine.generate(
          clerk(DOSE, { tools: [odd], thinking: false, maxTokens: 150, sampling, ...options }),
        ),
      );
    }
    return generations.flatMap(({ toolCalls }) => toolCalls);
  };
  const isRight = ({ name, input, problem }: Generation['toolCalls'][number]) =>
    problem === undefined && name === odd.name && odd.check(input).ok;

  test('admits only calls that can be read and are valid', async () => {
    const calls = await heated({});
    expect(calls.length).toBeGreaterThan(5);
    expect(calls.filter((call) => !isRight(call))).toEqual([]);
  });

  test('is what makes them so: without it the same seeds give others', async () => {
    const calls = await heated({ forcedTokens: [] });
    expect(calls.length).toBeGreaterThan(5);
    expect(calls.filter(isRight)).toEqual([]);
  });
});

describe('an engine', () => {
  test('ends its process when it is disposed of', async () => {
    const other = await createTestEngine({ contextTokens: 512, kvCache: 'q8_0' });
    const forcedTokens = await tokensOf(other, 'Yes.<|im_end|>');
    expect(await other.generate(requestOf({ thinking: false, forcedTokens }))).toMatchObject({
      text: 'Yes.',
    });
    await other[Symbol.asyncDispose]();
    expect(other.children.map(({ signalCode }) => signalCode)).toEqual(['SIGKILL']);
  });

  test('starts no other process after it was disposed of, though a run works', async () => {
    const other = await createTestEngine({ contextTokens: 512 });
    const { home, workspace } = await createTempProject({});
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent) => {
      events.push(event);
      if (event.type === 'thinking-delta') void other[Symbol.asyncDispose]();
    };
    // The engine's own list of children ends when it is disposed of.
    const started: unknown[] = [];
    const watch = (message: unknown) => void started.push(message);
    subscribe('child_process', watch);
    onTestFinished(() => void unsubscribe('child_process', watch));
    const agent = { name: 'clerk', description: '', instructions, thinking: 'on' as const };
    const result = await runAgent({ agent, task: 'Go.', engine: other, workspace, home, onEvent });
    expect(result).toMatchObject({
      stopReason: 'failed',
      reason: expect.stringMatching(/the engine was disposed of/),
    });
    expect(events.map(({ type }) => type)).not.toContain('engine-restart');
    await expect(other.tokenize([])).rejects.toThrow(GenerationError);
    expect(started).toEqual([]);
  });

  test('is not made of a file that is missing or truncated', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sotto-model-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'cut.gguf');
    await expect(LlamaEngine.create({ path })).rejects.toThrow(/there is no such file/);
    await copyFile(BUNDLED_MODEL, path);
    await truncate(path, 1_500_000);
    const error = await LlamaEngine.create({ path }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ModelLoadError);
    expect((error as Error).message).toMatch(/it is incomplete.*Download it again\.$/);
  });
});
