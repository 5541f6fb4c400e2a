import { around } from '../box.ts';
import type { Box, Table, TableCell } from '../document.ts';
import { type Frame, onPage, type Word } from './frame.ts';
import type { Place } from './grid.ts';
import { textOf } from './text-lines.ts';

export type FilledCell = Place & { readonly box?: Box | undefined; readonly words: readonly Word[] };

/** A table and the part of its frame that it takes up. */
export type Found = { readonly table: Table; readonly box: Box };

/** Rows and columns without a word are left out. */
export function buildTable(
  filled: readonly FilledCell[],
  { method, frame }: { readonly method: Table['method']; readonly frame: Frame },
): Found | undefined {
  const rows = keptLines(filled, ({ row, rowSpan }) => [row, rowSpan]);
  const columns = keptLines(filled, ({ column, columnSpan }) => [column, columnSpan]);
  const cells = filled.flatMap((cell) => {
    const [row, rowSpan] = squeeze(rows, cell.row, cell.rowSpan);
    const [column, columnSpan] = squeeze(columns, cell.column, cell.columnSpan);
    return rowSpan && columnSpan
      ? [{ ...cell, row, rowSpan, column, columnSpan, text: textOf(cell.words) }]
      : [];
  });
  const boxes = filled.flatMap(({ box }) => (box ? [box] : []));
  if (rows.size < 2 || columns.size < 2 || boxes.length === 0) return undefined;
  const box = around(boxes);
  const table: Table = {
    box: onPage(box, frame),
    rows: gridOfText(cells, rows.size, columns.size),
    cells: cells.map((cell) => toTableCell(cell, frame)),
    method,
    guessed: method === 'columns',
  };
  return { table, box };
}

/** Old places to new ones. */
function keptLines(
  cells: readonly FilledCell[],
  reach: (cell: FilledCell) => readonly [from: number, span: number],
): ReadonlyMap<number, number> {
  const used = new Set(cells.filter(({ words }) => words.length > 0).map((cell) => reach(cell)[0]));
  return new Map([...used].sort((a, b) => a - b).map((old, kept) => [old, kept]));
}

function squeeze(kept: ReadonlyMap<number, number>, from: number, span: number): readonly [number, number] {
  const places = Array.from({ length: span }, (_, at) => kept.get(from + at)).filter(
    (at) => at !== undefined,
  );
  return [places[0] ?? 0, places.length];
}

const gridOfText = (cells: readonly (Place & { readonly text: string })[], rows: number, columns: number) => {
  const grid = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ''));
  for (const { row, column, text } of cells) {
    const line = grid[row];
    if (line) line[column] = text;
  }
  return grid;
};

function toTableCell(cell: FilledCell & { readonly text: string }, frame: Frame): TableCell {
  const { row, column, rowSpan, columnSpan, text, box } = cell;
  return { row, column, rowSpan, columnSpan, text, ...(box ? { box: onPage(box, frame) } : {}) };
}

export const middleOf = ([x0, y0, x1, y1]: Box): readonly [x: number, y: number] => [
  (x0 + x1) / 2,
  (y0 + y1) / 2,
];

export const isWithin = (box: Box, [x0, y0, x1, y1]: Box, slack = 2): boolean => {
  const [x, y] = middleOf(box);
  return x > x0 - slack && x < x1 + slack && y > y0 - slack && y < y1 + slack;
};
