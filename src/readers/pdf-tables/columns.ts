import type { Row } from './blocks.ts';
import type { Chunk } from './chunks.ts';

/** Where a column's words stand. */
export type Column = { readonly left: number; readonly right: number };

/**
 * Columns by the white space between them: first from the rows that have about as many cells as most rows have, since
 * headings span columns, then from the others where they stand free.
 */
export function columnsOf(rows: readonly Row[]): readonly Column[] {
  const parted = rows.filter(({ chunks }) => chunks.length > 1);
  const usual = usualCells(rows) + 1;
  let columns: readonly Column[] = [];
  for (const { chunks } of parted.filter((row) => row.chunks.length >= usual)) {
    for (const chunk of chunks) columns = withChunk(columns, chunk);
  }
  for (const { chunks } of parted.filter((row) => row.chunks.length < usual)) {
    for (const chunk of chunks) if (touched(columns, chunk).length < 2) columns = withChunk(columns, chunk);
  }
  return [...columns].sort((a, b) => a.left - b.left);
}

/** How many cells a row has at least that shows all columns, or all but one. */
export function usualCells(rows: readonly Row[]): number {
  const counts = rows.map(({ chunks }) => chunks.length).filter((count) => count > 1);
  counts.sort((a, b) => a - b);
  return Math.max(2, (counts[Math.floor(counts.length * 0.6)] ?? 2) - 1);
}

const touches = (column: Column, { left, right }: Column): boolean =>
  left < column.right && right > column.left;

export const touched = (columns: readonly Column[], chunk: Column): readonly Column[] =>
  columns.filter((column) => touches(column, chunk));

function withChunk(columns: readonly Column[], { left, right }: Column): readonly Column[] {
  const inside = touched(columns, { left, right });
  const merged = {
    left: Math.min(left, ...inside.map((column) => column.left)),
    right: Math.max(right, ...inside.map((column) => column.right)),
  };
  return [...columns.filter((column) => !inside.includes(column)), merged];
}

/** Which columns a chunk stands in: mostly one; a heading over several spans them. */
export function spanOf(
  columns: readonly Column[],
  chunk: Chunk,
): { readonly first: number; readonly last: number } {
  const inside = columns.flatMap((column, at) => (overlap(column, chunk) > 1 ? [at] : []));
  if (inside.length > 0) return { first: inside[0] ?? 0, last: inside.at(-1) ?? 0 };
  const distance = ({ left, right }: Column) => Math.max(left - chunk.right, chunk.left - right);
  const nearest = columns.reduce(
    (best, column, at) => (distance(column) < distance(columns[best] ?? column) ? at : best),
    0,
  );
  return { first: nearest, last: nearest };
}

const overlap = (a: Column, b: Column): number => Math.min(a.right, b.right) - Math.max(a.left, b.left);
