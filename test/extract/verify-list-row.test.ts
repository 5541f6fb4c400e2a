import { expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { verifyListRow } from '../../src/extract/evidence/verify-list-row.ts';
import type { Field, FieldType, List } from '../../src/extract/extraction.ts';
import { makePage } from '../helpers/page.ts';

const column = (name: string, type: FieldType): Field => ({
  path: `items.${name}`,
  type,
  description: '',
  choices: [],
  isRequired: false,
});
const columns = [
  column('name', 'text'),
  column('quantity', 'integer'),
  column('price', 'amount'),
  column('amount', 'amount'),
];
const list: List = { path: 'items', description: '', columns, isOfValues: false };
const TEXT = [
  'Name | Quantity | Price | Amount',
  'Tax advice | 2 | 10.00 | 20.00',
  'Lamp | 1 | 20.00 | 20.00',
].join('\n');

function verify(quote: string, values: Readonly<Record<string, string>>, text = TEXT, of = list) {
  const pages = [makePage(1, { text })];
  const report = { pages: [], limits: [], warnings: [] };
  const document = { kind: 'docx' as const, sha256: '', byteLength: 0, pageCount: 1, pages };
  const index = indexDocument({ ...document, outline: [], attachments: [], metadata: {}, report });
  const byPath = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name === '' ? 'items' : `items.${name}`, value]),
  );
  const row = verifyListRow(of, { quote, values: byPath }, { index, conventions: {}, siblings: of.columns });
  return Object.values(row).map(({ status, problem }) => problem ?? status);
}

test('every column is verified in the one line', () => {
  const values = { name: 'Tax advice', quantity: '2', price: '10.00', amount: '20.00' };
  expect(verify('Tax advice | 2 | 10.00 | 20.00', values)).toEqual([
    'verified',
    'verified',
    'verified',
    'verified',
  ]);
});

test('a value of another column, of another line or of none is not', () => {
  expect(
    verify('Tax advice | 2 | 10.00 | 20.00', {
      name: 'Lamp',
      quantity: '7',
      price: '20.00',
      amount: '10.00',
    }),
  ).toEqual([
    'The quoted words do not state this value.',
    'The quoted words do not state this value.',
    'The document calls this "Amount".',
    'The document calls this "Price".',
  ]);
});

test('what the line does not give is missing, and a line that stands nowhere verifies nothing', () => {
  expect(verify('Lamp | 1', { name: 'Lamp' })).toEqual(['verified', 'missing', 'missing', 'missing']);
  const nowhere = 'The quoted words do not stand in the document.';
  expect(verify('Lamp | 3 | 20.00', { name: 'Lamp', quantity: '3' })).toEqual([
    nowhere,
    nowhere,
    'missing',
    'missing',
  ]);
});

test('a quote that stands twice is taken where it states most', () => {
  const text = 'Name | Price\nLamp | 5\n\nName | Quantity\nLamp | 5';
  expect(verify('Lamp | 5', { name: 'Lamp', quantity: '5' }, text).slice(0, 2)).toEqual([
    'verified',
    'verified',
  ]);
});

test('the words of a line are no label of its numbers', () => {
  const withTax: List = {
    ...list,
    columns: [column('name', 'text'), column('tax', 'amount'), column('amount', 'amount')],
  };
  const values = { name: 'Tax advice', amount: '20.00' };
  expect(verify('Tax advice 20.00', values, 'Tax advice  20.00', withTax)).toEqual([
    'verified',
    'missing',
    'verified',
  ]);
});

test('a list of plain values has one column, with its own path', () => {
  const names: List = { ...list, columns: [{ ...column('', 'text'), path: 'items' }], isOfValues: true };
  expect(verify('Lamp', { '': 'Lamp' }, 'Lamp, chair', names)).toEqual(['verified']);
});
