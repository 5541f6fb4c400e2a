import type { Field, ListRow, Scalar } from '../extraction.ts';
import { isOpposite } from './locate-stated.ts';
import { isSameValue } from './merge-values.ts';

/** A line of the invoice's XML: what could be read of it, by the columns' paths. */
export type StatedRow = ReadonlyMap<string, Scalar>;
export type Partner = {
  readonly row: ListRow;
  /** Whether it agrees in more columns than it differs in. */
  readonly isSure: boolean;
};

/** For each line of the XML the row of the pages that agrees with it most. Of those left over, one that agrees with it
 * in a column, or else stands at the same place of as many, is its partner too: what differs has to be seen. */
export function pairRows(
  columns: readonly Field[],
  stated: readonly StatedRow[],
  said: readonly ListRow[],
): readonly (Partner | undefined)[] {
  const left = new Set(said);
  const take = (row: StatedRow, isEnough: (found: Agreement) => boolean): ListRow | undefined => {
    const [best] = [...left]
      .map((other) => ({ other, found: agreement(columns, row, other) }))
      .filter(({ found }) => isEnough(found))
      .toSorted((a, b) => b.found.same - b.found.differ - (a.found.same - a.found.differ));
    if (best) left.delete(best.other);
    return best?.other;
  };
  const sure = stated.map((row) => take(row, ({ same, differ }) => same > differ));
  const close = stated.map((row, at) => sure[at] ?? take(row, ({ same }) => same > 0));
  return close.map((row, at): Partner | undefined => {
    const beside = said.length === stated.length ? said[at] : undefined;
    const other = row ?? (beside && left.has(beside) ? beside : undefined);
    return other && { row: other, isSure: sure[at] !== undefined };
  });
}

type Agreement = { readonly same: number; readonly differ: number };

/** Columns that agree, be it with the other sign, and those that differ. */
function agreement(columns: readonly Field[], row: StatedRow, other: ListRow): Agreement {
  let same = 0;
  let differ = 0;
  for (const field of columns) {
    const value = row.get(field.path);
    const said = other[field.path]?.value ?? null;
    if (value === undefined || said === null) continue;
    if (isSameValue(said, value) || isOpposite(field, said, value)) same += 1;
    else differ += 1;
  }
  return { same, differ };
}
