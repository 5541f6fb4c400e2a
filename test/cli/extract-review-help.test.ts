import { expect, test } from 'vitest';
import { helpFrom } from '../../src/cli/extract/review-help.ts';
import { showItem } from '../../src/cli/extract/show-item.ts';
import type { Field, Row, Value } from '../../src/extract/extraction.ts';
import type { Page } from '../../src/readers/document.ts';

const field = (path: string, type: Field['type'] = 'text'): Field => ({
  path,
  type,
  description: '',
  choices: [],
  isRequired: true,
});
const page = (number: number, text: string): Page => ({
  number,
  via: 'text',
  text,
  spans: [],
  tables: [],
  fields: [],
  pictures: [],
  warnings: [],
});
const document = {
  pages: [
    page(1, 'Mill Bakery\n\nRechnungsnummer 12\nBread'),
    page(2, 'Brought forward 1.234,50'),
    page(3, `Gesamtbetrag 99,00\n${'long '.repeat(100)} 1.234,50`),
  ],
};
const missing: Value = { value: null, status: 'missing', source: 'model' };
const invented = (value: number | string): Value => ({
  value,
  status: 'unverified',
  source: 'model',
  original: String(value),
  quote: 'These words stand nowhere',
  problem: 'The quoted words do not stand in the document.',
});

test('is the lines where the value stands, in any format, with their pages', () => {
  const help = helpFrom(document, field('total', 'amount'), invented(1234.5));
  expect(help).toMatchObject({ heading: expect.stringContaining('such a value'), page: 2 });
  expect(help?.lines[0]).toBe('page 2: Brought forward 1.234,50');
  expect(help?.lines[1]).toMatch(/^page 3: long .* …$/);
  expect(helpFrom(document, field('seller'), invented('mill bakery'))?.lines).toEqual(['Mill Bakery']);
});

test('is the lines with words of its name, in any language, else the first ones', () => {
  expect(helpFrom(document, field('total', 'amount'), missing)).toEqual({
    heading: 'lines of the document that have words of its name:',
    lines: ['Gesamtbetrag 99,00'],
    page: 3,
  });
  expect(helpFrom(document, field('invoiceNumber'), missing)?.lines).toEqual(['Rechnungsnummer 12']);
  const first = helpFrom(document, field('weather'), invented('rain'));
  expect(first?.lines.slice(0, 3)).toEqual([
    'page 1: Mill Bakery',
    'page 1: Rechnungsnummer 12',
    'page 1: Bread',
  ]);
  expect(helpFrom({ pages: [page(1, '')] }, field('weather'), missing)).toBeUndefined();
});

test('comes with the command that shows the whole page', () => {
  const row = { file: "in box/it's.pdf", pageCount: 3 } as Row;
  const value = invented(99);
  const item = { row, path: 'total', name: 'total', field: field('total', 'amount'), value };
  const surroundings = helpFrom(document, item.field, value) ?? '';
  const lines = showItem({ item, index: 0, count: 1, columns: 80, surroundings });
  expect(lines).toContain('    | These words stand nowhere');
  expect(lines).toContain('    | Gesamtbetrag 99,00');
  expect(lines).toContain("  All of it: sotto read 'in box/it'\\''s.pdf' --pages 3");
});

test('a value that was accepted keeps the sentence that its words are invented', () => {
  const row = { file: 'a.txt', pageCount: 1 } as Row;
  const review = { decision: 'accepted', at: '2026-11-21T10:00:00.000Z' } as const;
  const value: Value = { ...invented(99), status: 'verified', source: 'person', review };
  const item = { row, path: 'total', name: 'total', field: field('total', 'amount'), value };
  const lines = showItem({ item, index: 0, count: 1, columns: 120, surroundings: '' });
  expect(lines).toContain(
    '  verified: you accepted it on 2026-11-21. The quoted words do not stand in the document.',
  );
});
