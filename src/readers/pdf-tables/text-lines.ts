import type { Word } from './frame.ts';

/** Words side by side, from left to right. */
export type TextLine = {
  readonly words: readonly Word[];
  readonly baseline: number;
  readonly size: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

/** From top to bottom. Superscripts and subscripts belong to the line beside which they stand. */
export function toTextLines(words: readonly Word[]): readonly TextLine[] {
  const open: { words: Word[]; baseline: number; size: number }[] = [];
  const sorted = [...words].sort((a, b) => a.baseline - b.baseline || a.box[0] - b.box[0]);
  for (const word of sorted) {
    // The lines to which a word can belong are among the last ones.
    const line = open.slice(-LINES_BACK).findLast((candidate) => standsOn(word, candidate));
    if (!line) {
      open.push({ words: [word], baseline: word.baseline, size: word.size });
      continue;
    }
    line.words.push(word);
    if (word.size > line.size) Object.assign(line, { size: word.size, baseline: word.baseline });
  }
  return open
    .map(({ words, baseline, size }) => toLine(words, baseline, size))
    .sort((a, b) => a.baseline - b.baseline);
}

const LINES_BACK = 12;

function standsOn(word: Word, line: { readonly baseline: number; readonly size: number }): boolean {
  const off = Math.abs(line.baseline - word.baseline);
  if (off <= Math.max(1, 0.35 * Math.min(line.size, word.size))) return true;
  const [small, large] = word.size < line.size ? [word, line] : [line, word];
  const above = large.baseline - small.baseline;
  return small.size < 0.8 * large.size && above > -0.2 * large.size && above < 0.7 * large.size;
}

function toLine(words: readonly Word[], baseline: number, size: number): TextLine {
  return {
    words: [...words].sort((a, b) => a.box[0] - b.box[0]),
    baseline,
    size,
    left: Math.min(...words.map(({ box }) => box[0])),
    right: Math.max(...words.map(({ box }) => box[2])),
    top: Math.min(...words.map(({ box }) => box[1])),
    bottom: Math.max(...words.map(({ box }) => box[3])),
  };
}

/** The words of a cell as text, its lines ended by `\n`. Words that do not stand upright come after the others, in the
 * order of the page's program. */
export function textOf(words: readonly Word[]): string {
  const upright = toTextLines(words.filter((word) => word.upright)).map((line) => lineText(line.words));
  const turned = words.filter((word) => !word.upright).sort((a, b) => a.order - b.order);
  const rest = turned.map(({ text }) => text.replace(/\s+/g, ' ')).join(' ');
  return [...upright, rest].filter(Boolean).join('\n');
}

/** Words of one line. */
function lineText(words: readonly Word[]): string {
  const isRightToLeft = words.some((word) => word.rightToLeft) && words.every(mayRunLeft);
  const ordered = isRightToLeft ? [...words].reverse() : words;
  let text = '';
  let before: Word | undefined;
  for (const word of ordered) {
    if (before && isShadow(before, word)) continue;
    const gap = before ? gapBetween(before, word) : 0;
    text += (gap > 0.12 * word.size ? ' ' : '') + word.text;
    before = word;
  }
  return text.replace(/\s+/g, ' ').trim();
}

const mayRunLeft = (word: Word): boolean => word.rightToLeft || !/\p{L}/u.test(word.text);

/** Some programs print a word twice, a little apart, to make it look bold. */
const isShadow = (a: Word, b: Word): boolean =>
  a.text === b.text &&
  Math.abs(a.box[0] - b.box[0]) < 0.3 * a.size &&
  Math.abs(a.baseline - b.baseline) < 0.3 * a.size;

const gapBetween = (a: Word, b: Word): number => Math.max(b.box[0] - a.box[2], a.box[0] - b.box[2]);
