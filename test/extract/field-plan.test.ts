import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError } from '../../src/errors.ts';
import { readFieldPlan } from '../../src/extract/plan/field-plan.ts';
import type { JsonObject, JsonValue } from '../../src/messages.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});
const text: JsonObject = { type: 'string' };
const typesOf = (schema: Parameters<typeof readFieldPlan>[0]) =>
  Object.fromEntries(readFieldPlan(schema).fields.map(({ path, type }) => [path, type]));

describe('a JSON Schema', () => {
  test.each<[string, JsonObject, string]>([
    ['string', text, 'text'],
    ['email', { type: 'string', format: 'email' }, 'text'],
    ['date', { type: 'string', format: 'date' }, 'date'],
    ['format currency', { type: 'string', format: 'currency' }, 'currency'],
    ['number', { type: 'number' }, 'amount'],
    ['integer', { type: 'integer' }, 'integer'],
    ['integer or number', { type: ['integer', 'number'] }, 'amount'],
    ['boolean', { type: 'boolean' }, 'boolean'],
    ['enum', { enum: ['a', 'b'] }, 'choice'],
    ['const', { const: 'a' }, 'choice'],
    ['choice of consts', { oneOf: [{ const: 'a' }, { const: 'b' }] }, 'choice'],
    ['numbers as choices', { enum: [1, 2] }, 'integer'],
    ['text or number', { type: ['string', 'number'] }, 'text'],
    ['nullable by type', { type: ['number', 'null'] }, 'amount'],
    ['nullable by anyOf', { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] }, 'date'],
    ['nullable choice', { enum: ['a', null] }, 'choice'],
    ['allOf of one', { allOf: [{ type: 'number' }] }, 'amount'],
    ['reference', { $ref: '#/$defs/money' }, 'amount'],
  ])('%s', (_, schema, type) => {
    expect(typesOf(object({ field: schema }, { $defs: { money: { type: 'number' } } }))).toEqual({
      field: type,
    });
  });

  test('takes a property named currency for one, with its codes as well', () => {
    const codes = { enum: ['EUR', 'CHF'] };
    expect(typesOf(object({ currency: text, a: object({ currency: codes }), b: codes }))).toEqual({
      currency: 'currency',
      'a.currency': 'currency',
      b: 'choice',
    });
  });

  test('gives nested objects by their paths, with what is said of them', () => {
    const seller = object({ name: { ...text, description: 'its name' } }, { description: 'who sends it' });
    expect(readFieldPlan(object({ seller })).fields).toEqual([
      {
        path: 'seller.name',
        type: 'text',
        description: 'who sends it: its name',
        choices: [],
        isRequired: false,
      },
    ]);
  });

  test('says what stands at the reference, at its target, and in the choice beside null', () => {
    const plan = readFieldPlan(
      object(
        {
          a: { $ref: '#/$defs/t', description: 'own' },
          b: { $ref: '#/$defs/t' },
          c: { anyOf: [{ ...text, title: 'Title', description: 'inner' }, { type: 'null' }] },
        },
        { $defs: { t: { ...text, description: 'target' } } },
      ),
    );
    expect(plan.fields.map(({ description }) => description)).toEqual(['own', 'target', 'Title: inner']);
  });

  test('requires what has to be there and may not be null, in objects that have to be there', () => {
    const inner = object({ x: text }, { required: ['x'] });
    const plan = readFieldPlan(
      object(
        { a: text, b: text, c: { type: ['string', 'null'] }, d: inner, e: inner },
        { required: ['a', 'c', 'd'] },
      ),
    );
    expect(plan.fields.filter(({ isRequired }) => isRequired).map(({ path }) => path)).toEqual(['a', 'd.x']);
  });

  test('gives arrays as lists: of objects, of nested ones, of plain values', () => {
    const item = object({ name: text, price: object({ net: { type: 'number' } }) });
    const plan = readFieldPlan(
      object({
        items: { type: 'array', description: 'the lines', items: item },
        order: object({ tags: { type: 'array', items: { type: 'string', format: 'date' } } }),
      }),
    );
    expect(plan.fields).toEqual([]);
    expect(
      plan.lists.map(({ path, description, isOfValues, columns }) => [
        path,
        description,
        isOfValues,
        columns.map((column) => `${column.path} ${column.type}`),
      ]),
    ).toEqual([
      ['items', 'the lines', false, ['items.name text', 'items.price.net amount']],
      ['order.tags', '', true, ['order.tags date']],
    ]);
  });

  test('keeps its checks and itself', () => {
    const schema = object({ a: { type: 'number' }, b: { type: 'number' } }, { 'x-checks': ['a = b'] });
    expect(readFieldPlan(schema)).toMatchObject({ checks: ['a = b'], schema });
  });
});

test('a zod schema says the same, with its descriptions and checks', () => {
  const schema = z
    .object({
      date: z.iso.date().describe('when'),
      total: z.number().nullable(),
      kind: z.enum(['invoice', 'letter']).optional(),
      count: z.int(),
      items: z.array(z.object({ amount: z.number() })),
    })
    .meta({ 'x-checks': ['total = sum(items.amount)'] });
  const plan = readFieldPlan(schema);
  expect(plan).toMatchObject({
    fields: [
      { path: 'date', type: 'date', description: 'when', isRequired: true },
      { path: 'total', type: 'amount', isRequired: false },
      { path: 'kind', type: 'choice', choices: ['invoice', 'letter'], isRequired: false },
      { path: 'count', type: 'integer', isRequired: true },
    ],
    lists: [{ path: 'items', isOfValues: false, columns: [{ path: 'items.amount', type: 'amount' }] }],
    checks: ['total = sum(items.amount)'],
  });
});

const list = (items: JsonValue): JsonObject => ({ type: 'array', items });

describe('is refused, with the place and what to do:', () => {
  test.each<[string, JsonObject, RegExp]>([
    ['a list as the root', list(text), /one object.*Put what it describes into a property/],
    ['an object that holds itself', { ...object({ next: { $ref: '#' } }) }, /"next" holds itself.*Name/],
    [
      'a choice that refers to itself',
      object({ a: { $ref: '#/$defs/a' } }, { $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } } }),
      /"a" has no type/,
    ],
    [
      'a list in the objects of a list',
      object({ a: list(object({ b: list(text) })) }),
      /"a\.b" is a list within a list\. Make it/,
    ],
    ['a list of lists', object({ a: list(list(text)) }), /"a" is a list within a list/],
    [
      'a list that names no items',
      object({ a: { type: 'array' } }),
      /"a" does not say what its items are\. Give it "items"/,
    ],
    [
      'one of several objects',
      object({ a: { anyOf: [object({ x: text }), object({ y: text })] } }),
      /"a" may be of several shapes\. Give it one/,
    ],
    ['an object without properties', object({ a: { type: 'object' } }), /"a" names no properties\. Name one/],
    ['a value without a type', object({ a: { description: 'x' } }), /"a" has no type\. Give it one/],
    ['a moment', object({ a: { type: 'string', format: 'date-time' } }), /"a" is a date with a time.*"date"/],
    ['null alone', object({ a: { type: 'null' } }), /"a" allows nothing but null/],
    ['choices of several types', object({ a: { enum: ['x', 1] } }), /"a" has choices of several types/],
    [
      'a name with a dot',
      object({ 'a.b': text }),
      /the name "a\.b" in the root contains a dot.*another name/,
    ],
    ['an empty name', object({ a: object({ ' ': text }) }), /the name " " in "a" is empty/],
    ['a name that hides something', object({ 'a\u202eb': text }), /"a\\u202eb" .*cannot be seen/],
    [
      'a name of JavaScript',
      object(JSON.parse('{"__proto__":{"type":"string"}}')),
      /"__proto__".*JavaScript/,
    ],
    [
      'a column named quote',
      object({ a: list(object({ quote: text })) }),
      /"a\.quote".*Give it another name/,
    ],
    [
      'a check that holds of itself',
      object({ a: { type: 'number' } }, { 'x-checks': ['a == a'] }),
      /says nothing/,
    ],
    [
      'a check of numbers alone',
      object({ a: { type: 'number' } }, { 'x-checks': ['1 < 2'] }),
      /says nothing/,
    ],
    ['checks that are no texts', object({ a: text }, { 'x-checks': 'a = a' }), /"x-checks" has to be a list/],
    [
      'a check of unknown fields',
      object({ a: { type: 'number' } }, { 'x-checks': ['a = nothing'] }),
      /nothing/,
    ],
  ])('%s', (_, schema, sentence) => {
    const read = () => readFieldPlan(schema);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(sentence);
  });
});
