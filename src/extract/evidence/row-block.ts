import type { Box } from '../../readers/document.ts';
import type { Field } from '../extraction.ts';
import type { Range } from './document-index.ts';
import { lineAt } from './find-labels.ts';
import type { Judged } from './judge-statement.ts';
import { isLabel } from './line-cells.ts';
import { skipUnit } from './unit-words.ts';
import { boxOf } from './value-box.ts';

/** A column of a row, with what states it. */
export type StatedCell = { readonly field: Field; readonly stated: Judged };

/**
 * Whether values that stand in one block of text are one row, and not taken from several: on one line; or in boxes beside
 * each other; or, where a cell is wrapped, with the numbers on one line, and between the first value and the last one
 * nothing but these and labels (`Price:`), and on the line of the numbers other numbers.
 */
export function isOneRow(cells: readonly StatedCell[]): boolean {
  const [first, ...others] = cells.toSorted((one, other) => startOf(one) - startOf(other));
  if (!first || others.length === 0) return true;
  if (areBeside(cells)) return true;
  const { text } = first.stated.within.layer;
  const whole = { start: startOf(first), end: Math.max(...cells.map(({ stated }) => stated.statement.end)) };
  if (whole.end <= lineAt(text, whole.start).end) return true;
  if (goesUp([first, ...others])) return false;
  const numbers = cells.filter(({ field }) => !isOfWords(field));
  const lines = new Set(numbers.map((cell) => lineAt(text, startOf(cell)).start));
  if (lines.size > 1) return false;
  return restsOf(text, whole, cells).every(({ rest, start }) =>
    // A line of numbers may have those of columns that nobody asked for, with their units.
    lines.has(lineAt(text, start).start) ? !isLabel(skipUnit(rest)) : !/[\p{L}\p{N}]/u.test(rest),
  );
}

/** Whether its values may be wrapped over lines. */
export const isOfWords = ({ type }: Field): boolean => type === 'text' || type === 'choice';

const startOf = ({ stated }: StatedCell): number => stated.statement.start;

/** What stands between the values, line by line, without labels. */
function restsOf(
  text: string,
  { start, end }: Range,
  cells: readonly StatedCell[],
): readonly { readonly rest: string; readonly start: number }[] {
  const rests: { rest: string; start: number }[] = [];
  let at = start;
  const stated = cells.map(({ stated: { statement } }) => statement);
  for (const value of [...stated.toSorted((one, other) => one.start - other.start), { start: end, end }]) {
    for (const part of text.slice(at, Math.max(at, value.start)).split(/(?<=\n)/)) {
      rests.push({ rest: part.replace(/\p{L}[^:|\n]*:/gu, ' '), start: at });
      at += part.length;
    }
    at = Math.max(at, value.end);
  }
  return rests;
}

const boxOfCell = ({ stated }: StatedCell): Box | undefined => boxOf(stated.within.layer, stated.statement);

/** Whether a later value stands above an earlier one: the text has its columns one after the other then. */
function goesUp(cells: readonly StatedCell[]): boolean {
  const boxes = cells.map(boxOfCell);
  return boxes.some((box, at) => {
    const before = boxes[at - 1];
    return box && before && (box[1] + box[3]) / 2 < before[1];
  });
}

/** Whether each box shares its height with the first one, as the cells of one line do. */
function areBeside(cells: readonly StatedCell[]): boolean {
  const boxes = cells.map(boxOfCell);
  const [first] = boxes;
  return first !== undefined && boxes.every((box) => box !== undefined && overlapInHeight(first, box));
}

/** By more than half of the lower one. */
const overlapInHeight = (one: Box, other: Box): boolean =>
  Math.min(one[3], other[3]) - Math.max(one[1], other[1]) >
  0.5 * Math.min(one[3] - one[1], other[3] - other[1]);
