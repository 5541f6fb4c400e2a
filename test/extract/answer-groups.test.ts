import { describe, expect, test } from 'vitest';
import { type AnswerGroup, answerGroups } from '../../src/extract/ask/answer-groups.ts';
import { readClaims } from '../../src/extract/ask/read-claims.ts';
import type { Field, List } from '../../src/extract/extraction.ts';
import { readAnswerSchema } from '../../src/qwen/answer-schema.ts';

const fieldOf = (path: string, more: Partial<Field> = {}): Field => ({
  path,
  type: 'text',
  description: '',
  choices: [],
  isRequired: false,
  ...more,
});
const items: List = {
  path: 'order.items',
  description: '',
  columns: [fieldOf('order.items.name'), fieldOf('order.items.price.net', { type: 'amount' })],
  isOfValues: false,
};
const tags: List = { path: 'tags', description: '', columns: [fieldOf('tags')], isOfValues: true };

const only = (plan: { fields?: readonly Field[]; lists?: readonly List[] }): AnswerGroup => {
  const [group, ...others] = answerGroups({ fields: [], lists: [], ...plan });
  if (!group || others.length > 0) throw new Error('not one group');
  return group;
};

describe('the groups', () => {
  test.each([
    [0, []],
    [1, [1]],
    [16, [16]],
    [17, [9, 8]],
    [40, [14, 14, 12]],
  ])('of %j fields have at most 16 each, in order', (count, sizes) => {
    const fields = Array.from({ length: count }, (_, at) => fieldOf(`f${at}`));
    const groups = answerGroups({ fields, lists: [] });
    expect(groups.map((group) => group.fields.length)).toEqual(sizes);
    expect(groups.flatMap((group) => group.fields)).toEqual(fields);
  });

  test('have each list by itself', () => {
    const groups = answerGroups({ fields: [fieldOf('a')], lists: [items, tags] });
    expect(groups.map(({ fields, list }) => [fields.length, list?.path])).toEqual([
      [1, undefined],
      [0, 'order.items'],
      [0, 'tags'],
    ]);
  });

  test('take answers of their form: texts of 300 characters at most, choices and booleans by their literals', () => {
    const { schema } = only({
      fields: [
        fieldOf('a'),
        fieldOf('b', { type: 'choice', choices: ['x', 'y'] }),
        fieldOf('c', { type: 'boolean' }),
      ],
    });
    const check = (a: unknown, b: unknown = null, c: unknown = null) =>
      readAnswerSchema(schema).check({ a, b, c } as never).ok;
    const long = (length: number) => ({ quote: 'q'.repeat(length), value: 'v' });
    expect(check(null)).toBe(true);
    expect(check(long(300), { quote: 'q', value: 'x' }, { quote: 'q', value: true })).toBe(true);
    expect(check(long(301))).toBe(false);
    expect(check({ quote: 'q', value: 12 })).toBe(false);
    expect(check({ value: 'v' })).toBe(false);
    expect(check(null, { quote: 'q', value: 'z' })).toBe(false);
    expect(check(null, null, { quote: 'q', value: 'true' })).toBe(false);
    expect(readAnswerSchema(schema).check({ a: null, b: null }).ok).toBe(false);
  });

  test('take the lines of a list, their columns by short names', () => {
    const { schema } = only({ lists: [items] });
    const check = (row: unknown) => readAnswerSchema(schema).check({ 'order.items': [row] } as never).ok;
    expect(check({ quote: 'q', name: 'n', 'price.net': null })).toBe(true);
    expect(check({ quote: 'q', name: 'n' })).toBe(false);
    expect(check({ quote: 'q', 'order.items.name': 'n', 'price.net': null })).toBe(false);
  });
});

describe('the answer of a model that no grammar held', () => {
  const group = only({
    fields: [
      fieldOf('total', { type: 'amount' }),
      fieldOf('seller.name'),
      fieldOf('kind', { type: 'choice', choices: ['none', 'invoice'] }),
    ],
  });
  const claims = (text: string) => {
    const read = readClaims(text, group);
    return read && Object.fromEntries(read.fields);
  };
  const total = { total: [{ quote: 'Total 12.50', value: '12.50' }] };
  const json = '{"total": {"quote": "Total 12.50", "value": "12.50"}, "seller.name": null}';

  test.each([
    ['as it should be', json],
    ['in a fence', `\`\`\`json\n${json}\n\`\`\``],
    ['in a fence within prose', `Here it is:\n\`\`\`\n${json}\n\`\`\`\nI hope it helps {really}.`],
    ['in prose with brackets', `The fields [total] and {name}: ${json} That is all [1].`],
    ['after an unclosed bracket', `{ let me see: ${json}`],
    ['in an object around it', `{"fields": ${json}}`],
    ['in a list of one', `[${json}]`],
    ['with unknown names', json.replace('{', '{"note": "x", "confidence": {"quote": "a", "value": "b"}, ')],
    ['in a list where one value is expected', '{"total": [{"quote": "Total 12.50", "value": "12.50"}]}'],
    ['with a list of one value', '{"total": {"quote": "Total 12.50", "value": ["12.50"]}}'],
  ])('is understood %s', (_, text) => {
    expect(claims(text)).toEqual(total);
  });

  test('is understood nested instead of flat', () => {
    expect(claims('{"seller": {"name": {"quote": "by A", "value": "A"}}}')).toEqual({
      'seller.name': [{ quote: 'by A', value: 'A' }],
    });
  });

  test('may have bare values, numbers and booleans: nothing is quoted then', () => {
    expect(claims('{"total": 12.5, "seller.name": {"value": true}}')).toEqual({
      total: [{ quote: '', value: '12.5' }],
      'seller.name': [{ quote: '', value: 'true' }],
    });
  });

  test('may have several values for a field, and all of them are claims', () => {
    expect(claims('{"total": ["1", {"quote": "b 2", "value": "2"}, null]}')).toEqual({
      total: [
        { quote: '', value: '1' },
        { quote: 'b 2', value: '2' },
      ],
    });
  });

  test.each(['', ' ', 'n/a', 'N/A', 'None', 'null', 'unknown', '-', '—', 'not stated', 'Not found'])(
    'says nothing with %j',
    (nothing) => {
      expect(
        claims(JSON.stringify({ total: nothing, 'seller.name': { quote: 'x', value: nothing } })),
      ).toEqual({});
    },
  );

  test('may say none where a choice or the quote does', () => {
    expect(claims('{"kind": "none", "seller.name": {"quote": "Allergies: none", "value": "none"}}')).toEqual({
      kind: [{ quote: '', value: 'none' }],
      'seller.name': [{ quote: 'Allergies: none', value: 'none' }],
    });
  });

  test.each(['', 'I cannot do that.', '{"total": {"quote": "Total', '{}}{'])('is none: %j', (text) => {
    expect(claims(text) ?? {}).toEqual({});
  });

  test('is undefined without any JSON', () => {
    expect(claims('Total: 12.50')).toBeUndefined();
  });

  test('is not led astray by names of JavaScript', () => {
    expect(claims('{"constructor": 1, "__proto__": {"total": "5"}, "total": null}')).toEqual({});
  });
});

describe('the lines of a list', () => {
  const group = only({ lists: [items] });
  const row = {
    quote: '2 chairs 40.00',
    values: { 'order.items.name': 'chairs', 'order.items.price.net': '40' },
  };

  test.each([
    [
      'as they should be',
      '{"order.items": [{"quote": "2 chairs 40.00", "name": "chairs", "price.net": "40"}]}',
    ],
    ['without the object around', '[{"quote": "2 chairs 40.00", "name": "chairs", "price.net": 40}]'],
    [
      'nested',
      '{"order": {"items": [{"quote": "2 chairs 40.00", "name": "chairs", "price": {"net": "40"}}]}}',
    ],
    ['a single one', '{"order.items": {"quote": "2 chairs 40.00", "name": "chairs", "price.net": "40"}}'],
    [
      'with values as objects',
      '{"order.items": [{"quote": "2 chairs 40.00", "name": {"value": "chairs"}, "price.net": ["40"]}]}',
    ],
    [
      'with lines that say nothing',
      '{"order.items": [{"quote": "x", "name": null, "price.net": "n/a"}, {"quote": "2 chairs 40.00", "name": "chairs", "price.net": "40"}, "and more", null]}',
    ],
  ])('are understood %s', (_, text) => {
    expect(readClaims(text, group)?.rows).toEqual([row]);
  });

  test.each([
    '{"tags": [{"quote": "q", "value": "red"}, {"quote": "q", "value": "12"}]}',
    '{"tags": [{"quote": "q", "value": "red"}, {"quote": "q", "value": 12}, {"quote": "q", "value": ""}]}',
  ])('are plain values: %s', (text) => {
    expect(readClaims(text, only({ lists: [tags] }))?.rows).toEqual([
      { quote: 'q', values: { tags: 'red' } },
      { quote: 'q', values: { tags: '12' } },
    ]);
  });

  test('are plain values without quotes', () => {
    expect(readClaims('{"tags": ["red", null, 12]}', only({ lists: [tags] }))?.rows).toEqual([
      { quote: '', values: { tags: 'red' } },
      { quote: '', values: { tags: '12' } },
    ]);
  });
});
