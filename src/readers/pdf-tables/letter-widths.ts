/**
 * Where in a word a letter stands. A PDF's text comes with the width of the whole piece only: letters are taken to be as
 * wide, relative to each other, as in Helvetica.
 */
import type { Word } from './frame.ts';

/** `x` splits the word; the part of the word between two of them. */
export function splitAt(word: Word, xs: readonly number[]): readonly Word[] {
  const [x0, , x1] = word.box;
  const inside = xs.filter((x) => x > x0 + 1.5 && x < x1 - 1.5);
  if (inside.length === 0) return [word];
  const letters = [...word.text];
  const edges = letterEdges(word);
  const cuts = inside.map((x) => nearestSpace(letters, edges, x));
  const places = [0, ...cuts, letters.length];
  return places.slice(1).flatMap((to, part) => partOf(word, { from: places[part] ?? 0, to, edges, letters }));
}

/** Two spaces and more are a gap that was made by hand. */
export function splitAtSpaces(word: Word): readonly Word[] {
  const letters = [...word.text];
  const edges = letterEdges(word);
  const parts: Word[] = [];
  let from = 0;
  for (let at = 0; at <= letters.length; at++) {
    const ends = at === letters.length || (isSpace(letters[at]) && isSpace(letters[at + 1]));
    if (!ends) continue;
    parts.push(...partOf(word, { from, to: at, edges, letters }));
    from = at;
  }
  return parts;
}

type Part = {
  readonly from: number;
  readonly to: number;
  readonly edges: readonly number[];
  readonly letters: readonly string[];
};

function partOf(word: Word, { from, to, edges, letters }: Part): readonly Word[] {
  let [first, last] = [from, to];
  while (first < last && isSpace(letters[first])) first++;
  while (last > first && isSpace(letters[last - 1])) last--;
  if (first === last) return [];
  const a = edges[first] ?? word.box[0];
  const b = edges[last] ?? word.box[2];
  const [left, right] = word.rightToLeft ? [b, a] : [a, b];
  return [
    { ...word, text: letters.slice(first, last).join(''), box: [left, word.box[1], right, word.box[3]] },
  ];
}

/** The x before each letter, and that after the last; of right-to-left text they fall. */
function letterEdges({ text, box: [x0, , x1], rightToLeft }: Word): readonly number[] {
  const widths = [...text].map(relativeWidth);
  const total = widths.reduce((sum, width) => sum + width, 0) || 1;
  const [start, end] = rightToLeft ? [x1, x0] : [x0, x1];
  let before = 0;
  const starts = widths.map((width) => {
    const edge = start + ((end - start) * before) / total;
    before += width;
    return edge;
  });
  return [...starts, end];
}

/** The letter before which a cut at `x` comes, at a space if one is near. */
function nearestSpace(letters: readonly string[], edges: readonly number[], x: number): number {
  let nearest = 0;
  let spaced: number | undefined;
  const off = (at: number) => Math.abs((edges[at] ?? 0) - x);
  for (let at = 1; at <= letters.length; at++) {
    if (off(at) < off(nearest)) nearest = at;
    if (isSpace(letters[at]) && (spaced === undefined || off(at) < off(spaced))) spaced = at;
  }
  return spaced !== undefined && Math.abs(spaced - nearest) <= 3 ? spaced : nearest;
}

const isSpace = (letter: string | undefined): boolean => letter !== undefined && /\s/.test(letter);

function relativeWidth(letter: string): number {
  if (/[\u0300-\u036f]/.test(letter)) return 0;
  if (/[iljtfI.,:;'!|()[\]\s-]/.test(letter)) return 0.3;
  if (/[mwMW%@]/.test(letter)) return 0.86;
  if (/[A-Z]/.test(letter)) return 0.68;
  return letter > '\u2e80' ? 1 : 0.54;
}
