import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createParser,
  type DialectTag,
  type ParsedCall,
  type ParseEvent,
  type TokenPiece,
} from '../../src/qwen/parse.ts';
import type { ToolSpec } from '../../src/tool/define-tool.ts';

const TAGS: readonly DialectTag[] = ['<think>', '</think>', '<tool_call>', '</tool_call>'];
const tools: readonly ToolSpec[] = [
  {
    name: 'read_file',
    description: '',
    parameters: {
      type: 'object',
      properties: { path: { type: 'string' }, lines: { type: 'integer' } },
      required: ['path'],
    },
  },
];

/** Tokens from text in which the dialect's tags stand for their special tokens, and `⟨tag⟩` for the tag as plain text. */
function pieces(text: string): TokenPiece[] {
  const pattern = new RegExp(`(${TAGS.join('|')})`);
  return text
    .split(pattern)
    .filter((part) => part !== '')
    .map((part) =>
      TAGS.includes(part as DialectTag) ? { text: part, tag: part as DialectTag } : { text: unquote(part) },
    );
}
const unquote = (text: string) => text.replaceAll('⟨', '<').replaceAll('⟩', '>');

function parse(input: readonly TokenPiece[], thinking = true) {
  const parser = createParser(tools, thinking);
  return collect([...input.flatMap((piece) => parser.push(piece)), ...parser.end()]);
}

function collect(events: readonly ParseEvent[]) {
  const join = (type: ParseEvent['type']) =>
    events.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('');
  const toolCalls: ParsedCall[] = events.flatMap((event) =>
    event.type === 'tool-call' ? [event.toolCall] : [],
  );
  return { thinking: join('thinking-delta'), text: join('text-delta'), toolCalls };
}

const CALL =
  '<tool_call>\n<function=read_file>\n<parameter=path>\na.txt\n</parameter>\n</function>\n</tool_call>';
const OTHER = CALL.replace('a.txt', 'b.txt');
const a = { name: 'read_file', input: { path: 'a.txt' } };
const b = { name: 'read_file', input: { path: 'b.txt' } };

describe('what a model writes', () => {
  test.each<[string, string, ReturnType<typeof collect>]>([
    [
      'a thought and an answer',
      'Hm.\n</think>\n\nIt is 12.',
      { thinking: 'Hm.', text: 'It is 12.', toolCalls: [] },
    ],
    ['an empty thought', '\n</think>\n\nYes', { thinking: '', text: 'Yes', toolCalls: [] }],
    [
      'a thought and a call',
      `I look.\n</think>\n\n${CALL}`,
      { thinking: 'I look.', text: '', toolCalls: [a] },
    ],
    [
      'text before a call',
      `</think>\n\nI look.\n\n${CALL}`,
      { thinking: '', text: 'I look.', toolCalls: [a] },
    ],
    ['two calls at once', `</think>\n\n${CALL}\n${OTHER}`, { thinking: '', text: '', toolCalls: [a, b] }],
    [
      'prose before, between and after calls',
      `</think>\n\nOne.\n\n${CALL}\nTwo.\n${OTHER}\nThree.\n`,
      { thinking: '', text: 'One.\n\nTwo.\n\nThree.', toolCalls: [a, b] },
    ],
    ['a call inside an open thought', `I look.\n${CALL}`, { thinking: 'I look.', text: '', toolCalls: [a] }],
    [
      'two calls inside an open thought',
      `I look.\n${CALL}\n${OTHER}\n`,
      { thinking: 'I look.', text: '', toolCalls: [a, b] },
    ],
    [
      'a call inside a thought that closes',
      `I would\n${CALL}\n</think>\n\nDone.`,
      { thinking: `I would\n\n${CALL}`, text: 'Done.', toolCalls: [] },
    ],
    [
      'a call inside a thought that goes on',
      `I would\n${CALL}\nor not.\n</think>\n\n${OTHER}`,
      { thinking: `I would\n\n${CALL}\n\nor not.`, text: '', toolCalls: [b] },
    ],
    [
      'a quoted tag in prose',
      '</think>\n\nWrite ⟨tool_call⟩ and ⟨/think⟩, ⟨think⟩.',
      { thinking: '', text: 'Write <tool_call> and </think>, <think>.', toolCalls: [] },
    ],
    [
      'a quoted tag in a thought',
      'A ⟨/think⟩ and a ⟨tool_call⟩.\n</think>\n\nYes',
      { thinking: 'A </think> and a <tool_call>.', text: 'Yes', toolCalls: [] },
    ],
    [
      'a call whose end tag is plain text',
      '</think>\n\n<tool_call>\n⟨function=read_file⟩\n⟨parameter=path⟩\na.txt\n⟨/parameter⟩\n⟨/function⟩\n⟨/tool_call⟩\nThen.',
      { thinking: '', text: 'Then.', toolCalls: [a] },
    ],
    [
      'a second thought',
      'One.\n</think>\n\nText.\n<think>\nTwo.\n</think>\n\nMore.',
      { thinking: 'One.\n\nTwo.', text: 'Text.\n\nMore.', toolCalls: [] },
    ],
    [
      'closing tags where nothing is open',
      '</think>\n\nYes</think></tool_call>.',
      { thinking: '', text: 'Yes.', toolCalls: [] },
    ],
    [
      'an end tag inside a value',
      `</think>${CALL.replace('a.txt', 'a</tool_call>b')}`,
      { thinking: '', text: '', toolCalls: [{ name: 'read_file', input: { path: 'a</tool_call>b' } }] },
    ],
    ['nothing', '', { thinking: '', text: '', toolCalls: [] }],
  ])('%s', (_, text, expected) => {
    expect(parse(pieces(text))).toEqual(expected);
  });

  test.each<[string, string]>([
    ['an unclosed call', CALL.slice(0, CALL.indexOf('</function>'))],
    ['a value that is cut off', CALL.slice(0, CALL.indexOf('txt'))],
    ['only the start of a call', '<tool_call>'],
    ['a call cut off by the next one', CALL.slice(0, CALL.indexOf('</function>')) + CALL],
    ['a call cut off inside a thought', `Hm. ${CALL.slice(0, 40)}`],
  ])('%s carries a problem', (_, text) => {
    const { toolCalls } = parse(pieces(text), false);
    expect(toolCalls[0]?.problem).toMatch(/\w+.*\./);
    expect(toolCalls.slice(1)).toEqual(toolCalls.length > 1 ? [a] : []);
  });

  test('a parameter given twice carries a problem', () => {
    const twice = CALL.replace('</function>', '<parameter=path>\nb.txt\n</parameter>\n</function>');
    expect(parse(pieces(twice), false).toolCalls[0]?.problem).toContain('path');
  });

  test.each([
    ['an unknown tool', 'fly', 'path', 'a.txt', { name: 'fly', input: { path: 'a.txt' } }],
    ['a misspelt parameter', 'read_file', 'pth', 'a.txt', { name: 'read_file', input: { pth: 'a.txt' } }],
    [
      'a value that is not of its type',
      'read_file',
      'lines',
      'three',
      { name: 'read_file', input: { lines: 'three' } },
    ],
  ])('%s is kept as it was written, for the validation to answer', (_, name, key, value, expected) => {
    const text = `<tool_call>\n<function=${name}>\n<parameter=${key}>\n${value}\n</parameter>\n</function>\n</tool_call>`;
    expect(parse(pieces(text), false).toolCalls).toEqual([expected]);
  });

  test('a thought of 10,000 tokens is streamed', () => {
    const parser = createParser(tools, true);
    const events = Array.from({ length: 10_000 }, (_, index) => parser.push({ text: `word${index} ` }));
    expect(events.every((batch) => batch.length === 1)).toBe(true);
    expect(collect(events.flat()).thinking).toMatch(/^word0 .* word9999$/);
  });
});

describe('the stream', () => {
  const part = fc.oneof(
    fc.constantFrom<string>(
      ...TAGS,
      CALL,
      OTHER,
      CALL.slice(0, 30),
      '\n',
      '\n\n',
      ' ',
      '⟨/tool_call⟩',
      '⟨/function⟩\n⟨/tool_call⟩',
      '⟨think⟩',
    ),
    fc.constantFrom('\n⟨function=read_file⟩', '\n⟨parameter=path⟩\n', '\n⟨/parameter⟩', 'Hm', 'é🙂', ' word'),
  );

  test('gives the same events, whatever way it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 14 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat({ max: 4 })),
        (parts, thinking, cuts) => {
          const whole = pieces(parts.join(''));
          const cut = whole.flatMap((piece) => (piece.tag ? [piece] : chop(piece.text, cuts)));
          expect(parse(cut, thinking)).toEqual(parse(whole, thinking));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('sees the plain end of a call behind one that is quoted in a value, in one piece', () => {
    const plain = '</function>\n</tool_call>';
    const value = `\n<function=read_file>\n<parameter=path>\nquoted ${plain}\n${plain}`;
    const whole = [{ text: '<tool_call>', tag: '<tool_call>' }, { text: `${value} after` }] as const;
    const cut = [whole[0], ...[...`${value} after`].map((text) => ({ text }))];
    expect(parse(whole, false)).toEqual(parse(cut, false));
    expect(parse(whole, false).text).toBe('after');
  });

  test('never ends or begins a text with white space', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), fc.boolean(), (parts, thinking) => {
        const { text, thinking: thought } = parse(pieces(parts.join('')), thinking);
        expect([text, thought]).toEqual([text.trim(), thought.trim()]);
      }),
      { numRuns: 1000 },
    );
  });
});

function chop(text: string, cuts: fc.Stream<number>): TokenPiece[] {
  const chopped: TokenPiece[] = [];
  const characters = [...text];
  while (characters.length > 0) {
    const size = cuts.next().value as number;
    chopped.push({ text: characters.splice(0, size + (chopped.length % 2)).join('') });
  }
  return chopped;
}
