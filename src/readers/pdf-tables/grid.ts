import type { Box } from '../document.ts';
import type { RulingLine } from '../pdf/page-geometry.ts';
import type { Lattice } from './rules.ts';

export type Place = {
  readonly row: number;
  readonly column: number;
  readonly rowSpan: number;
  readonly columnSpan: number;
};
export type GridCell = Place & { readonly box: Box };

/** Cells without overlap or hole: between two of `xs` and `ys`, or merged ones where no line parts them. */
export type Grid = {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly cells: readonly GridCell[];
  /** Where lines cross the height `y`, but for the outermost. */
  partsAt(y: number): readonly number[];
  /** Where lines cross the width `x`. */
  rulesAt(x: number): readonly number[];
  /** Which share of the inner lines that a full grid has is there, 0 to 1: of those between columns, and between rows. */
  readonly drawn: { readonly down: number; readonly across: number };
};

/** In points. Between closer lines there is no room for text: they are a double line. */
const SAME_EDGE = 4;
/** How far lines stand out of the frame, for the frame to be open on that side. */
const STANDS_OUT = 8;

/** Nothing where the lines make a single row or column. */
export function toGrid({ across, down }: Lattice): Grid | undefined {
  const xs = edges(down, across);
  const ys = edges(across, down);
  if (xs.length < 3 || ys.length < 3 || xs.length * ys.length > MOST_CELLS) return undefined;
  const downAt = linesAt(xs, down);
  const acrossAt = linesAt(ys, across);
  const middle = (values: readonly number[], at: number) => ((values[at] ?? 0) + (values[at + 1] ?? 0)) / 2;
  const cells = mergeUnits(
    { rows: ys.length - 1, columns: xs.length - 1 },
    {
      right: (row, column) => isParted(downAt[column + 1], middle(ys, row)),
      below: (row, column) => isParted(acrossAt[row + 1], middle(xs, column)),
    },
  );
  return {
    xs,
    ys,
    cells: cells.map((cell) => ({ ...cell, box: boxOf(cell, xs, ys) })),
    partsAt: (y) => xs.filter((_, at) => at > 0 && at < xs.length - 1 && isParted(downAt[at], y)),
    drawn: { down: shareDrawn(xs, downAt, ys), across: shareDrawn(ys, acrossAt, xs) },
    rulesAt: (x) => across.filter((line) => line.from <= x && line.to >= x).map((line) => line.at),
  };
}

function shareDrawn(
  edges: readonly number[],
  lines: readonly (readonly RulingLine[])[],
  crossing: readonly number[],
): number {
  const length = (crossing.at(-1) ?? 0) - (crossing[0] ?? 0);
  let drawn = 0;
  for (let at = 1; at < edges.length - 1; at++) {
    for (let part = 1; part < crossing.length; part++) {
      const [from = 0, to = 0] = [crossing[part - 1], crossing[part]];
      if (isParted(lines[at], (from + to) / 2)) drawn += to - from;
    }
  }
  return drawn / (length * (edges.length - 2));
}

const linesAt = (
  edges: readonly number[],
  lines: readonly RulingLine[],
): readonly (readonly RulingLine[])[] =>
  edges.map((edge) => lines.filter((line) => Math.abs(line.at - edge) <= SAME_EDGE));

const isParted = (lines: readonly RulingLine[] | undefined, along: number): boolean =>
  lines?.some((line) => line.from <= along && line.to >= along) ?? false;

const MOST_CELLS = 50_000;

const boxOf = (
  { row, column, rowSpan, columnSpan }: Place,
  xs: readonly number[],
  ys: readonly number[],
): Box => [xs[column] ?? 0, ys[row] ?? 0, xs[column + columnSpan] ?? 0, ys[row + rowSpan] ?? 0];

/** Where lines stand, and where those across them end if the outermost line is missing, as in tables without a frame. */
function edges(lines: readonly RulingLine[], crossing: readonly RulingLine[]): readonly number[] {
  const at = lines.map((line) => line.at).sort((a, b) => a - b);
  const first = Math.min(...crossing.map(({ from }) => from));
  const last = Math.max(...crossing.map(({ to }) => to));
  const open = [
    ...(first < (at[0] ?? first) - STANDS_OUT ? [first] : []),
    ...at,
    ...(last > (at.at(-1) ?? last) + STANDS_OUT ? [last] : []),
  ];
  return open.filter((value, index) => index === 0 || value - (open[index - 1] ?? 0) > SAME_EDGE);
}

type Parting = {
  right(row: number, column: number): boolean;
  below(row: number, column: number): boolean;
};

/** Grows each cell to the right, then down, as far as no line is in its way. */
function mergeUnits(
  size: { readonly rows: number; readonly columns: number },
  parted: Parting,
): readonly Place[] {
  const taken = new Set<number>();
  const id = (row: number, column: number) => row * size.columns + column;
  const places: Place[] = [];
  const isFree = (row: number, column: number, columnSpan: number) => {
    for (let at = column; at < column + columnSpan; at++) {
      if (taken.has(id(row, at)) || parted.below(row - 1, at)) return false;
      if (at > column && parted.right(row, at - 1)) return false;
    }
    return true;
  };
  for (let row = 0; row < size.rows; row++) {
    for (let column = 0; column < size.columns; column++) {
      if (taken.has(id(row, column))) continue;
      let [rowSpan, columnSpan] = [1, 1];
      const goesOn = () => {
        const next = column + columnSpan;
        return next < size.columns && !taken.has(id(row, next)) && !parted.right(row, next - 1);
      };
      while (goesOn()) columnSpan++;
      while (row + rowSpan < size.rows && isFree(row + rowSpan, column, columnSpan)) rowSpan++;
      for (let r = row; r < row + rowSpan; r++) {
        for (let c = column; c < column + columnSpan; c++) taken.add(id(r, c));
      }
      places.push({ row, column, rowSpan, columnSpan });
    }
  }
  return places;
}
