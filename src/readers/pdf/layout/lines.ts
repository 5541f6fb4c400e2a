import type { Run } from './runs.ts';

export type Line = {
  /** In reading order. */
  readonly runs: readonly Run[];
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly baseline: number;
  readonly size: number;
};

/** How many lines away the line of a run is looked for. */
const LINES_AWAY = 14;

type OpenLine = { baseline: number; size: number; x0: number; runs: Run[] };

/** From top to bottom. Runs on nearly one baseline are a line, small ones that are raised or lowered belong to it. */
export function toLines(runs: readonly Run[]): readonly Line[] {
  const open: OpenLine[] = [];
  for (const run of [...runs].sort((a, b) => a.baseline - b.baseline || a.x0 - b.x0)) {
    const line = open.slice(-LINES_AWAY).findLast((candidate) => isOnLine(run, candidate));
    if (!line) open.push({ baseline: run.baseline, size: run.size, x0: run.x0, runs: [run] });
    else {
      line.runs.push(run);
      if (run.size > line.size) line.baseline = run.baseline;
      line.size = Math.max(line.size, run.size);
      line.x0 = Math.min(line.x0, run.x0);
    }
  }
  return attachScripts(open.sort((a, b) => a.baseline - b.baseline)).map(closeLine);
}

function isOnLine(run: Run, line: OpenLine): boolean {
  const below = run.baseline - line.baseline;
  if (Math.abs(below) <= Math.max(0.35 * Math.min(line.size, run.size), 1)) return true;
  return run.size < 0.8 * line.size && run.x0 >= line.x0 && below < 0.2 * line.size;
}

/** In parts of the size of the text that a raised or lowered run belongs to. A drop cap is larger still. */
const SCRIPT = { smallest: 0.45, largest: 0.9, raised: 0.7, lowered: 0.35, gap: 0.3 };

/** What stands on a line of its own only since it is raised or lowered goes to the text that it touches. */
function attachScripts(lines: readonly OpenLine[]): readonly OpenLine[] {
  lines.forEach((line, index) => {
    const larger = lines
      .slice(Math.max(0, index - LINES_AWAY), index + LINES_AWAY)
      .filter((other) => line.size < SCRIPT.largest * other.size);
    if (larger.length === 0) return;
    let last: { readonly run: Run; readonly host: OpenLine } | undefined;
    line.runs = line.runs.filter((run) => {
      const follows = last && Math.abs(distance(last.run, run)) < SCRIPT.gap * run.size;
      const host = follows
        ? last?.host
        : larger.find((other) => other.runs.some((text) => isScriptOf(run, text)));
      last = host && { run, host };
      host?.runs.push(run);
      return !host;
    });
  });
  return lines.filter(({ runs }) => runs.length > 0);
}

function isScriptOf(run: Run, text: Run): boolean {
  const ratio = run.size / text.size;
  const below = (run.baseline - text.baseline) / text.size;
  return (
    ratio > SCRIPT.smallest &&
    ratio < SCRIPT.largest &&
    below > -SCRIPT.raised &&
    below < SCRIPT.lowered &&
    Math.abs(distance(text, run)) < SCRIPT.gap * text.size
  );
}

function closeLine({ baseline, size, runs }: OpenLine): Line {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const run of runs) {
    x0 = Math.min(x0, run.x0);
    x1 = Math.max(x1, run.x1);
    y0 = Math.min(y0, run.y0);
    y1 = Math.max(y1, run.y1);
  }
  return { runs: inReadingOrder(runs), x0, x1, y0, y1, baseline, size };
}

/** The direction of a line is that of most of its letters; numbers have none. */
function inReadingOrder(runs: readonly Run[]): readonly Run[] {
  let [rtl, latin] = [0, 0];
  for (const run of runs) {
    if (run.isRtl) rtl += run.text.length;
    else latin += run.text.match(LETTERS)?.length ?? 0;
  }
  const isRtl = rtl > latin;
  const ordered = [...runs].sort(isRtl ? (a, b) => b.x1 - a.x1 : (a, b) => a.x0 - b.x0);
  return rtl > 0 ? turnInsertions(ordered, isRtl) : ordered;
}

const LETTERS = /\p{L}/gu;

/** Words of the other direction that follow each other still read in theirs. */
function turnInsertions(runs: readonly Run[], isRtl: boolean): readonly Run[] {
  const ordered: Run[] = [];
  const inserted: Run[] = [];
  for (const run of runs) {
    const last = inserted.at(-1);
    const isOther = isRtl ? !run.isRtl : run.isRtl;
    const gap = last ? distance(last, run) : 0;
    if (!isOther || gap > INSERTION_GAP * run.size) ordered.push(...inserted.splice(0).reverse());
    if (isOther) inserted.push(run);
    else ordered.push(run);
  }
  return [...ordered, ...inserted.reverse()];
}

/** Whichever comes first; below 0 where they overlap. */
const distance = (a: Run, b: Run): number => Math.max(a.x0 - b.x1, b.x0 - a.x1);

/** In parts of the font's size. */
const INSERTION_GAP = 0.6;

/** Gaps are told in parts of the font's size. A word ends at a small gap; from a wide one on it is another column. */
const WORD_GAP = 0.15;
const WIDE_GAP = 1.2;

/** Between `run` and the one before it: nothing within a word, a space, or two at a wide gap. */
export function spaceBetween(before: Run, run: Run): '' | ' ' | '  ' {
  const gap = distance(before, run);
  const size = Math.max(before.size, run.size);
  if (gap > WIDE_GAP * size) return '  ';
  const isApart = gap > WORD_GAP * size && !/\s$/.test(before.text) && !/^\s/.test(run.text);
  return isApart ? ' ' : '';
}

/** Lines with columns in them, as tables have. */
export const hasWideGap = ({ runs }: Line): boolean =>
  runs.some((run, index) => {
    const before = runs[index - 1];
    return before !== undefined && spaceBetween(before, run) === '  ';
  });

/** In letters, between wide gaps. */
export function longestPiece({ runs }: Line): number {
  let [longest, length] = [0, 0];
  runs.forEach((run, index) => {
    const before = runs[index - 1];
    const space = before ? spaceBetween(before, run) : '';
    length = (space === '  ' ? 0 : length + space.length) + run.text.length;
    longest = Math.max(longest, length);
  });
  return longest;
}
