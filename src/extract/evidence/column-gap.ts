import { type Layer, piecesIn, type Range } from './document-index.ts';

/** In heights of the text, which are about one em. A space within a number is a quarter to a third of one. */
const WIDEST_SPACE = 0.5;

/** Whether the pieces on both sides of a gap stand further apart than a space within a number: as columns do. */
export function hasColumnGap(layer: Layer, gap: Range): boolean {
  const [before, behind] = piecesIn(layer, { start: gap.start - 1, end: gap.end + 1 });
  if (!before?.box || !behind?.box || before.end > gap.start || behind.start < gap.end) return false;
  const height = Math.max(before.box[3] - before.box[1], behind.box[3] - behind.box[1]);
  return behind.box[0] - before.box[2] > WIDEST_SPACE * height;
}

/** The parts of a range that stand apart as columns, where digits stand on both sides: two numbers, and not one. */
export function partsByColumn(layer: Layer, { start, end }: Range): readonly Range[] {
  const parts: Range[] = [];
  let from = start;
  for (const { 0: gap, index } of layer.text.slice(start, end).matchAll(/(?<=\p{N})\s+(?=\p{N})/gu)) {
    const [left, right] = [start + index, start + index + gap.length];
    if (!hasColumnGap(layer, { start: left, end: right })) continue;
    parts.push({ start: from, end: left });
    from = right;
  }
  return [...parts, { start: from, end }];
}
