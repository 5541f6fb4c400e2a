/**
 * The order of a page's blocks, by cutting it along its white space again and again (XY-cut). A gap from top to bottom
 * counts only where there is prose on both sides; between the columns of a table it does not, for tables read by rows.
 */
import { median } from '../../median.ts';
import { longestPiece, toLines } from './lines.ts';
import type { Run } from './runs.ts';

const MOST_CUTS = 24;

/** Blocks of runs, in reading order. */
export function toBlocks(runs: readonly Run[], depth = 0): readonly (readonly Run[])[] {
  if (runs.length < 2 || depth > MOST_CUTS) return [runs];
  const size = median(runs.map((run) => run.size)) || 1;
  const gutter = widest(gaps(runs.map(({ x0, x1 }) => [x0, x1])));
  if (gutter && gutter.width > Math.max(0.9 * size, 6)) {
    const [left, right] = split(runs, (run) => run.x0 < gutter.at);
    if (isProse(left, size) && isProse(right, size)) {
      const columns =
        runs.filter((run) => run.isRtl).length * 2 > runs.length ? [right, left] : [left, right];
      return columns.flatMap((column) => toBlocks(column, depth + 1));
    }
  }
  const break_ = widest(gaps(runs.map(({ y0, y1 }) => [y0, y1])));
  if (!break_ || break_.width <= 0.6 * size) return [runs];
  return split(runs, (run) => run.y0 < break_.at).flatMap((part) => toBlocks(part, depth + 1));
}

/** At least three lines, most of them with a long piece that no wide gap interrupts. */
function isProse(runs: readonly Run[], size: number): boolean {
  const lines = toLines(runs);
  if (lines.length < 3) return false;
  const width = Math.max(...lines.map((line) => line.x1)) - Math.min(...lines.map((line) => line.x0));
  const long = lines.filter((line) => longestPiece(line) >= 18);
  return long.length > 0.5 * lines.length && width > 8 * size;
}

type Gap = { readonly width: number; readonly at: number };

function gaps(intervals: readonly (readonly [from: number, to: number])[]): readonly Gap[] {
  const found: Gap[] = [];
  let end = Infinity;
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    if (from > end) found.push({ width: from - end, at: (from + end) / 2 });
    end = end === Infinity ? to : Math.max(end, to);
  }
  return found;
}

const widest = (all: readonly Gap[]): Gap | undefined =>
  all.reduce<Gap | undefined>((most, gap) => (most && most.width >= gap.width ? most : gap), undefined);

function split(runs: readonly Run[], isFirst: (run: Run) => boolean): [Run[], Run[]] {
  const parts: [Run[], Run[]] = [[], []];
  for (const run of runs) parts[isFirst(run) ? 0 : 1].push(run);
  return parts;
}
