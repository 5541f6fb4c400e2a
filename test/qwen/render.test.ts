import { readFileSync } from 'node:fs';
import { Template } from '@huggingface/jinja';
import { describe, expect, test } from 'vitest';
import { contentText, type Message, userMessage } from '../../src/messages.ts';
import { render, type Segment } from '../../src/qwen/render.ts';
import { assistant, CONVERSATIONS, type Conversation, results } from '../helpers/conversations.ts';

const official = new Template(readFileSync('test/fixtures/qwen3.5-chat-template.jinja', 'utf8'));

describe('the template history', () => {
  test('is held against at least 60 conversations', () => {
    expect(CONVERSATIONS.length).toBeGreaterThanOrEqual(60);
  });

  test.each(
    CONVERSATIONS.flatMap((conversation) => [true, false].map((thinking) => ({ ...conversation, thinking }))),
  )('is byte-equal to the official template: $name, thinking $thinking', (conversation) => {
    const { thinking, ...input } = conversation;
    expect(joined(render({ ...input, thinking, history: 'template' }))).toBe(
      renderOfficially(input, thinking),
    );
  });
});

describe('the appended history', () => {
  const thread = CONVERSATIONS.find(({ name }) => name === 'a third turn') as Conversation;

  test('begins with the whole of the prompt before, at every message', () => {
    for (let length = 1; length < thread.messages.length; length += 1) {
      if (thread.messages[length]?.role !== 'assistant') continue;
      const before = joined(
        render({ ...thread, messages: thread.messages.slice(0, length), thinking: true }),
      );
      const after = joined(
        render({ ...thread, messages: thread.messages.slice(0, length + 1), thinking: true }),
      );
      expect(after.startsWith(before)).toBe(true);
    }
  });

  test('is not what the template makes of a second turn, which drops the first one’s thoughts', () => {
    const appended = joined(render({ ...thread, thinking: true }));
    const template = joined(render({ ...thread, thinking: true, history: 'template' }));
    expect(appended).toContain('I need a file.');
    expect(template).not.toContain('I need a file.');
  });

  test('is the template’s own text within a turn', () => {
    const turn = CONVERSATIONS.find(({ name }) => name === 'several steps in a turn') as Conversation;
    expect(joined(render({ ...turn, thinking: true }))).toBe(renderOfficially(turn, true));
  });
});

describe('generated tokens', () => {
  const generated = { model: 'm1', thinking: true, tokens: [7, 8, 9] };
  const messages = [
    userMessage('Hi'),
    { ...assistant('Hello', { thinking: 'Hm' }), generated },
    userMessage('And?'),
  ];

  test('stand for the message in a prompt of the same model', () => {
    const prompt = render({ messages, thinking: true, model: 'm1' });
    expect(prompt).toContainEqual({ tokens: [7, 8, 9] });
    expect(joined(prompt)).not.toContain('Hello');
  });

  test.each([
    ['another model', { model: 'm2' }],
    ['no model', {}],
    ['the template history, before the last user message', { model: 'm1', history: 'template' as const }],
  ])('are left aside with %s', (_, options) => {
    const prompt = render({ messages, thinking: true, ...options });
    expect(prompt.some((segment) => 'tokens' in segment)).toBe(false);
    expect(joined(prompt)).toContain('Hello');
  });

  test('follow the empty thought where the message was generated without one', () => {
    const prompt = render({
      messages: [userMessage('Hi'), { ...assistant('Yes'), generated: { ...generated, thinking: false } }],
      thinking: false,
      model: 'm1',
    });
    const index = prompt.findIndex((segment) => 'tokens' in segment);
    expect(prompt[index - 1]).toMatchObject({ text: expect.stringMatching(/<think>\n\n<\/think>\n\n$/) });
  });
});

test('marks the ends of the system turn and of every user message as edges', () => {
  const prompt = render({
    instructions: 'Be brief.',
    messages: [userMessage('One'), assistant('1'), userMessage('Two')],
    thinking: true,
  });
  const edges = prompt.flatMap((segment) => ('edge' in segment && segment.edge ? [segment.text] : []));
  expect(edges).toEqual(['<|im_end|>\n', '<|im_end|>\n', '<|im_end|>\n']);
});

test('trusts no word that comes from outside', () => {
  const secret = 'zebra';
  const prompt = render({
    instructions: secret,
    tools: [{ name: secret, description: secret, parameters: { type: 'object', title: secret } }],
    messages: [
      userMessage(secret),
      assistant(secret, { thinking: secret, inputs: [[secret, { [secret]: secret }]] }),
      results(secret),
    ],
    thinking: true,
  });
  const trusted = prompt.filter((segment) => 'text' in segment && segment.trusted);
  expect(joined(trusted)).not.toContain(secret);
  expect(joined(prompt).split(secret).length - 1).toBe(11);
});

const joined = (segments: readonly Segment[]) =>
  segments.map((segment) => ('text' in segment ? segment.text : '')).join('');

function renderOfficially(
  { instructions, tools = [], messages }: Omit<Conversation, 'name'>,
  thinking: boolean,
): string {
  return official.render({
    messages: [
      ...(instructions === undefined ? [] : [{ role: 'system', content: instructions }]),
      ...messages.flatMap(toOfficial),
    ],
    ...(tools.length > 0 && { tools: tools.map((spec) => ({ type: 'function', function: spec })) }),
    add_generation_prompt: true,
    enable_thinking: thinking,
  });
}

function toOfficial(message: Message): object[] {
  if (message.role === 'user') return [{ role: 'user', content: contentText(message.content) }];
  if (message.role === 'tool')
    return message.results.map(({ content }) => ({ role: 'tool', content: contentText(content) }));
  return [
    {
      role: 'assistant',
      content: message.text,
      reasoning_content: message.thinking,
      tool_calls: message.toolCalls.map(({ name, input }) => ({ function: { name, arguments: input } })),
    },
  ];
}
