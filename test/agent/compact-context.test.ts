import { describe, expect, test } from 'vitest';
import { type CompactOptions, compactContext } from '../../src/agent/compact-context.ts';
import { noUsage } from '../../src/events.ts';
import {
  type AssistantMessage,
  contentText,
  type Message,
  type ToolMessage,
  textPart,
  userMessage,
} from '../../src/messages.ts';
import { readFile } from '../../tools/read-file.ts';
import { writeFile } from '../../tools/write-file.ts';

const task = userMessage('Read.');
const calling = (id: string, { name = 'read_file', thinking = '', path = id } = {}): AssistantMessage => ({
  role: 'assistant',
  thinking,
  text: '',
  toolCalls: [{ id, name, input: { path } }],
  generated: { model: 'm', thinking: true, tokens: [1, 2] },
});
const result = (toolCallId: string, text: string, isError = false): ToolMessage => ({
  role: 'tool',
  results: [{ toolCallId, isError, content: [textPart(text)] }],
});
const lines = (count: number) => 'a line of ten\n'.repeat(count);
const step = (id: string, count = 90): readonly Message[] => [calling(id), result(id, lines(count))];

/** A character is a token here, and nothing but words counts. */
const textOf = (message: Message) => {
  if (message.role === 'user') return contentText(message.content);
  if (message.role === 'assistant') return message.thinking + message.text;
  return message.results.map(({ content }) => contentText(content)).join('');
};
const measure = async (messages: readonly Message[]) => messages.map(textOf).join('').length;

const compact = (messages: readonly Message[], options: Partial<CompactOptions> = {}) =>
  compactContext(messages, {
    task,
    tools: [readFile, writeFile],
    roomTokens: 5000,
    measure,
    summarize: async () => ({ text: 'In short.', usage: noUsage }),
    summaryTokens: 100,
    ...options,
  });
const textsOf = (messages: readonly Message[] | undefined) => messages?.map(textOf) ?? [];

describe('compactContext', () => {
  const four = [task, ...step('a'), ...step('b'), ...step('c'), ...step('d')];

  test('leaves out as many of the oldest results as bring it to three fifths of the room', async () => {
    const { context = [], dropped = [] } = (await compact(four)) ?? {};
    const leftOut = (id: string) =>
      `[Left out to save room: the result of read_file {"path":"${id}"}, 1,260 characters. The same call gives it again.]`;
    expect(textsOf(context)).toEqual([
      'Read.',
      ...['', leftOut('a'), '', leftOut('b')],
      ...['', lines(90), '', lines(90)],
    ]);
    expect(dropped).toEqual(
      ['a', 'b'].map((toolCallId) => ({
        type: 'tool-result',
        toolCallId,
        name: 'read_file',
        characters: 1260,
      })),
    );
  });

  test('leaves a context alone that is small enough', async () => {
    expect(await compact([task, ...step('a'), ...step('b')])).toBeUndefined();
  });

  test('keeps the tokens of every message but those whose thought goes', async () => {
    const messages = [task, calling('a', { thinking: 'Hm. '.repeat(900) }), result('a', 'x'), ...step('d')];
    const compaction = await compact(messages);
    expect(compaction?.dropped).toEqual([{ type: 'thinking', messages: 1, characters: 3600 }]);
    expect(compaction?.context[1]).toEqual({
      role: 'assistant',
      thinking: '',
      text: '',
      toolCalls: [expect.anything()],
    });
    expect(compaction?.context[3]).toBe(messages[3]);
  });

  test('leaves out every old result before a thought', async () => {
    const messages = [
      task,
      calling('a', { thinking: 'Hm. '.repeat(300) }),
      result('a', lines(100)),
      ...step('b'),
      ...step('c'),
    ];
    const { dropped = [] } = (await compact(messages)) ?? {};
    expect(dropped.map(({ type }) => type)).toEqual(['tool-result', 'tool-result']);
  });

  test.each([
    ['write_file', 'The call was made: do not make it again.'],
    ['gone', 'The call was made: do not make it again.'],
    ['read_file', 'The same call gives it again.'],
  ])('says of %s what was left out', async (name, again) => {
    const messages = [task, calling('a', { name }), result('a', lines(400)), ...step('b')];
    const { context = [] } = (await compact(messages)) ?? {};
    expect(textsOf(context)[2]).toBe(
      `[Left out to save room: the result of ${name} {"path":"a"}, 5,600 characters. ${again}]`,
    );
    expect(context[2]).toMatchObject({ results: [{ isError: false }] });
  });

  test.each([
    ['The call was not made.', 'The call was not made.', '5,600'],
    ['x'.repeat(300), 'x'.repeat(200), '5,700'],
    [`${'x'.repeat(199)}😀`, 'x'.repeat(199), '5,602'],
  ])('keeps the start of a failure, which says whether the call was made', async (first, kept, left) => {
    const messages = [
      task,
      calling('a', { name: 'write_file' }),
      result('a', `${first}\n${lines(400)}`, true),
      ...step('b'),
    ];
    const { context = [] } = (await compact(messages)) ?? {};
    expect(textsOf(context)[2]).toBe(
      `${kept}\n[Left out to save room: the rest of this failure, ${left} characters.]`,
    );
    expect(context[2]).toMatchObject({ results: [{ isError: true }] });
  });

  test('says a long input in short, never half a character of it', async () => {
    const messages = [task, calling('a', { path: '😀'.repeat(200) }), result('a', lines(400)), ...step('b')];
    const line = textsOf((await compact(messages))?.context)[2] ?? '';
    expect(line.length).toBeLessThan(260);
    expect(line).toContain('…');
    expect(line.isWellFormed()).toBe(true);
  });

  test('leaves out the results of one step each by itself', async () => {
    const both: Message = {
      role: 'tool',
      results: [...result('a', lines(150)).results, ...result('b', lines(150)).results],
    };
    const calls: AssistantMessage = {
      ...calling('a'),
      toolCalls: [...calling('a').toolCalls, ...calling('b').toolCalls],
    };
    const { context = [], dropped = [] } = (await compact([task, calls, both, ...step('c')])) ?? {};
    expect(dropped).toMatchObject([{ toolCallId: 'a' }, { toolCallId: 'b' }].slice(0, dropped.length));
    expect(textsOf(context)[2]).toMatch(/^\[Left out[^\]]*"a"[^\]]*\]/);
  });

  test('never leaves out the results of the last step, but cuts one that has no room at a line', async () => {
    const { context = [], dropped = [] } = (await compact([task, ...step('a', 2000)])) ?? {};
    expect(textsOf(context)[2]).toMatch(
      /^(a line of ten\n)+\[Cut off: these are the first \d+ of 28000 characters\. Ask for less at a time\.\]$/,
    );
    expect(await measure(context)).toBeLessThanOrEqual(5000);
    expect(dropped).toMatchObject([{ type: 'tool-result', toolCallId: 'a', name: 'read_file' }]);
  });

  test('cuts the longest of the last results first', async () => {
    const both: Message = {
      role: 'tool',
      results: [...result('a', 'short').results, ...result('b', lines(2000)).results],
    };
    const calls = { ...calling('a'), toolCalls: [...calling('a').toolCalls, ...calling('b').toolCalls] };
    const { context = [] } = (await compact([task, calls, both])) ?? {};
    expect(context[2]).toMatchObject({ results: [both.results[0], { toolCallId: 'b' }] });
  });

  describe('where results and thoughts were not enough', () => {
    const talk: readonly Message[] = [
      userMessage('u'.repeat(2000)),
      { role: 'assistant', thinking: '', text: 'v'.repeat(2000), toolCalls: [] },
      userMessage('w'.repeat(800)),
      { role: 'assistant', thinking: '', text: 'z'.repeat(800), toolCalls: [] },
      task,
    ];

    test('sums up the oldest turns, as few as bring it down', async () => {
      const asked: (readonly Message[])[] = [];
      const compaction = await compact(talk, {
        summarize: async (old) => {
          asked.push(old);
          return { text: 'In short.', usage: noUsage };
        },
      });
      expect(asked).toEqual([talk.slice(0, 2)]);
      expect(compaction?.context.slice(1)).toEqual(talk.slice(2));
      expect(textsOf(compaction?.context)[0]).toMatch(/^\[A summary .*\]\nIn short\.$/);
      expect(compaction?.dropped).toEqual([{ type: 'turns', turns: 1, steps: 1, summary: 'In short.' }]);
    });

    test('sums up what came before together with the summary of before that', async () => {
      const first = (await compact(talk))?.context ?? [];
      const more = [...first, { ...calling('a'), text: 'q'.repeat(4500) }, result('a', 'x'), ...step('b')];
      const asked: (readonly Message[])[] = [];
      const second = await compact(more, {
        summarize: async (old) => {
          asked.push(old);
          return { text: 'Shorter.', usage: noUsage };
        },
      });
      expect(asked[0]?.[0]).toBe(first[0]);
      expect(asked[0]).not.toContain(task);
      expect(second?.dropped).toMatchObject([{ turns: 1, steps: 2, summary: 'Shorter.' }]);
      expect(second?.context[1]).toBe(task);
    });

    test('keeps what the user said while the run worked, and results with their calls', async () => {
      const said = userMessage('And quickly.');
      const messages = [
        task,
        { ...calling('a'), text: 'q'.repeat(3000) },
        result('a', 'x'),
        said,
        { ...calling('b'), text: 'q'.repeat(3000) },
        result('b', 'y'),
        ...step('c'),
      ];
      const { context = [] } = (await compact(messages)) ?? {};
      expect(context.slice(1, 3)).toEqual([task, said]);
      expect(context[3]).toMatchObject({ role: 'assistant' });
    });

    test('gives what it has where the model gives no summary', async () => {
      expect(await compact(talk, { summarize: async () => undefined })).toBeUndefined();
    });

    test('does not sum up a summary alone', async () => {
      const first = (await compact(talk))?.context.slice(0, 1) ?? [];
      const huge = userMessage('x'.repeat(6000));
      expect(await compact([...first, huge], { task: huge })).toBeUndefined();
    });
  });
});
