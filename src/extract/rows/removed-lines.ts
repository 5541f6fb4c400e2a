import type { ListRow } from '../extraction.ts';

/** Whether a person rejected all that a line states: it is no line of the document then, and counts nowhere. */
export function isRemoved(row: ListRow): boolean {
  const stated = Object.values(row).filter(({ status }) => status !== 'missing');
  return stated.length > 0 && stated.every(({ status }) => status === 'rejected');
}

/** The lines that were not removed, each with its index among all of them, 0-based. */
export const keptLines = (
  rows: readonly ListRow[] = [],
): readonly { readonly index: number; readonly line: ListRow }[] =>
  rows.map((line, index) => ({ line, index })).filter(({ line }) => !isRemoved(line));
