import { describe, expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { verifyListRow } from '../../src/extract/evidence/verify-list-row.ts';
import type { Field, FieldType, List } from '../../src/extract/extraction.ts';
import type { Span } from '../../src/readers/document.ts';
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

function verify(
  quote: string,
  values: Readonly<Record<string, string>>,
  text = TEXT,
  of = list,
  spans: readonly Span[] = [],
) {
  const pages = [makePage(1, { text, spans })];
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

describe('a quote of several lines', () => {
  const three: List = {
    ...list,
    columns: [column('name', 'text'), column('quantity', 'integer'), column('price', 'amount')],
  };
  const DOUBT = 'The quoted words may be more than one row, and this value of another one.';
  const ask = (text: string, values: Readonly<Record<string, string>>, quote = text) =>
    verify(quote, values, text, three);

  test.each([
    ['Chair  10.00\nTable  20.00', { name: 'Chair', price: '20.00' }],
    ['Chair | 1 | 10.00\nTable | 2 | 20.00', { name: 'Table', quantity: '1', price: '20.00' }],
    ['Chair\nTable  20.00', { name: 'Chair', price: '20.00' }],
    ['Chair\n1  10.00\nTable\n2  20.00', { name: 'Chair', quantity: '2', price: '20.00' }],
    ['Chair  1\n20.00', { name: 'Chair', quantity: '1', price: '20.00' }],
  ])('gives no row of values of several: %j', (text, values) => {
    expect(new Set(ask(text, values))).toEqual(
      new Set([DOUBT, ...('quantity' in values ? [] : ['missing'])]),
    );
  });

  test.each([
    ['Chair  1  10.00\nTable  2  20.00', { name: 'Table', quantity: '2', price: '20.00' }],
    ['Chair with\narms  2  20.00', { name: 'Chair with arms', quantity: '2', price: '20.00' }],
    ['Chair, 2 m\nhigh  2 pcs  19%  EUR 20.00', { name: 'Chair, 2 m high', quantity: '2', price: '20.00' }],
    ['Chair\nquantity: 2  price: 20.00', { name: 'Chair', quantity: '2', price: '20.00' }],
  ])('gives the row of one of its lines, or of a wrapped cell: %j', (text, values) => {
    expect(ask(text, values)).toEqual(['verified', 'verified', 'verified']);
  });

  test('gives the row whose boxes stand beside each other', () => {
    const spans = [
      { text: 'Chair', box: [10, 10, 40, 20] as const },
      { text: 'Table', box: [10, 30, 40, 40] as const },
      { text: '10.00', box: [90, 10, 120, 20] as const },
      { text: '20.00', box: [90, 30, 120, 40] as const },
    ];
    const text = 'Chair\nTable\n10.00\n20.00';
    const of = (price: string) => verify(text, { name: 'Table', price }, text, three, spans);
    expect(of('20.00')).toEqual(['verified', 'missing', 'verified']);
    expect(of('10.00')).toEqual([DOUBT, 'missing', DOUBT]);
  });

  test('keeps what is found of a line where one of its values is not', () => {
    expect(ask('Chair | oak | 2 | 20.00', { name: 'Chair', quantity: '3', price: '20.00' })).toEqual([
      'verified',
      'The quoted words do not state this value.',
      'verified',
    ]);
  });
});
