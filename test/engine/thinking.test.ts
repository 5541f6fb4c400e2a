import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GenerateRequest, Generation } from '../../src/engine/engine.ts';
import { userMessage } from '../../src/messages.ts';
import { CLOSE_THOUGHT } from '../../src/qwen/thinking.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTestEngine, requestOf, type TestEngine, tokensOf } from '../helpers/engine.ts';

let engine: TestEngine;
let closing: readonly number[];
beforeAll(async () => {
  engine = await createTestEngine();
  closing = await engine.tokenize(CLOSE_THOUGHT);
});
afterAll(() => engine[Symbol.asyncDispose]());

const CLOSING =
  'Considering the limited time by the user, I have to give the solution based on the thinking directly now.';
const instructions = 'You are a careful local assistant. You work on the files in the workspace.';
// What the bundled model was made with.
const tools = builtInTools.filter(({ name }) => ['list_files', 'read_file', 'write_file'].includes(name));
const messages = [userMessage('What is the dose in letters/clinic.txt?')];
const CALL = [{ name: 'read_file', input: { path: 'letters/clinic.txt' } }];

const requestWith = (options: Partial<GenerateRequest>) =>
  requestOf({ instructions, tools, messages, ...options });
const generate = (options: Partial<GenerateRequest> = {}) => engine.generate(requestWith(options));
/** The tokens of the thought, its closing left out. */
const ownThought = ({ tokens }: Generation) =>
  tokens.slice(
    0,
    tokens.findIndex((_, index) => closing.every((token, at) => tokens[index + at] === token)),
  );

describe('thinking', () => {
  test('off: the prompt holds a closed thought, and the model calls at once', async () => {
    const { prompt } = requestWith({ thinking: false });
    expect(prompt.at(-1)).toMatchObject({ text: expect.stringMatching(/<think>\n\n<\/think>\n\n$/) });
    expect(await generate({ thinking: false })).toMatchObject({
      thinking: '',
      toolCalls: CALL,
      finish: 'stop',
    });
  });

  test('on: the prompt ends in an open thought, and the model closes it by itself', async () => {
    const { prompt } = requestWith({});
    expect(prompt.at(-1)).toMatchObject({
      text: expect.stringMatching(/<\|im_start\|>assistant\n<think>\n$/),
    });
    const { thinking, toolCalls, finish } = await generate();
    expect({ toolCalls, finish }).toEqual({ toolCalls: CALL, finish: 'stop' });
    expect(thinking).toMatch(/^I need the dose/);
    expect(thinking).not.toContain(CLOSING);
  });
});

describe('a budget', () => {
  test.each([1, 3, 8])(
    'of %i tokens closes the thought in the words of the model, and the call follows',
    async (thinkingBudget) => {
      const free = await generate();
      const generation = await generate({ thinkingBudget });
      expect(generation).toMatchObject({ toolCalls: CALL, finish: 'stop' });
      expect(generation.thinking.endsWith(`\n\n${CLOSING}`)).toBe(true);
      expect(ownThought(generation)).toEqual(free.tokens.slice(0, thinkingBudget));
      const length = (await engine.tokenize(requestWith({}).prompt)).length;
      const { evaluatedTokens, reusedTokens } = generation.usage;
      expect(evaluatedTokens + reusedTokens).toBe(length + closing.length);
      const { tokens } = generation;
      const prompt = [...requestWith({}).prompt, { tokens }, { text: '<|im_end|>\n', trusted: true }];
      const next = await generate({ prompt, maxTokens: 1 });
      expect(next.usage.reusedTokens).toBe(length + tokens.length);
    },
  );

  test('that the thought keeps to changes nothing', async () => {
    const free = await generate();
    expect(await generate({ thinkingBudget: 200 })).toMatchObject({
      thinking: free.thinking,
      tokens: free.tokens,
    });
  });

  test('is shared by all thoughts of a message', async () => {
    const words = 'One two.\n</think>\n\nYes.\n<think>\nThree four five six seven eight nine ten.';
    const forcedTokens = await tokensOf(engine, words);
    const first = (await tokensOf(engine, 'One two.\n</think>')).length;
    const { thinking } = await generate({ forcedTokens, thinkingBudget: first + 6 });
    expect(thinking).toMatch(/^One two\.\n\nThree/);
    expect(thinking).toContain(CLOSING);
    expect(thinking).not.toContain('eight');
  });

  test.each([1, 3])('of %i tokens does not cut a call that the thought makes', async (thinkingBudget) => {
    const path = 'some/long/name/of/a/file.txt';
    const call = `<tool_call>\n<function=read_file>\n<parameter=path>\n${path}\n</parameter>\n</function>\n</tool_call>`;
    const forcedTokens = await tokensOf(engine, `${call}<|im_end|>`);
    const { thinking, toolCalls } = await generate({ forcedTokens, thinkingBudget });
    expect({ thinking, toolCalls }).toEqual({
      thinking: '',
      toolCalls: [{ name: 'read_file', input: { path } }],
    });
  });

  test('closes a thought that goes on after its call', async () => {
    const call = '<tool_call>\n<function=read_file>\n</function>\n</tool_call>';
    const forcedTokens = await tokensOf(engine, `${call}\nOr not, I am not so sure of it.`);
    const { thinking } = await generate({ forcedTokens, thinkingBudget: 1 });
    expect(thinking.replaceAll(/\s+/g, ' ')).toMatch(/<\/tool_call> Or? Considering the limited time/);
  });
});

describe('a thought', () => {
  /** Exactly so many tokens of a text. */
  const cut = async (text: string, length: number) => (await tokensOf(engine, text)).slice(0, length);

  test('that repeats itself is closed, and the model goes on', async () => {
    const forcedTokens = await cut('I look again. '.repeat(40), 64);
    const generation = await generate({ forcedTokens });
    expect(ownThought(generation)).toEqual(forcedTokens);
    expect(generation.thinking).toContain(CLOSING);
    expect(generation).toMatchObject({ finish: 'stop' });
    expect(generation.toolCalls.length + generation.text.length).toBeGreaterThan(0);
  });

  test('that does not is left alone', async () => {
    const numbers = Array.from({ length: 150 }, (_, index) => `${index} is not it.`).join(' ');
    const forcedTokens = await tokensOf(engine, `${numbers}\n</think>\n\nYes.<|im_end|>`);
    expect(await generate({ forcedTokens })).toMatchObject({ thinking: numbers, text: 'Yes.' });
  });

  test('that the model ends its message in is closed, and the answer follows', async () => {
    const forcedTokens = await tokensOf(engine, 'I need the dose. I will read letters/clinic.txt.<|im_end|>');
    const generation = await generate({ forcedTokens });
    expect(generation.thinking).toBe(`I need the dose. I will read letters/clinic.txt.\n\n${CLOSING}`);
    expect(generation).toMatchObject({
      toolCalls: [{ input: { path: 'letters/clinic.txt' } }],
      finish: 'stop',
    });
  });

  test('that is opened again and again ends the message', async () => {
    const forcedTokens = await tokensOf(engine, `Hm.<|im_end|>${'<think>\nHm.<|im_end|>'.repeat(20)}`);
    const { finish, tokens } = await generate({ forcedTokens });
    expect(finish).toBe('repetition');
    expect(tokens.length).toBeLessThan(4 * (closing.length + 8));
  });
});
