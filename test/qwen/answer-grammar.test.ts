import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/messages.ts';
import { answerGrammar } from '../../src/qwen/answer-grammar.ts';
import { admits, compile } from '../helpers/grammar.ts';

const object = (properties: JsonObject, required = Object.keys(properties)): JsonObject => ({
  type: 'object',
  properties,
  required,
});
const admitsOf = async (schema: JsonObject, texts: readonly string[]) => {
  const grammar = await compile(answerGrammar(schema));
  return texts.filter((text) => admits(grammar, text));
};

describe('the grammar of an answer', () => {
  test.each<[string, JsonObject, readonly string[], readonly string[]]>([
    [
      'an object',
      object({ a: { type: 'string' }, b: { type: 'integer' } }),
      ['{"a": "x", "b": 1}', '{"a":"x","b":1}', '\n\n{"a": "", "b": -1}'],
      [
        '{"a": "x"}',
        '{"b": 1, "a": "x"}',
        '{"a": "x", "b": 1, "c": 2}',
        '{"a": "x", "a": "y", "b": 1}',
        '[]',
        'x',
      ],
    ],
    [
      'optional members',
      object({ a: { type: 'null' }, b: { type: 'boolean' } }, ['b']),
      ['{"b": true}', '{"a": null, "b": false}'],
      ['{}', '{"a": null}', '{"a": null,}', '{"b": True}'],
    ],
    ['an empty object', object({}), ['{}'], ['[]', '{', 'null']],
    [
      'an array',
      { type: 'array', items: { type: 'null' }, maxItems: 2 },
      ['[]', '[null]', '[null, null]'],
      ['[null,]', '[null, null, null]'],
    ],
    ['an enum', { enum: ['a', 1, null, '"'] }, ['"a"', '1', 'null', '"\\""'], ['a', '"b"', '2']],
    [
      'a string',
      { type: 'string' },
      ['"😀"', '"\\ud83d\\ude00"', '"\\n"', '"<think>"'],
      ['"\n"', '"\\ud83d"', "'x'"],
    ],
    ['a number', { type: 'number' }, ['0', '-1.5', '2e3'], ['NaN', '01', '1.', '+1', 'Infinity']],
    [
      'a date',
      { type: 'string', format: 'date' },
      ['"2026-05-31"', '"2024-02-29"'],
      ['"2026-02-30"', '"2026-04-31"', '"31.05.2026"', '""', '"2026-13-01"'],
    ],
    [
      'a confidence',
      { type: 'number', minimum: 0, maximum: 1 },
      ['0', '1', '0.95', '1.0'],
      ['1.01', '-0.1', '95', '2'],
    ],
    [
      'recursion',
      { $ref: '#/$defs/t', $defs: { t: object({ t: { $ref: '#/$defs/t' } }, []) } },
      ['{}', '{"t": {"t": {}}}'],
      ['{"t": 1}'],
    ],
  ])('admits %s, and nothing else', async (_, schema, good, bad) => {
    expect(await admitsOf(schema, [...good, ...bad])).toEqual(good);
  });

  test('lets no white space follow the JSON, and little go before it', async () => {
    const schema: JsonObject = { type: 'boolean' };
    expect(await admitsOf(schema, ['true', '\n\n\n\ntrue'])).toHaveLength(2);
    expect(await admitsOf(schema, ['true ', 'true\n', '\n\n\n\n\ntrue', '\ttrue'])).toEqual([]);
    expect(await admitsOf({ type: 'array' }, ['[1,  2]', '[ 1]', '[\n1]'])).toEqual([]);
  });

  test('drops what it cannot say', async () => {
    const schema: JsonObject = { type: 'string', pattern: '^x$', format: 'email' };
    expect(await admitsOf(schema, ['"anything"'])).toHaveLength(1);
  });
});
