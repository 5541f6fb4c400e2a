import type { Box } from '../document.ts';
import type { FilledCell } from './build-table.ts';
import { type TextLine, toTextLines } from './text-lines.ts';

/** Fewer lines than this beside each other are one cell's text that was broken. */
const FEWEST_LINES = 3;
/** A text that was broken fills its cell's width; an entry of a column does not. */
const BROKEN_TEXT = 0.7;

type Lines = { readonly cell: FilledCell; readonly lines: readonly TextLine[] };

/** Tables may have lines between their columns only: their rows are then told by the lines of text. */
export function partRows(cells: readonly FilledCell[]): readonly FilledCell[] {
  const rowCount = Math.max(0, ...cells.map(({ row, rowSpan }) => row + rowSpan));
  const partings = Array.from({ length: rowCount }, (_, row) =>
    baselinesOf(cells.filter((cell) => cell.row === row && cell.rowSpan === 1)),
  );
  const starts = [0];
  for (const parts of partings) starts.push((starts.at(-1) ?? 0) + (parts.length || 1));
  return cells.flatMap((cell) => {
    const parts = partings[cell.row] ?? [];
    const row = starts[cell.row] ?? 0;
    if (cell.rowSpan === 1 && parts.length > 0) return partCell({ ...cell, row }, parts);
    return [{ ...cell, row, rowSpan: (starts[cell.row + cell.rowSpan] ?? row + 1) - row }];
  });
}

/** The rows that a row of cells is made of, or none when it is a single one. */
function baselinesOf(cells: readonly FilledCell[]): readonly number[] {
  const columns: readonly Lines[] = cells
    .map((cell) => ({ cell, lines: toTextLines(cell.words.filter((word) => word.upright)) }))
    .filter(({ lines }) => lines.length > 0);
  const baselines = toTextLines(columns.flatMap(({ cell }) => cell.words.filter((word) => word.upright))).map(
    ({ baseline }) => baseline,
  );
  const full = columns.filter(({ lines }) => lines.length >= Math.max(FEWEST_LINES, 0.75 * baselines.length));
  const isList = full.length >= 2 && full.length >= 0.6 * columns.length;
  return isList && full.filter(isBroken).length * 2 < full.length ? baselines : [];
}

function isBroken({ cell, lines }: Lines): boolean {
  const width = cell.box ? cell.box[2] - cell.box[0] : 0;
  const wide = lines.filter(({ left, right }) => right - left > BROKEN_TEXT * width);
  return wide.length * 2 > lines.length;
}

function partCell(cell: FilledCell, baselines: readonly number[]): readonly FilledCell[] {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = cell.box ?? [];
  const nearest = (y: number) =>
    baselines.reduce(
      (best, baseline, at) => (Math.abs(baseline - y) < Math.abs((baselines[best] ?? 0) - y) ? at : best),
      0,
    );
  const under = (at: number) => (at < 0 ? y0 : at >= baselines.length - 1 ? y1 : (baselines[at] ?? y1) + 2);
  return baselines.map((_, at): FilledCell => {
    const box: Box = [x0, under(at - 1), x1, under(at)];
    return {
      ...cell,
      row: cell.row + at,
      box,
      words: cell.words.filter((word) => nearest(word.baseline) === at),
    };
  });
}
