import { expect, test } from 'vitest';
import type { Extracted, Scalar, Status, Value } from '../../src/extract/extraction.ts';
import { composeOutput } from '../../src/extract/plan/compose-output.ts';
import type { JsonObject } from '../../src/messages.ts';
import { readAnswerSchema } from '../../src/qwen/answer-schema.ts';

const stated = (value: Scalar | null, status: Status = 'verified'): Value => ({
  value,
  status,
  source: 'model',
});
const compose = (
  schema: JsonObject,
  values: Extracted['values'],
  lists: Extracted['lists'] = {},
): JsonObject => composeOutput({ fields: [], lists: [], checks: [], schema }, { values, lists });

const text: JsonObject = { type: 'string' };
const nullable: JsonObject = { type: ['string', 'null'] };
const address: JsonObject = { type: 'object', properties: { street: text, zip: text } };

test('nests values as the schema has them', () => {
  const seller = { type: 'object', properties: { name: text, address } };
  const output = compose(
    { type: 'object', properties: { total: { type: 'number' }, seller } },
    { total: stated(12.5), 'seller.name': stated('A'), 'seller.address.zip': stated('8000') },
  );
  expect(output).toEqual({ total: 12.5, seller: { name: 'A', address: { zip: '8000' } } });
});

test('leaves out what is missing or rejected, keeps what is unverified, and 0 and false', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const output = compose(
    { type: 'object', properties: Object.fromEntries(names.map((name) => [name, text])) },
    {
      a: stated(null, 'missing'),
      b: stated('wrong', 'rejected'),
      c: stated('doubtful', 'unverified'),
      d: stated(0),
      e: stated(false),
    },
  );
  expect(output).toEqual({ c: 'doubtful', d: 0, e: false });
});

test('gives lists of objects and of plain values, without what has no value', () => {
  const items = {
    type: 'object',
    properties: { name: text, price: { type: 'object', properties: { net: text } } },
  };
  const output = compose(
    {
      type: 'object',
      properties: { items: { type: 'array', items }, tags: { type: 'array', items: text } },
    },
    {},
    {
      items: [
        { 'items.name': stated('A'), 'items.price.net': stated('1') },
        { 'items.name': stated('B', 'rejected'), 'items.price.net': stated(null, 'missing') },
        { 'items.name': stated('C') },
      ],
      tags: [{ tags: stated('x') }, { tags: stated('y', 'rejected') }],
    },
  );
  expect(output).toEqual({ items: [{ name: 'A', price: { net: '1' } }, { name: 'C' }], tags: ['x'] });
});

test('fits a schema that wants every member there and allows null', () => {
  const schema: JsonObject = {
    type: 'object',
    properties: {
      a: nullable,
      b: { anyOf: [address, { type: 'null' }] },
      c: address,
      d: { type: 'array', items: text },
      e: { type: 'object', properties: { f: nullable }, required: ['f'] },
      g: text,
    },
    required: ['a', 'b', 'c', 'd', 'e'],
  };
  const output = compose(schema, {});
  expect(output).toEqual({ a: null, b: null, c: {}, d: [], e: { f: null } });
  expect(readAnswerSchema(schema).check(output)).toMatchObject({ ok: true });
});

test('leaves out a required value that is missing, so that the schema says so', () => {
  const schema: JsonObject = { type: 'object', properties: { a: text }, required: ['a'] };
  expect(compose(schema, { a: stated(null, 'missing') })).toEqual({});
});
