import { around } from '../box.ts';
import type { TextItem } from '../pdf/text-items.ts';
import { buildTable, type FilledCell, type Found } from './build-table.ts';
import type { Frame, Word } from './frame.ts';

/** A node of `page.getStructTree()`. */
export type StructureNode = {
  readonly role?: string;
  readonly children?: readonly StructureNode[];
  /** `content`: the text with the marked content id `id`. */
  readonly type?: string;
  readonly id?: string;
  /** Of a cell. Default: 1. */
  readonly rowSpan?: number;
  readonly colSpan?: number;
};

const MOST_SPAN = 1000;
const MOST_CELLS = 50_000;
/** Letters a cell, on average: where it is more, the table is the layout of a page. */
const MOST_LETTERS = 300;

/** Tables as the program that made the document describes them. A table that goes on over pages gives its part. */
export function findTaggedTables(
  frame: Frame,
  items: readonly TextItem[],
  structure: StructureNode,
): readonly Found[] {
  const words = new Map<string, Word[]>();
  for (const word of frame.words) {
    const id = items[word.order]?.markedContentId;
    const known = id === undefined ? undefined : words.get(id);
    if (known) known.push(word);
    else if (id !== undefined) words.set(id, [word]);
  }
  return tablesIn(structure).flatMap((table) => {
    const cells = placeCells(partsOf(table, ROWS), words);
    const filled = cells.filter((cell) => cell.words.length > 0);
    const letters = filled.reduce(
      (sum, cell) => sum + cell.words.reduce((all, { text }) => all + text.length, 0),
      0,
    );
    if (filled.length < 3 || letters / filled.length > MOST_LETTERS) return [];
    return buildTable(cells, { method: 'tagged', frame }) ?? [];
  });
}

/** The innermost ones: a table around tables is layout. */
function tablesIn(node: StructureNode): readonly StructureNode[] {
  const inside = (node.children ?? []).flatMap(tablesIn);
  return inside.length > 0 || node.role !== 'Table' ? inside : [node];
}

const ROWS: ReadonlySet<string> = new Set(['TR']);
const CELLS: ReadonlySet<string> = new Set(['TH', 'TD']);

function partsOf(node: StructureNode, roles: ReadonlySet<string>): readonly StructureNode[] {
  return (node.children ?? []).flatMap((child) =>
    roles.has(child.role ?? '') ? [child] : partsOf(child, roles),
  );
}

/** As HTML does: a cell comes into the next place of its row that no cell from above reaches into. */
function placeCells(
  rows: readonly StructureNode[],
  words: ReadonlyMap<string, readonly Word[]>,
): readonly FilledCell[] {
  const taken = new Set<string>();
  const cells: FilledCell[] = [];
  rows.forEach((node, row) => {
    let column = 0;
    for (const part of partsOf(node, CELLS)) {
      if (taken.size > MOST_CELLS) return;
      while (taken.has(`${row} ${column}`)) column++;
      const rowSpan = Math.min(spanOf(part.rowSpan), rows.length - row);
      const columnSpan = spanOf(part.colSpan);
      for (let r = row; r < row + rowSpan; r++) {
        for (let c = column; c < column + columnSpan; c++) taken.add(`${r} ${c}`);
      }
      const own = contentOf(part).flatMap((id) => words.get(id) ?? []);
      const box = own.length > 0 ? around(own.map((word) => word.box)) : undefined;
      cells.push({ row, column, rowSpan, columnSpan, words: own, box });
      column += columnSpan;
    }
  });
  return cells;
}

const spanOf = (span: number | undefined): number =>
  Number.isInteger(span) ? Math.min(Math.max(span ?? 1, 1), MOST_SPAN) : 1;

const contentOf = (node: StructureNode): readonly string[] => [
  ...(node.type === 'content' && node.id !== undefined ? [node.id] : []),
  ...(node.children ?? []).flatMap(contentOf),
];
