import { expect, test } from 'vitest';
import { reviewValue } from '../../src/extract/job/review-value.ts';
import type { JsonObject } from '../../src/messages.ts';
import type { Document } from '../../src/readers/document.ts';
import { createInbox, extractedOf, invoice, runExtract } from './job-fakes.ts';

const SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    number: { type: 'string', pattern: '^INV-' },
    total: { anyOf: [{ type: 'null' }, { type: ['number', 'null'], minimum: 0 }] },
    due: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] },
    seller: { type: 'object', properties: { currency: { $ref: '#/$defs/money' } } },
    items: {
      type: 'array',
      items: { type: 'object', properties: { count: { type: 'integer', enum: [1, 2] } } },
    },
    tags: { type: 'array', items: { type: 'string', enum: ['new', 'old'] } },
  },
  $defs: { money: { enum: ['EUR', 'GBP'] } },
};
const none = { value: null, status: 'missing', source: 'model' } as const;

test('a correction has to be what the schema of its field allows', async () => {
  const inbox = await createInbox({ 'a.txt': invoice(1) });
  const extractor = async (document: Document) => {
    const extracted = extractedOf(document);
    return {
      ...extracted,
      values: { ...extracted.values, due: none, 'seller.currency': none },
      lists: { items: [{ 'items.count': none }], tags: [{ tags: none }] },
    };
  };
  const { jobId, rows } = await runExtract(inbox, { schema: SCHEMA, extractor });
  const sha256 = rows[0]?.sha256 ?? '';
  const correct = (path: string, value: string) =>
    reviewValue(inbox.home, jobId, { sha256, path, decision: 'corrected', value });
  const cannot = async (path: string, value: string, why: RegExp) => {
    const refused = await correct(path, value).then(
      () => 'taken',
      ({ message }: Error) => message,
    );
    expect(refused).toMatch(why);
    expect(refused).not.toMatch(/[\n✖→]/u);
  };
  await cannot(
    'seller.currency',
    'CHF',
    /^"CHF" cannot be the value of seller\.currency: The schema allows only "EUR", "GBP"\.$/,
  );
  await cannot('number', 'R-2', /pattern/);
  await cannot('total', '-5', /The schema does not allow it: .*>=0/);
  await cannot('items[0].count', '3', /allows only 1, 2/);
  await cannot('tags[0]', 'other', /new.*old|is none of/);
  expect((await correct('seller.currency', '€')).value).toBe('EUR');
  expect((await correct('number', 'INV-2')).value).toBe('INV-2');
  expect((await correct('total', '5.00')).value).toBe(5);
  expect((await correct('due', '2026-02-03')).value).toBe('2026-02-03');
  expect((await correct('items[0].count', '2')).value).toBe(2);
  expect((await correct('tags[0]', 'new')).value).toBe('new');
});
