import { expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { verifyListRow } from '../../src/extract/evidence/verify-list-row.ts';
import type { Field, List } from '../../src/extract/extraction.ts';
import { mergeRows } from '../../src/extract/rows/merge-rows.ts';
import { missingValue } from '../../src/extract/rows/merge-values.ts';
import type { Page, Span } from '../../src/readers/document.ts';
import { makePage } from '../helpers/page.ts';

const column = (path: string, type: Field['type']): Field => ({
  path,
  type,
  description: '',
  choices: [],
  isRequired: false,
});
const [name, price] = [column('items.name', 'text'), column('items.price', 'amount')];
const list: List = { path: 'items', description: '', columns: [name, price], isOfValues: false };

type Said = readonly [quote: string, name: string, price?: string];

/** The names and prices of the rows that stay. */
function merge(text: string, said: readonly Said[], more: Partial<Page> = {}) {
  const pages = [makePage(1, { text, ...more }), makePage(2, { text: 'Tea  3.00' })];
  const report = { pages: [], limits: [], warnings: [] };
  const document = { kind: 'pdf' as const, sha256: '', byteLength: 0, pageCount: 2, pages };
  const index = indexDocument({ ...document, outline: [], attachments: [], metadata: {}, report });
  const context = { index, conventions: {}, siblings: list.columns };
  const rows = said.map(([quote, of, cost = '']) =>
    verifyListRow(list, { quote, values: { 'items.name': of, 'items.price': cost } }, context),
  );
  return mergeRows(rows).map((row) => Object.values(row).map(({ value }) => value));
}

const COFFEE: Said = ['Coffee  3.50', 'Coffee', '3.50'];
const TEA: Said = ['Iced Tea  3.00', 'Iced Tea', '3.00'];

test('rows keep their order, and come as often as their line stands in the document', () => {
  const text = 'Coffee  3.50\nCoffee  3.50\nIced Tea  3.00';
  expect(merge(text, [COFFEE, COFFEE, TEA, COFFEE, COFFEE, TEA])).toEqual([
    ['Coffee', 3.5],
    ['Coffee', 3.5],
    ['Iced Tea', 3],
  ]);
});

test('a line that was asked for twice is one row, whatever words of it were quoted', () => {
  const text = 'Menu of today\nCoffee  3.50\nIrish Coffee  3.50';
  expect(merge(text, [COFFEE, ['Menu of today\nCoffee 3.50', 'Coffee', '3.50'], COFFEE])).toEqual([
    ['Coffee', 3.5],
  ]);
});

test('lines are told apart by the boxes of their values', () => {
  const at = (y: number): readonly Span[] => [
    { text: 'Coffee', box: [10, y, 60, y + 10] },
    { text: 'each', box: [65, y, 85, y + 10] },
    { text: '3.50', box: [90, y, 120, y + 10] },
  ];
  const rows = [['Coffee', '3.50']];
  const more = {
    spans: [...at(10), ...at(30)],
    tables: [
      {
        rows,
        cells: [
          { row: 0, column: 0, rowSpan: 1, columnSpan: 1, text: 'Coffee', box: [8, 28, 62, 42] as const },
          { row: 0, column: 1, rowSpan: 1, columnSpan: 1, text: '3.50', box: [85, 28, 125, 42] as const },
        ],
        method: 'ruled' as const,
        guessed: false,
      },
    ],
  };
  const inText: Said = ['Coffee each 3.50', 'Coffee', '3.50'];
  const inTable: Said = ['Coffee | 3.50', 'Coffee', '3.50'];
  const text = 'Coffee each 3.50\nCoffee each 3.50';
  expect(merge(text, [inText, inText, inTable, inText], more)).toHaveLength(2);
});

test('the row with more verified values stands for its line', () => {
  expect(merge('Coffee  3.50', [['Coffee', 'Coffee'], COFFEE, ['Coffee', 'Coffee']])).toEqual([
    ['Coffee', 3.5],
  ]);
});

test('the same words on another page are another row', () => {
  const tea: Said = ['Tea  3.00', 'Tea', '3.00'];
  expect(merge('Tea  3.00', [tea, tea, tea])).toHaveLength(2);
});

test('a row that stands nowhere comes once, and one without values not at all', () => {
  const milk: Said = ['Milk  1.00', 'Milk', '1.00'];
  expect(merge('Coffee  3.50', [milk, milk])).toHaveLength(1);
  expect(mergeRows([{ 'items.name': missingValue() }])).toEqual([]);
});
