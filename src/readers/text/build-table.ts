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
export function plainTable(texts: readonly (readonly string[])[]): Table {
  const width = texts.reduce((most, row) => Math.max(most, row.length), 0);
  const rows = texts.map((row) => (row.length === width ? row : padded(row, width)));
  return { rows, cells: plainCells(texts), method: 'native', guessed: false };
}

const padded = (row: readonly string[], width: number): readonly string[] =>
  row.concat(new Array<string>(width - row.length).fill(''));

function plainCells(texts: readonly (readonly string[])[]): readonly TableCell[] {
  if (texts.reduce((sum, row) => sum + row.length, 0) > MOST_LISTED) return [];
  return texts.flatMap((row, at) =>
    row.map((text, column) => ({ row: at, column, rowSpan: 1, columnSpan: 1, text })),
  );
}

/** The most cells of a table that are listed one by one: of a larger one, that takes more memory than reading it. */
export const MOST_LISTED = 20_000;
/** Cells of the rows of one table: more take more memory than they are worth, and the text has them all. */
const MOST_CELLS = 300_000;

/** Takes rows one by one, and keeps as many as a table holds. */
export function rowKeeper(): {
  readonly add: (row: readonly string[]) => void;
  readonly rows: readonly (readonly string[])[];
  /** What to say when some are not kept. */
  readonly cut: () => readonly Problem[];
} {
  const rows: (readonly string[])[] = [];
  let count = 0;
  let cells = 0;
  return {
    rows,
    add: (row) => {
      count += 1;
      cells += row.length;
      if (cells <= MOST_CELLS) rows.push(row);
    },
    cut: () => {
      if (rows.length === count) return [];
      const sentence = `Only the first ${rows.length} of ${count} rows are given as a table; the text holds all of them.`;
      return [problem('too-much-text', sentence)];
    },
  };
}

/** A row a line, cells parted by a bar; rows without a word are left out. */
export function tableText({ rows }: Pick<Table, 'rows'>): string {
  const lines: string[] = [];
  for (const row of rows) {
    const end = row.findLastIndex((text) => text.trim() !== '') + 1;
    if (end > 0) lines.push(row.slice(0, end).map(inOneLine).join(' | '));
  }
  return lines.join('\n');
}

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
