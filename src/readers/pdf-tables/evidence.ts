import type { FilledCell } from './build-table.ts';
import type { Column } from './columns.ts';

/** In points, from the first to the last. */
const SAME_PLACE = 6;
const LEAST_ALIGNED = 0.6;

type CellRow = readonly FilledCell[];

/** What a table is not without, where no lines part its cells. Prose, lists, addresses and tables of contents fail. */
export function isTable(
  rows: readonly CellRow[],
  { columns, rules }: { readonly columns: readonly Column[]; readonly rules: number },
): boolean {
  const grid = columns.map((_, column) => ofColumn(rows, column));
  const full = rows.filter((row) => row.length > 1);
  if (full.length < 3) return false;
  const numeric = grid.filter((texts) => isNumericColumn(texts));
  const cells = rows.flat();
  const letters = cells.reduce((sum, cell) => sum + textOf(cell).length, 0) / cells.length;
  const filled = full.flat().length / (full.length * columns.length);
  if (filled < 0.5 || letters > 40) return false;
  // Between its rows a table may have lines of remarks; many of them need a table that is certain otherwise.
  if (full.length < (numeric.length > 1 ? 0.2 : 0.4) * rows.length) return false;
  if (isListOrContents(grid) || alignment(rows, columns.length) < LEAST_ALIGNED) return false;
  if (columns.length === 2) return numeric.length > 0 && full.length >= 4 && filled > 0.7;
  if (numeric.length > 0) return true;
  if (rules >= 3) return true;
  return full.length >= 6 && filled > 0.9;
}

/** The share of the cells that stand under others at their left, right or middle. */
function alignment(rows: readonly CellRow[], columnCount: number): number {
  const single = rows.flat().filter((cell) => cell.columnSpan === 1 && cell.box);
  const aligned = Array.from({ length: columnCount }, (_, column) => {
    const boxes = single.flatMap((cell) => (cell.column === column && cell.box ? [cell.box] : []));
    const edges = [
      boxes.map((box) => box[0]),
      boxes.map((box) => box[2]),
      boxes.map((box) => (box[0] + box[2]) / 2),
    ];
    return Math.max(...edges.map(mostAtOnePlace));
  });
  return aligned.reduce((sum, count) => sum + count, 0) / (single.length || 1);
}

function mostAtOnePlace(places: readonly number[]): number {
  const sorted = [...places].sort((a, b) => a - b);
  let most = 0;
  let first = 0;
  sorted.forEach((place, at) => {
    while (place - (sorted[first] ?? place) > SAME_PLACE) first++;
    most = Math.max(most, at - first + 1);
  });
  return most;
}

const ofColumn = (rows: readonly CellRow[], column: number): readonly string[] =>
  rows.flatMap((row) => row.filter((cell) => cell.column === column).map(textOf));

const textOf = ({ words }: FilledCell): string =>
  words
    .map(({ text }) => text)
    .join(' ')
    .trim();

const NUMBER = /^[-+−–(△▲]?\s*[$€£¥₪]?\s*[-+−–(]?\s*\d[\d.,'’\s]*\s*[%€$£)]*[*†‡a-z]?$|^[-−–—]+$|^n\/?a$/i;

export const isNumber = (text: string): boolean => NUMBER.test(text);

function isNumericColumn(texts: readonly string[]): boolean {
  const numbers = texts.filter(isNumber);
  return numbers.length >= 2 && numbers.length >= 0.6 * texts.length;
}

const ENUMERATOR = /^([•●▪◦–—*·-]|\(?\d{1,3}[.)\]]|\(?[a-zA-Z]{1,4}[.)]|\[\d+\]|\d+(\.\d+)+\.?)$/;

/** Lists, keys with values, and tables of contents look like tables of two or three columns. */
function isListOrContents(grid: readonly (readonly string[])[]): boolean {
  if (grid.length > 3) return false;
  const [first = []] = grid;
  const isEnumerated = mostly(first, (text) => ENUMERATOR.test(text));
  if (isEnumerated || mostly(first, (text) => text.endsWith(':'))) return true;
  const titles = isNumericColumn(first) ? grid.slice(1, -1) : grid.slice(0, -1);
  return doGrow(grid.at(-1) ?? []) && !titles.some(isNumericColumn);
}

/** Numbers of pages and chapters grow down the page, Roman ones before the others. */
function doGrow(texts: readonly string[]): boolean {
  const numbers = texts.map((text) => text.replace(/^[.\s]+/, '')).filter((text) => !/^[ivxl]+$/i.test(text));
  const whole = numbers.map(Number).filter(Number.isInteger);
  return (
    whole.length > 0.7 * numbers.length && whole.every((page, at) => at === 0 || page >= (whole[at - 1] ?? 0))
  );
}

const mostly = (texts: readonly string[], test: (text: string) => boolean): boolean =>
  texts.filter(test).length > 0.5 * texts.length;
