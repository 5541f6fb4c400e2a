import { median } from '../median.ts';
import { chunksOf } from './chunks.ts';
import type { Word } from './frame.ts';
import { type TextLine, toTextLines } from './text-lines.ts';

/** In parts of the font's size. */
const NARROWEST_GUTTER = 0.9;
const SMALLEST_GAP = 0.6;
const LETTERS_OF_PROSE = 18;
const DEEPEST = 24;

/**
 * The parts of a page that are set beside each other as columns of prose: what stands on one line in two of them does
 * not belong together. Where there are none, the page is one region.
 */
export function regionsOf(words: readonly Word[]): readonly (readonly Word[])[] {
  return cut(words, 0);
}

/** One region where there is nothing to cut. */
function cut(words: readonly Word[], depth: number): readonly (readonly Word[])[] {
  if (words.length < 8 || depth > DEEPEST) return [words];
  const size = median(words.map((word) => word.size));
  const gutter = widestGap(words.map(({ box }) => [box[0], box[2]]));
  if (gutter && gutter.width > NARROWEST_GUTTER * size) {
    const [left, right] = divide(words, (word) => word.box[0] < gutter.at);
    if (areApart(left, right)) return [...cut(left, depth + 1), ...cut(right, depth + 1)];
  }
  const gap = widestGap(words.map(({ box }) => [box[1], box[3]]));
  if (!gap || gap.width < SMALLEST_GAP * size) return [words];
  const [above, below] = divide(words, (word) => word.box[1] < gap.at);
  const [first, second] = [cut(above, depth + 1), cut(below, depth + 1)];
  // A gap between lines only matters where it sets columns free.
  return first.length === 1 && second.length === 1 ? [words] : [...first, ...second];
}

/** Both are prose; or one is, and the lines of the other one do not stand on its lines, as those of a table would. */
function areApart(left: readonly Word[], right: readonly Word[]): boolean {
  const [a, b] = [toTextLines(left), toTextLines(right)];
  const prose = [a, b].filter(isProse);
  if (prose.length === 2) return true;
  if (prose.length === 0 || Math.min(a.length, b.length) < 5) return false;
  return sharedLines(a, b) < 0.5 * Math.min(a.length, b.length);
}

function isProse(lines: readonly TextLine[]): boolean {
  if (lines.length < 3) return false;
  const width = Math.max(...lines.map(({ right }) => right)) - Math.min(...lines.map(({ left }) => left));
  const long = lines.filter((line) => {
    const text = line.words.map((word) => word.text).join(' ');
    const letters = text.replace(/[^\p{L}]/gu, '').length;
    return letters >= LETTERS_OF_PROSE && letters > 0.6 * text.length && chunksOf(line).length < 3;
  });
  const full = long.filter(({ left, right }) => right - left > 0.7 * width);
  return long.length > 0.5 * lines.length && full.length > 0.4 * lines.length;
}

function sharedLines(a: readonly TextLine[], b: readonly TextLine[]): number {
  const baselines = new Set(b.map(({ baseline }) => Math.round(baseline)));
  return a.filter(({ baseline }) => baselines.has(Math.round(baseline))).length;
}

function widestGap(intervals: readonly (readonly [from: number, to: number])[]) {
  let end = Number.POSITIVE_INFINITY;
  let widest: { readonly width: number; readonly at: number } | undefined;
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const width = from - end;
    if (width > (widest?.width ?? 0)) widest = { width, at: end + width / 2 };
    end = end === Number.POSITIVE_INFINITY ? to : Math.max(end, to);
  }
  return widest;
}

const divide = (words: readonly Word[], isFirst: (word: Word) => boolean): readonly [Word[], Word[]] => [
  words.filter(isFirst),
  words.filter((word) => !isFirst(word)),
];
