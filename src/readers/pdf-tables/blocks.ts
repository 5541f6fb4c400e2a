import { median } from '../median.ts';
import { type Chunk, chunksOf } from './chunks.ts';
import type { Word } from './frame.ts';
import { type TextLine, toTextLines } from './text-lines.ts';

export type Row = { readonly line: TextLine; readonly chunks: readonly Chunk[] };

/** Baselines further apart than this, in sizes of the font and in the usual distances of the block, end it. */
const FARTHEST = { sizes: 2.8, distances: 2.2 };
/** In sizes of the font: this far apart there is nothing in common. */
const EMPTY_PAPER = 6;
const ROWS_BACK = 16;
/** A row of more cells is an attack: the columns would take minutes. */
const MOST_CELLS = 200;
/** A line of this many letters without a gap is a sentence. */
const LETTERS_OF_PROSE = 55;
/** Justified prose has gaps, but narrow ones, in sizes of the font, and leaves little of its line empty. */
const WIDEST_GAP = 1.5;
const EMPTIEST = 0.16;

/** Runs of lines that may be a table: ended by prose, and by empty paper. */
export function blocksOf(words: readonly Word[]): readonly (readonly Row[])[] {
  const rows = toTextLines(words).map((line) => ({ line, chunks: chunksOf(line) }));
  const blocks: Row[][] = [];
  let block: Row[] = [];
  const close = () => {
    if (block.length > 0) blocks.push(block);
    block = [];
  };
  for (const row of rows) {
    if (row.chunks.length > MOST_CELLS || isSentence(row)) {
      close();
      continue;
    }
    if (isFar(block, row)) close();
    block.push(row);
  }
  close();
  return blocks;
}

function isFar(block: readonly Row[], { line }: Row): boolean {
  const last = block.at(-1);
  if (!last) return false;
  const near = block.slice(-ROWS_BACK);
  const distances = near.slice(1).map((row, at) => row.line.baseline - (near[at]?.line.baseline ?? 0));
  const distance = line.baseline - last.line.baseline;
  const size = Math.max(line.size, last.line.size);
  if (distance <= FARTHEST.sizes * size) return false;
  if (distance > EMPTY_PAPER * size) return true;
  return distances.length === 0
    ? distance > 4 * line.size
    : distance > FARTHEST.distances * median(distances);
}

function isSentence({ line, chunks }: Row): boolean {
  const text = chunks.map((chunk) => chunk.text).join(' ');
  const letters = text.replace(/[^\p{L}]/gu, '').length;
  if (chunks.length === 1) return letters >= LETTERS_OF_PROSE;
  const gaps = chunks.slice(1).map((chunk, at) => chunk.left - (chunks[at]?.right ?? 0));
  const empty = gaps.reduce((sum, gap) => sum + gap, 0) / (line.right - line.left);
  return (
    letters > 40 &&
    letters > 0.7 * text.length &&
    Math.max(...gaps) < WIDEST_GAP * line.size &&
    empty < EMPTIEST
  );
}
