import type { Row } from './blocks.ts';
import { columnsOf, spanOf } from './columns.ts';

/** Letters of a piece of text that begins in the first column and goes on over others. */
const LETTERS_OF_REMARK = 30;

/**
 * The parts of a block between lines of prose that are too short to be told as such alone: two and more of them one
 * after the other, or one at the beginning or the end. A single one between rows may be a heading.
 */
export function partAtRemarks(block: readonly Row[]): readonly (readonly Row[])[] {
  const columns = columnsOf(block);
  const remarks = block.map(({ chunks }) =>
    chunks.some((chunk) => {
      const { first, last } = spanOf(columns, chunk);
      return first === 0 && last > 0 && chunk.text.replace(/[^\p{L}]/gu, '').length >= LETTERS_OF_REMARK;
    }),
  );
  // Beyond both ends there is nothing but prose.
  const isRemark = (at: number) => remarks[at] ?? true;
  const parts: Row[][] = [[]];
  block.forEach((row, at) => {
    if (isRemark(at) && (isRemark(at - 1) || isRemark(at + 1))) parts.push([]);
    else parts.at(-1)?.push(row);
  });
  return parts.filter((part) => part.length > 0);
}
