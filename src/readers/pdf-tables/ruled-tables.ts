import type { Box } from '../document.ts';
import { buildTable, type FilledCell, type Found, isWithin, middleOf } from './build-table.ts';
import { chunksOf } from './chunks.ts';
import type { Frame, Word } from './frame.ts';
import { type Grid, toGrid } from './grid.ts';
import { splitAt } from './letter-widths.ts';
import { partRows } from './part-rows.ts';
import { lattices, mergeLines } from './rules.ts';
import { toTextLines } from './text-lines.ts';

/** Letters a cell, on average: where it is more, the lines are the layout of a page and not a table. */
const MOST_LETTERS = 300;
/** A form may be empty; a grid of more cells with next to nothing in them is a drawing, and so is one around a cell that
 * has most of its area. */
const CELLS_OF_FORM = 60;
const FILLED_CELLS = 0.2;
const LARGEST_CELL = 0.6;
/** The share of words that lines may run through. More is a diagram. */
const MOST_CROSSED = 0.1;
/** The share of a table's lines of text that may have wide gaps within a cell. */
const MOST_GAPPY = 0.4;

/** Of a small grid, both shares together; two boxes with a line between them must not do. Of a large one, which may
 * have lines between its columns or its rows only, the better share. */
const SMALL_GRID = 20;
const DRAWN = { small: 1.55, large: 0.75 };

/** Tables whose cells are parted by lines, or by areas of colour; and whether there are lines that make a diagram. */
export function findRuledTables(frame: Frame): {
  readonly tables: readonly Found[];
  readonly hasDiagram: boolean;
} {
  const grids = lattices(mergeLines(frame.lines)).flatMap((lattice) => toGrid(lattice) ?? []);
  return {
    tables: grids.filter(isDrawn).flatMap((grid) => readGrid(grid, frame) ?? []),
    hasDiagram: grids.some((grid) => !isSmall(grid) && !isDrawn(grid)),
  };
}

const isSmall = ({ xs, ys }: Grid): boolean => (xs.length - 1) * (ys.length - 1) <= SMALL_GRID;

const isDrawn = (grid: Grid): boolean =>
  isSmall(grid)
    ? grid.drawn.down + grid.drawn.across >= DRAWN.small
    : Math.max(grid.drawn.down, grid.drawn.across) >= DRAWN.large;

const areaOf = ({ xs, ys }: Grid): Box => [xs[0] ?? 0, ys[0] ?? 0, xs.at(-1) ?? 0, ys.at(-1) ?? 0];

function readGrid(grid: Grid, frame: Frame): Found | undefined {
  const area = areaOf(grid);
  const words = frame.words.filter((word) => isWithin(word.box, area));
  const upright = words.filter((word) => word.upright);
  if (letters(upright) * 2 <= letters(words)) return undefined;
  const cells = fill(grid, words);
  const filled = cells.filter((cell) => cell.words.length > 0);
  if (filled.length < 3 || letters(words) / filled.length > MOST_LETTERS) return undefined;
  if (isFrame(cells, area) || isCrossed(grid, upright)) return undefined;
  const parted = partRows(cells);
  return isTooCoarse(parted) ? undefined : buildTable(parted, { method: 'ruled', frame });
}

function isFrame(cells: readonly FilledCell[], area: Box): boolean {
  const filled = cells.filter((cell) => cell.words.length > 0);
  if (cells.length > CELLS_OF_FORM && filled.length < FILLED_CELLS * cells.length) return true;
  return cells.some(({ box }) => box !== undefined && sizeOf(box) > LARGEST_CELL * sizeOf(area));
}

const sizeOf = ([x0, y0, x1, y1]: Box): number => (x1 - x0) * (y1 - y0);

function isCrossed({ rulesAt }: Grid, words: readonly Word[]): boolean {
  const crossed = words.filter(({ box: [x0, y0, x1, y1] }) => {
    const quarter = (y1 - y0) / 4;
    return rulesAt((x0 + x1) / 2).some((y) => y > y0 + quarter && y < y1 - quarter);
  });
  return crossed.length > MOST_CROSSED * words.length;
}

const letters = (words: readonly Word[]): number => words.reduce((sum, { text }) => sum + text.length, 0);

function fill({ xs, ys, cells, partsAt }: Grid, words: readonly Word[]): readonly FilledCell[] {
  const owners = new Map<string, Word[]>();
  const filled = cells.map((cell) => {
    const own: Word[] = [];
    for (let row = cell.row; row < cell.row + cell.rowSpan; row++) {
      for (let column = cell.column; column < cell.column + cell.columnSpan; column++)
        owners.set(`${row} ${column}`, own);
    }
    return { ...cell, words: own };
  });
  for (const word of words) {
    const [, y] = middleOf(word.box);
    for (const part of word.upright ? splitAt(word, partsAt(y)) : [word]) {
      owners.get(`${placeOf(y, ys)} ${placeOf(middleOf(part.box)[0], xs)}`)?.push(part);
    }
  }
  return filled;
}

/** Between which two edges. */
function placeOf(at: number, edges: readonly number[]): number {
  const next = edges.findIndex((edge, index) => index > 0 && at < edge);
  return (next === -1 ? edges.length - 1 : next) - 1;
}

/** Whether the lines only part groups of cells, which white space parts further. */
function isTooCoarse(cells: readonly FilledCell[]): boolean {
  const lines = cells.flatMap(({ words }) => toTextLines(words.filter((word) => word.upright)));
  const gappy = lines.filter((line) => chunksOf(line).length > 1);
  return gappy.length >= 3 && gappy.length > MOST_GAPPY * lines.length;
}
