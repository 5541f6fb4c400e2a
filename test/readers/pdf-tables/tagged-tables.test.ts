import { describe, expect, test } from 'vitest';
import type { TextItem } from '../../../src/readers/pdf/text-items.ts';
import type { StructureNode } from '../../../src/readers/pdf-tables/find-tables.ts';
import { gridLines, item, prose, tablesOf } from './made-page.ts';

type Cell = readonly [text: string, more?: Partial<StructureNode>];

/** A table, and its pieces of text, which stand in no order at all. */
function tagged(rows: readonly (readonly Cell[])[]): {
  readonly node: StructureNode;
  readonly items: readonly TextItem[];
} {
  const items: TextItem[] = [];
  const node: StructureNode = {
    role: 'Table',
    children: rows.map((cells) => ({
      role: 'TR',
      children: cells.map(([text, more]) => {
        const id = `p1R_mc${items.length}`;
        items.push(
          item(text, 50 + ((items.length * 97) % 300), 100 + ((items.length * 31) % 200), {
            markedContentId: id,
          }),
        );
        return { role: 'TD', ...more, children: [{ role: 'P', children: [{ type: 'content', id }] }] };
      }),
    })),
  };
  return { node, items };
}
const inDocument = (...children: readonly StructureNode[]): StructureNode => ({
  children: [{ role: 'Document', children }],
});
const ROWS: readonly (readonly Cell[])[] = [
  [['Name'], ['Count']],
  [['Bolt'], ['3']],
  [['Nut'], ['12']],
];

describe('a table of the structure tree', () => {
  test('has the rows and cells of the tree, wherever they stand', () => {
    const { node, items } = tagged(ROWS);
    expect(tablesOf(items, { structure: inDocument(node) })).toMatchObject([
      {
        rows: [
          ['Name', 'Count'],
          ['Bolt', '3'],
          ['Nut', '12'],
        ],
        method: 'tagged',
        guessed: false,
      },
    ]);
  });

  test('has its rows in groups, and spans over rows and columns', () => {
    const { node, items } = tagged([
      [['Both', { role: 'TH', colSpan: 2 }], ['Sum']],
      [['Bolt', { rowSpan: 2 }], ['3'], ['9']],
      [['4'], ['8']],
    ]);
    const [head, ...body] = node.children ?? [];
    const grouped = {
      role: 'Table',
      children: [
        { role: 'THead', children: head ? [head] : [] },
        { role: 'TBody', children: body },
      ],
    };
    const [table] = tablesOf(items, { structure: inDocument(grouped) });
    expect(table?.rows).toEqual([
      ['Both', '', 'Sum'],
      ['Bolt', '3', '9'],
      ['', '4', '8'],
    ]);
    expect(table?.cells[0]).toMatchObject({ columnSpan: 2, rowSpan: 1 });
    expect(table?.cells[2]).toMatchObject({ text: 'Bolt', columnSpan: 1, rowSpan: 2 });
  });

  test('comes before the ruling lines in the same place, which are not read again', () => {
    const { node, items } = tagged(ROWS);
    const lines = gridLines([40, 180, 420], [80, 200, 320]);
    expect(tablesOf(items, { structure: inDocument(node), lines }).map(({ method }) => method)).toEqual([
      'tagged',
    ]);
  });

  test('is the inner one of two', () => {
    const { node, items } = tagged(ROWS);
    const outer = {
      role: 'Table',
      children: [{ role: 'TR', children: [{ role: 'TD', children: [node] }, { role: 'TD' }] }],
    };
    expect(tablesOf(items, { structure: inDocument(outer) })).toMatchObject([{ rows: { length: 3 } }]);
  });

  test('is no table where it is the layout of a page', () => {
    const { node, items } = tagged([
      [[prose(1, 900).join()], [prose(1, 900).join()]],
      [[prose(1, 900).join()], ['']],
    ]);
    expect(tablesOf(items, { structure: inDocument(node) })).toEqual([]);
  });

  test.each<readonly [name: string, more: Partial<StructureNode>]>([
    ['huge', { colSpan: 1e9, rowSpan: 1e9 }],
    ['negative', { colSpan: -4, rowSpan: -1 }],
    ['no whole number', { colSpan: 1.5, rowSpan: Number.NaN }],
  ])('has rows of one length whatever its spans claim: %s', (_, more) => {
    const { node, items } = tagged([[['Name', more], ['Count']], ...ROWS.slice(1)]);
    for (const { rows } of tablesOf(items, { structure: inDocument(node) })) {
      expect(new Set(rows.map((row) => row.length)).size).toBe(1);
      expect(rows[0]?.length).toBeLessThan(10);
    }
  });
});
