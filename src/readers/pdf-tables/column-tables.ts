import { around } from '../box.ts';
import type { Box } from '../document.ts';
import type { RulingLine } from '../pdf/page-geometry.ts';
import { blocksOf, type Row } from './blocks.ts';
import { buildTable, type FilledCell, type Found } from './build-table.ts';
import { type Column, columnsOf, spanOf, usualCells } from './columns.ts';
import { isTable } from './evidence.ts';
import type { Frame } from './frame.ts';
import { regionsOf } from './regions.ts';
import { partAtRemarks } from './remarks.ts';
import { mergeLines } from './rules.ts';

const FEWEST_ROWS = 3;

/** Tables whose columns are told by white space alone. Where it is not clear that there is one, there is none. */
export function findColumnTables(frame: Frame): readonly Found[] {
  const { across } = mergeLines(frame.lines.filter((line) => line.drawn));
  const regions = regionsOf(frame.words.filter((word) => word.upright));
  return regions
    .flatMap(blocksOf)
    .flatMap(partAtRemarks)
    .flatMap((block) => {
      const found = readBlock(block, across);
      return (found && buildTable(found, { method: 'columns', frame })) ?? [];
    });
}

function readBlock(block: readonly Row[], across: readonly RulingLine[]): readonly FilledCell[] | undefined {
  if (block.filter(({ chunks }) => chunks.length > 1).length < FEWEST_ROWS) return undefined;
  const columns = columnsOf(block);
  if (columns.length < 2) return undefined;
  const rows = trim(block, columns, across);
  const area = around(
    rows.flatMap(({ chunks }) => chunks.flatMap(({ words }) => words.map((word) => word.box))),
  );
  const rules = across.filter((line) => liesIn(line, area));
  const cells = joinRows(
    rows.map((row, at) => cellsOf(row, columns, at)),
    rules,
  );
  return isTable(cells, { columns, rules: rules.length }) ? cells.flat() : undefined;
}

/**
 * Without the title above, which begins in the first column and goes over others, and without the notes below, but for
 * what stands above the line that ends the table.
 */
function trim(
  block: readonly Row[],
  columns: readonly Column[],
  across: readonly RulingLine[],
): readonly Row[] {
  const isParted = ({ chunks }: Row) => chunks.length > 1;
  const isTitle = ({ chunks }: Row) =>
    chunks.some((chunk) => {
      const { first, last } = spanOf(columns, chunk);
      return first === 0 && (last > 0 || chunks.length === 1);
    });
  const usual = usualCells(block);
  const body = block.findIndex(({ chunks }) => chunks.length >= usual);
  const from = block.slice(0, body).findLastIndex(isTitle) + 1;
  const left = columns[0]?.left ?? 0;
  const right = columns.at(-1)?.right ?? 0;
  const lastParted = block.findLastIndex(isParted);
  const end = block[lastParted]?.line.bottom ?? 0;
  const limit = (block.at(-1)?.line.bottom ?? 0) + 12;
  const area: Box = [left, end, right, limit];
  const rule = Math.max(end, ...across.filter((line) => liesIn(line, area)).map((line) => line.at));
  const to = block.findLastIndex(({ line }, at) => at <= lastParted || line.baseline < rule);
  return block.slice(from, to + 1);
}

type CellRow = readonly FilledCell[];

function cellsOf({ chunks }: Row, columns: readonly Column[], row: number): CellRow {
  const cells: FilledCell[] = [];
  for (const chunk of chunks) {
    const { first, last } = spanOf(columns, chunk);
    const box = around(chunk.words.map((word) => word.box));
    const same = cells.findIndex((cell) => cell.column === first);
    const before = cells[same];
    if (before?.box) {
      cells[same] = { ...before, box: around([before.box, box]), words: [...before.words, ...chunk.words] };
    } else {
      cells.push({ row, column: first, rowSpan: 1, columnSpan: last - first + 1, words: chunk.words, box });
    }
  }
  return cells;
}

/** A line that goes over most of the width. */
const liesIn = (line: RulingLine, [x0, y0, x1, y1]: Box): boolean =>
  Math.min(line.to, x1) - Math.max(line.from, x0) > 0.8 * (x1 - x0) && line.at > y0 - 12 && line.at < y1 + 12;

/** Where lines part all rows, the lines of text between two of them are one row. */
function joinRows(rows: readonly CellRow[], rules: readonly RulingLine[]): readonly CellRow[] {
  const bands = new Map<number, CellRow[]>();
  for (const row of rows) {
    const y = row[0]?.box ? (row[0].box[1] + row[0].box[3]) / 2 : 0;
    const band = rules.filter((rule) => rule.at < y).length;
    bands.set(band, [...(bands.get(band) ?? []), row]);
  }
  const entries = [...bands.values()].map(
    (band) => band.filter((row) => row.some((cell) => cell.column === 0)).length,
  );
  const isRuled =
    bands.size > 2 && entries.every((count) => count <= 2) && entries.some((count) => count === 1);
  if (!isRuled) return renumber(rows);
  return renumber([...bands.values()].map(joinCells));
}

function joinCells(rows: readonly CellRow[]): CellRow {
  const joined: FilledCell[] = [];
  for (const cell of rows.flat()) {
    const at = joined.findIndex(({ column }) => column === cell.column);
    const before = joined[at];
    if (!before?.box || !cell.box) joined.push(cell);
    else
      joined[at] = {
        ...before,
        box: around([before.box, cell.box]),
        words: [...before.words, ...cell.words],
      };
  }
  return joined;
}

const renumber = (rows: readonly CellRow[]): readonly CellRow[] =>
  rows.map((cells, row) => cells.map((cell) => ({ ...cell, row })));
