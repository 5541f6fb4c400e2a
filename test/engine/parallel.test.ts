import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Engine, EngineEvent, Generation } from '../../src/engine/engine.ts';
import { EngineCrashError } from '../../src/errors.ts';
import { type Message, userMessage } from '../../src/messages.ts';
import { builtInTools } from '../../tools/index.ts';
import { results } from '../helpers/conversations.ts';
import { createTestEngine, requestOf, type TestEngine, tokensOf } from '../helpers/engine.ts';

/** Sequences of the engine that works on several calls at once. */
const PARALLEL = 4;
let engine: TestEngine;
let alone: TestEngine;
let letterWasRead: (dose: number) => readonly Message[];
beforeAll(async () => {
  engine = await createTestEngine({ contextTokens: 2048, parallel: PARALLEL });
  alone = await createTestEngine({ contextTokens: 2048 });
  const { thinking, text, tokens } = await alone.generate(clerk([QUESTION]));
  const toolCalls = [{ id: 'call_0', name: 'read_file', input: { path: 'letters/clinic.txt' } }];
  const generated = { model: alone.model.fingerprint, thinking: true, tokens };
  letterWasRead = (dose) => [
    QUESTION,
    { role: 'assistant', thinking, text, toolCalls, generated },
    results(`Letter\nPatient: Mira Stone\nDate: 2026-05-11\nMedication: Ramipril\nDose: ${dose} mg`),
  ];
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await alone[Symbol.asyncDispose]();
});

const instructions = 'You are a careful local assistant. You work on the files in the workspace.';
const QUESTION = userMessage('What is the dose in letters/clinic.txt?');
const DOSES = [5, 9, 12, 20, 25, 40, 50, 80];
const clerk = (messages: readonly Message[], session?: string) => ({
  ...requestOf({ instructions, tools: builtInTools, messages, model: alone.model.fingerprint }),
  ...(session !== undefined && { session }),
});
const askDose = (asked: Engine, dose: number, session?: string) =>
  asked.generate(clerk(letterWasRead(dose), session));
const wordsOf = ({ thinking, text, toolCalls, tokens }: Generation) => ({
  thinking,
  text,
  toolCalls,
  tokens,
});
/** Writes so many words that nobody asked for. */
const write = async (session: string, count: number, options: Parameters<Engine['generate']>[1] = {}) => {
  const words = Array.from({ length: count }, (_, at) => `${session}${at}`).join(' ');
  const forcedTokens = await tokensOf(engine, words);
  const request = requestOf({ forcedTokens, thinking: false, maxTokens: forcedTokens.length });
  const generation = await engine.generate({ ...request, session }, options);
  return { text: generation.text, words };
};
/** Takes its time: nothing of its prompt was there before. */
const long = (session: string) => {
  seeds += 1;
  const tokens = Array.from({ length: 1900 }, (_, at) => 10 + ((at * seeds + seeds) % 400));
  return { ...requestOf({ prompt: [{ tokens }], thinking: false, maxTokens: 8 }), session };
};
let seeds = 0;

describe('conversations at once, more of them than sequences', () => {
  test('say what each of them says alone', async () => {
    const expected = [];
    for (const dose of DOSES) expected.push(wordsOf(await askDose(alone, dose)));
    const together = await Promise.all(DOSES.map((dose) => askDose(engine, dose, `thread-${dose}`)));
    expect(together.map(wordsOf)).toEqual(expected);
    expect(together.map(({ text }) => text)).toEqual(DOSES.map((dose) => `The dose is ${dose} mg.`));
  });

  test('of one session come one after the other, and go on with each other', async () => {
    const order: string[] = [];
    const [first, second] = await Promise.all(
      ['first', 'second'].map(async (name) => {
        const { usage } = await askDose(engine, 5, 'one');
        order.push(name);
        return usage;
      }),
    );
    expect(order).toEqual(['first', 'second']);
    expect((second?.evaluatedTokens ?? 0) * 2).toBeLessThan(first?.evaluatedTokens ?? 0);
  });

  test('are each held to their own form of an answer', async () => {
    const answers = ['red', 'green', 'blue', 'grey', 'pink'];
    const generations = await Promise.all(
      answers.map((colour) => {
        const answer = { type: 'object', properties: { colour: { const: colour } }, required: ['colour'] };
        const request = requestOf({ messages: [QUESTION], thinking: false });
        return engine.generate({ ...request, answer, session: colour });
      }),
    );
    const written = generations.map(({ text }) => JSON.parse(text));
    expect(written).toEqual(answers.map((colour) => ({ colour })));
  });
});

describe('one of four', () => {
  test('that is aborted leaves the others to their end', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const others = ['a', 'b', 'c'].map((session) => write(session, 60));
    const onEvent = (event: EngineEvent) => event.type === 'text-delta' && controller.abort(reason);
    await expect(write('d', 60, { signal: controller.signal, onEvent })).rejects.toBe(reason);
    for (const { text, words } of await Promise.all(others)) expect(text).toBe(words);
    expect((await askDose(engine, 5, 'd')).text).toBe('The dose is 5 mg.');
  });

  test('that is aborted while it waits behind them rejects before any of them is done', async () => {
    const controller = new AbortController();
    const ended: string[] = [];
    const onEvent = () => controller.abort(new Error('stop'));
    const others = ['a', 'b', 'c', 'd'].map((session) =>
      engine.generate(long(session), { onEvent }).then(() => ended.push(session)),
    );
    const late = engine.generate(long('late'), { signal: controller.signal });
    await expect(late.finally(() => ended.push('late'))).rejects.toThrow('stop');
    await Promise.all(others);
    expect(ended[0]).toBe('late');
  });

  test('does not fit the context: the others are not touched', async () => {
    const others = ['a', 'b', 'c'].map((session) => write(session, 40));
    const long = clerk([userMessage('word '.repeat(2100))], 'd');
    await expect(engine.generate(long)).rejects.toThrow(/context/);
    for (const { text, words } of await Promise.all(others)) expect(text).toBe(words);
  });
});

describe('a process that dies', () => {
  test('fails all that it worked on, and each can be asked again', async () => {
    await using mortal = await createTestEngine({ contextTokens: 2048, parallel: PARALLEL });
    const before = mortal.children.length;
    const kill = () => mortal.children.at(-1)?.kill('SIGKILL');
    const ended = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((session) => mortal.generate(long(session), { onEvent: kill })),
    );
    for (const result of ended) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(EngineCrashError);
    }
    const four = DOSES.slice(0, PARALLEL);
    const again = await Promise.all(four.map((dose) => askDose(mortal, dose, `again-${dose}`)));
    expect(again.map(({ text }) => text)).toEqual(four.map((dose) => `The dose is ${dose} mg.`));
    expect(mortal.children.length).toBe(before + 1);
  });
});

describe('with a folder for states', () => {
  const open = async (parallel: number) => {
    const stateFolder = await mkdtemp(join(tmpdir(), 'sotto-states-'));
    const kept = await createTestEngine({ contextTokens: 2048, parallel, stateFolder });
    onTestFinished(async () => {
      await kept[Symbol.asyncDispose]();
      await rm(stateFolder, { recursive: true, force: true });
    });
    return kept;
  };

  test('a session that had to make room comes back from the disk', async () => {
    const kept = await open(2);
    const first = await askDose(kept, 5, 'a');
    await askDose(kept, 9, 'b');
    await askDose(kept, 12, 'c');
    const { thinking, text, tokens } = first;
    const generated = { model: kept.model.fingerprint, thinking: true, tokens };
    const thread: readonly Message[] = [
      ...letterWasRead(5),
      { role: 'assistant', thinking, text, toolCalls: [], generated },
      userMessage('What is the date in letters/clinic.txt?'),
    ];
    const events: EngineEvent[] = [];
    const { usage } = await kept.generate(clerk(thread, 'a'), { onEvent: (event) => events.push(event) });
    expect(events.find(({ type }) => type === 'state-restore')).toMatchObject({ from: 'file' });
    expect(usage.reusedTokens).toBe(first.usage.evaluatedTokens + first.usage.reusedTokens + tokens.length);
  });

  test('the system turn of conversations that begin at once is evaluated for one of them', async () => {
    const kept = await open(4);
    const system = (await kept.tokenize(clerk([QUESTION]).prompt.slice(0, 5))).length;
    const all = await Promise.all(DOSES.slice(0, 4).map((dose) => askDose(kept, dose, `thread-${dose}`)));
    const reused = all.map(({ usage }) => usage.reusedTokens).sort((a, b) => a - b);
    expect(system).toBeGreaterThan(300);
    expect(reused).toEqual([0, system, system, system]);
  });
});
