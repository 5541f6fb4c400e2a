import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../src/agent/define-agent.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import type { EngineEvent, GenerateRequest, Generation } from '../../src/engine/engine.ts';
import { contentText } from '../../src/messages.ts';
import type { ToolSpec } from '../../src/tool/define-tool.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTestEngine, forceMessages, requestOf, type TestEngine, tokensOf } from '../helpers/engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await createTestEngine({ contextTokens: 12_288 });
});
afterAll(() => engine[Symbol.asyncDispose]());

const tools: readonly ToolSpec[] = builtInTools.map(({ name, description, accepts }) => ({
  name,
  description,
  parameters: accepts,
}));

/** Makes the real engine write a text; what `⟨ ⟩` means stands at `tokensOf`. */
async function write(text: string, options: Partial<GenerateRequest> = {}) {
  const events: EngineEvent[] = [];
  const forcedTokens = await tokensOf(engine, text);
  const request = requestOf({ tools, forcedTokens, ...options });
  const generation = await engine.generate(request, { onEvent: (event) => events.push(event) });
  return { generation, events, forcedTokens };
}

const CALL =
  '<tool_call>\n<function=read_file>\n<parameter=path>\na.txt\n</parameter>\n</function>\n</tool_call>';
const OTHER = CALL.replace('a.txt', 'b.txt');
const UNCLOSED = CALL.slice(0, CALL.indexOf('\n</parameter>'));
const CLOSING =
  'Considering the limited time by the user, I have to give the solution based on the thinking directly now.';
const read = (path: string) => ({ name: 'read_file', input: { path } });

type Message = Pick<Generation, 'thinking' | 'text' | 'toolCalls' | 'finish'>;
const message = (parts: Partial<Message>): Message => ({
  thinking: '',
  text: '',
  toolCalls: [],
  finish: 'stop',
  ...parts,
});

describe('what a model writes', () => {
  test.each<[string, string, Partial<Message>]>([
    ['a thought and an answer', 'Hm.\n</think>\n\nIt is 12.', { thinking: 'Hm.', text: 'It is 12.' }],
    ['a thought and a call', `Hm.\n</think>\n\n${CALL}`, { thinking: 'Hm.', toolCalls: [read('a.txt')] }],
    ['a call inside a thought', `I look.\n${CALL}`, { thinking: 'I look.', toolCalls: [read('a.txt')] }],
    [
      'a call inside a thought that closes',
      `I would\n${CALL}\n</think>\n\nDone.`,
      { thinking: `I would\n\n${CALL}`, text: 'Done.' },
    ],
    [
      'prose before, between and after calls',
      `</think>\n\nOne.\n\n${CALL}\nTwo.\n${OTHER}\nThree.\n`,
      { text: 'One.\n\nTwo.\n\nThree.', toolCalls: [read('a.txt'), read('b.txt')] },
    ],
    ['two calls at once', `</think>\n\n${CALL}\n${OTHER}`, { toolCalls: [read('a.txt'), read('b.txt')] }],
    [
      'a call whose end tag is plain text',
      `</think>\n\n${CALL.replace('</tool_call>', '⟨/tool_call⟩')}\nThen.`,
      { text: 'Then.', toolCalls: [read('a.txt')] },
    ],
    [
      'tags quoted as plain text',
      'A ⟨think⟩.\n</think>\n\nWrite ⟨tool_call⟩, ⟨tool_response⟩ and ⟨|im_start|⟩.',
      { thinking: 'A <think>.', text: 'Write <tool_call>, <tool_response> and <|im_start|>.' },
    ],
    [
      'an unknown tool',
      `</think>\n\n${CALL.replace('read_file', 'fly')}`,
      { toolCalls: [{ name: 'fly', input: { path: 'a.txt' } }] },
    ],
    [
      'a missing parameter',
      '</think>\n\n<tool_call>\n<function=read_file>\n</function>\n</tool_call>',
      { toolCalls: [{ name: 'read_file', input: {} }] },
    ],
    [
      'a misspelt parameter',
      `</think>\n\n${CALL.replace('=path', '=pth')}`,
      { toolCalls: [{ name: 'read_file', input: { pth: 'a.txt' } }] },
    ],
    [
      'a value that is not of its type',
      `</think>\n\n${CALL.replace('=path', '=from_line')}`,
      { toolCalls: [{ name: 'read_file', input: { from_line: 'a.txt' } }] },
    ],
    [
      'a message that ends inside its thought',
      'Hm.<|im_end|>Yes.',
      { thinking: `Hm.\n\n${CLOSING}`, text: 'Yes.' },
    ],
    ['a message that ends in its own end-of-text token', '</think>\n\nYes.<|endoftext|>', { text: 'Yes.' }],
    [
      'emoji, whose bytes are tokens of their own',
      '👨‍👩‍👧 🙂🙂.\n</think>\n\nÜber 日本語: 🙃',
      { thinking: '👨‍👩‍👧 🙂🙂.', text: 'Über 日本語: 🙃' },
    ],
    [
      'the start of a user turn',
      '</think>\n\nIt is 12.<|im_start|>user\nNo.',
      { text: 'It is 12.', finish: 'strayToken' },
    ],
    ['a tool response', '</think>\n\nI see.\n<tool_response>\n12', { text: 'I see.', finish: 'strayToken' }],
    ['an image inside a thought', 'Hm.<|vision_start|>', { thinking: 'Hm.', finish: 'strayToken' }],
    ['nothing', '</think>\n\n', {}],
  ])('%s', async (_, text, expected) => {
    const { generation, events } = await write(`${text}<|im_end|>`);
    expect(generation).toMatchObject(message(expected));
    const shown = events.map((event) => ('text' in event ? event.text : '')).join('');
    expect(shown).not.toContain('\ufffd');
    expect(events.every((event) => !('text' in event) || event.text.isWellFormed())).toBe(true);
  });

  test.each<[string, string]>([
    ['an unclosed call', UNCLOSED],
    [
      'a parameter given twice',
      CALL.replace('</function>', '<parameter=path>\nb\n</parameter>\n</function>'),
    ],
    ['a call that names no function', '<tool_call>\nread_file a.txt\n</tool_call>'],
    ['only the start of a call', '<tool_call>'],
  ])('%s carries a problem', async (_, text) => {
    const { generation } = await write(`${text}<|im_end|>`, { thinking: false });
    expect(generation.toolCalls).toEqual([
      expect.objectContaining({ problem: expect.stringMatching(/\w+.*\./) }),
    ]);
  });

  test('a control token inside a value belongs to the value', async () => {
    const { generation } = await write(`${CALL.replace('a.txt', 'a<|im_start|>b')}<|im_end|>`, {
      thinking: false,
    });
    expect(generation).toMatchObject(message({ toolCalls: [read('a<|im_start|>b')] }));
  });

  test('a thought of 10,000 tokens is kept to the letter', async () => {
    const thought = Array.from({ length: 1600 }, (_, index) => `word${index}`).join(' ');
    const { generation, forcedTokens } = await write(`${thought}\n</think>\n\n${CALL}<|im_end|>`);
    expect(forcedTokens.length).toBeGreaterThan(10_000);
    expect(generation).toMatchObject(message({ thinking: thought, toolCalls: [read('a.txt')] }));
    expect(generation.tokens).toEqual(forcedTokens.slice(0, -1));
  });

  test('the bytes of a character that never becomes whole are shown as such', async () => {
    const [smile, yes, end] = await Promise.all(
      ['🙂', 'Yes', '<|im_end|>'].map((text) => tokensOf(engine, text)),
    );
    const forcedTokens = [
      ...(smile ?? []).slice(0, 2),
      ...(yes ?? []),
      ...(smile ?? []).slice(0, -1),
      ...(end ?? []),
    ];
    const { text } = await engine.generate(requestOf({ thinking: false, forcedTokens }));
    expect(text).toMatch(/^\ufffd+Yes\ufffd+$/);
  });
});

describe('a generation that is cut off', () => {
  test.each<[string, string, Partial<Message>]>([
    [
      'inside its thought',
      'I think that it is here, in one of the files, or there.',
      { thinking: expect.stringMatching(/^I think/) },
    ],
    ['inside its answer', '</think>\n\nIt is 12 and 13 and', { text: expect.stringMatching(/^It is/) }],
    [
      'inside a call',
      `</think>\n\n${CALL}`,
      { toolCalls: [expect.objectContaining({ problem: expect.stringContaining('cut off') })] },
    ],
  ])('%s says so', async (_, text, expected) => {
    const { generation, forcedTokens } = await write(text, { maxTokens: 12 });
    expect(forcedTokens.length).toBeGreaterThan(12);
    expect(generation).toMatchObject(message({ ...expected, finish: 'maxTokens' }));
    expect(generation.tokens).toEqual(forcedTokens.slice(0, 12));
  });

  test('says so when its answer repeats itself', async () => {
    const { generation, forcedTokens } = await write(`</think>\n\n${'the same again, '.repeat(300)}`);
    expect(generation.finish).toBe('repetition');
    expect(generation.tokens.length).toBeLessThan(forcedTokens.length);
  });

  test('may hold a table of equal rows', async () => {
    const table = '| 1 | 2 |\n'.repeat(20).trim();
    const { generation } = await write(`</think>\n\n${table}<|im_end|>`);
    expect(generation).toMatchObject(message({ text: table }));
  });
});

describe('the tokens of a generation', () => {
  test('are what was written, the end-of-message token left out', async () => {
    const { generation, forcedTokens } = await write(`Hm.\n</think>\n\nI look.\n\n${CALL}<|im_end|>`);
    expect(generation.tokens).toEqual(forcedTokens.slice(0, -1));
    expect(generation.usage.generatedTokens).toBe(forcedTokens.length);
  });

  test('hold the closing of a thought in place of the token that ended it', async () => {
    const { generation } = await write('Hm.<|im_end|>Yes.<|im_end|>');
    expect(generation.tokens).toEqual(await tokensOf(engine, `Hm.\n\n${CLOSING}\n</think>\n\nYes.`));
  });

  test('hold no token that only the runtime may write', async () => {
    const { generation } = await write('</think>\n\nYes.<|im_start|>user\nNo.');
    expect(generation.tokens).toEqual(await tokensOf(engine, '</think>\n\nYes.'));
  });
});

describe('a call that cannot be made is answered, and the run goes on', () => {
  test.each<[string, string, RegExp]>([
    [
      'an unknown tool',
      CALL.replace('read_file', 'fly'),
      /There is no tool "fly"\. The tools are: .*read_file/,
    ],
    [
      'a missing parameter',
      '<tool_call>\n<function=read_file>\n</function>\n</tool_call>',
      /was not made.*path/s,
    ],
    ['a misspelt parameter', CALL.replace('=path', '=pth'), /was not made.*pth/s],
    [
      'a parameter given twice',
      CALL.replace('</function>', '<parameter=path>\nb\n</parameter>\n</function>'),
      /given twice/,
    ],
    [
      'a value that is not of its type',
      CALL.replace('</function>', '<parameter=from_line>\nthree\n</parameter>\n</function>'),
      /was not made.*from_line/s,
    ],
    ['an unclosed call', UNCLOSED, /cut off/],
  ])('%s', async (_, call, sentence) => {
    const { engine: forced, result } = await run([
      `</think>\n\n${call}<|im_end|>`,
      '</think>\n\nI cannot.<|im_end|>',
    ]);
    expect(result).toMatchObject({ stopReason: 'done', text: 'I cannot.', steps: 2 });
    const [, , answered] = result.messages;
    expect(answered).toMatchObject({ role: 'tool', results: [{ isError: true }] });
    const prompt = (forced.requests[1]?.prompt ?? [])
      .map((part) => ('text' in part ? part.text : ''))
      .join('');
    expect(prompt.slice(prompt.lastIndexOf('<tool_response>'))).toMatch(sentence);
  });

  test('one of two calls at once fails, the other is made', async () => {
    const calls = `${CALL}\n${CALL.replace('read_file', 'fly')}`;
    const { result } = await run([`</think>\n\n${calls}<|im_end|>`, '</think>\n\nIt is 12.<|im_end|>']);
    const [, , answered] = result.messages;
    const results = answered?.role === 'tool' ? answered.results : [];
    expect(results.map(({ isError, content }) => [isError, contentText(content)])).toEqual([
      [false, 'Total: 12'],
      [true, expect.stringContaining('fly')],
    ]);
  });

  test('a call inside a thought that the message ends with is made', async () => {
    const { result } = await run([`I look.\n${CALL}<|im_end|>`, '</think>\n\nIt is 12.<|im_end|>']);
    expect(result).toMatchObject({ stopReason: 'done', text: 'It is 12.' });
    expect(JSON.stringify(result.messages[2])).toContain('Total: 12');
  });

  test('what the model wrote wrongly stays in its state, so that nothing is evaluated twice', async () => {
    const { engine: forced } = await run([
      `Hm.\n</think>\n\n${UNCLOSED}<|im_end|>`,
      '</think>\n\nI cannot.<|im_end|>',
    ]);
    const [first, second] = forced.generations.map(({ usage, tokens }) => ({ ...usage, tokens }));
    const held = (first?.evaluatedTokens ?? 0) + (first?.reusedTokens ?? 0) + (first?.tokens.length ?? 0);
    expect(second?.reusedTokens).toBe(held);
  });
});

async function run(messages: readonly string[]) {
  const { home, workspace } = await createTempProject({ 'a.txt': 'Total: 12' });
  const agent: Agent = { name: 'clerk', description: '', instructions: '', tools: builtInTools };
  const forced = forceMessages(engine, messages);
  const result = await runAgent({ agent, task: 'Do it.', engine: forced, workspace, home });
  return { engine: forced, result };
}
