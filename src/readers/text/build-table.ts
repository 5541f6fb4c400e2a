import { type Problem, problem, type Table, type TableCell } from '../document.ts';

export type CellDraft = { readonly text: string; readonly rowSpan?: number; readonly columnSpan?: number };

/** What a file may claim of one cell; browsers stop there too (HTML, 4.9.11). */
const MOST_SPAN = 1000;
/** Places that spans may fill: a few tags could ask for billions. */
const MOST_PLACES = 1_000_000;

/** A table whose cells are laid out as HTML says: each at the next free place of its row, over as many rows and columns
 * as it spans. */
export function buildTable(drafts: readonly (readonly CellDraft[])[]): Table {
  const cells: TableCell[] = [];
  const taken = drafts.map((): boolean[] => []);
  let places = 0;
  for (const [row, drafted] of drafts.entries()) {
    let column = 0;
    for (const draft of drafted) {
      while (taken[row]?.[column]) column += 1;
      const columnSpan = within(draft.columnSpan, MOST_SPAN);
      const rowSpan = within(draft.rowSpan, Math.min(MOST_SPAN, drafts.length - row));
      places += rowSpan * columnSpan;
      const isTooMuch = places > MOST_PLACES;
      const cell = isTooMuch ? { rowSpan: 1, columnSpan: 1 } : { rowSpan, columnSpan };
      cells.push({ row, column, ...cell, text: draft.text });
      for (let below = row; below < row + cell.rowSpan; below += 1)
        for (let right = column; right < column + cell.columnSpan; right += 1) take(taken[below], right);
      column += cell.columnSpan;
    }
  }
  return tableOf(cells, taken);
}

/** A table in which each row is a list of texts. */
export const plainTable = (rows: readonly (readonly string[])[]): Table =>
  buildTable(rows.map((row) => row.map((text) => ({ text }))));

/** Cells of one table that are listed: more take more memory than they are worth, and the text has them all. */
const MOST_CELLS = 300_000;

/** As many rows as a table holds. `cut`: what to say when those are not all. */
export function firstRows<Row extends { readonly length: number }>(
  rows: readonly Row[],
): { readonly rows: readonly Row[]; readonly cut: readonly Problem[] } {
  let cells = 0;
  const end = rows.findIndex((row) => {
    cells += row.length;
    return cells > MOST_CELLS;
  });
  if (end < 0) return { rows, cut: [] };
  const sentence = `Only the first ${end} of ${rows.length} rows are given as a table; the text holds all of them.`;
  return { rows: rows.slice(0, end), cut: [problem('too-much-text', sentence)] };
}

/** A row a line, cells parted by a bar; rows without a word are left out. */
export const tableText = (table: Pick<Table, 'rows'>): string =>
  table.rows
    .map((row) => row.slice(0, row.findLastIndex((text) => text.trim() !== '') + 1))
    .filter((row) => row.length > 0)
    .map((row) => row.map(inOneLine).join(' | '))
    .join('\n');

const inOneLine = (text: string): string =>
  text.includes('\n')
    ? text
        .split('\n')
        .map((line) => line.trim())
        .join(' ')
    : text;

function tableOf(cells: readonly TableCell[], taken: readonly boolean[][]): Table {
  const width = taken.reduce((most, row) => Math.max(most, row.length), 0);
  const rows = taken.map(() => new Array<string>(width).fill(''));
  for (const { row, column, text } of cells) {
    const line = rows[row];
    if (line) line[column] = text;
  }
  return { rows, cells, method: 'native', guessed: false };
}

function take(row: boolean[] | undefined, column: number): void {
  if (row) row[column] = true;
}

const within = (span: number | undefined, most: number): number =>
  Math.max(1, Math.min(Number.isFinite(span) ? Math.floor(span ?? 1) : 1, most));
