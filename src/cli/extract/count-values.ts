import type { Extraction, Row, Status, Value } from '../../extract/extraction.ts';

export type ValueCounts = Readonly<Record<Status, number>>;

/** All values of a document, those of its lists too. */
export const valuesOf = ({ values, lists }: Pick<Row, 'values' | 'lists'>): readonly Value[] => [
  ...Object.values(values),
  ...Object.values(lists).flatMap((rows) => rows.flatMap((row) => Object.values(row))),
];

export function countValues(rows: readonly Pick<Row, 'values' | 'lists'>[]): ValueCounts {
  const counts = { verified: 0, unverified: 0, missing: 0, rejected: 0 };
  for (const { status } of rows.flatMap(valuesOf)) counts[status] += 1;
  return counts;
}

export const countBroken = ({ rows }: Pick<Extraction, 'rows'>): number =>
  rows.flatMap(({ checks }) => checks).filter(({ holds }) => holds === false).length;
