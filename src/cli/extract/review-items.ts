import type { Extraction, Field, List, ListRow, Row, Value } from '../../extract/extraction.ts';
import { isRemoved } from '../../extract/rows/removed-lines.ts';

/** A value that a person is to look at. */
export type ReviewItem = {
  readonly row: Row;
  /** Of a field, or `items[3].amount`, counted from 0: as the ledger names it. */
  readonly path: string;
  /** For people, who count from 1: `items, line 4: amount`. */
  readonly name: string;
  readonly field: Field;
  readonly value: Value;
};

/** What nobody has decided about and is unverified, or missing though the schema requires it; or all that there is,
 * document by document. Of files that hold the same bytes the first one counts. */
export function reviewItems(
  { plan, rows }: Extraction,
  { all }: { readonly all: boolean },
): readonly ReviewItem[] {
  const isWanted = ({ field, value: { status, review } }: ReviewItem) => {
    const isOpen = status === 'unverified' || (status === 'missing' && field.isRequired);
    return all || (isOpen && !review);
  };
  const once = rows.filter((row, at) => rows.findIndex(({ sha256 }) => sha256 === row.sha256) === at);
  return once
    .flatMap((row) => [
      ...plan.fields.flatMap((field) => {
        const value = row.values[field.path];
        return value ? [{ row, field, value, path: field.path, name: field.path }] : [];
      }),
      ...plan.lists.flatMap((list) =>
        (row.lists[list.path] ?? []).flatMap((line, index) => lineItems(row, list, { line, index })),
      ),
    ])
    .filter(isWanted);
}

/** One value of one content. */
export const isSameItem = (one: ReviewItem, other: ReviewItem): boolean =>
  one.path === other.path && one.row.sha256 === other.row.sha256;

function lineItems(
  row: Row,
  list: List,
  { line, index }: { readonly line: ListRow; readonly index: number },
): readonly ReviewItem[] {
  return list.columns.flatMap((field) => {
    const value = line[field.path];
    if (!value || (value.status === 'missing' && isRemoved(line))) return [];
    const column = field.path.slice(list.path.length + 1);
    const path = `${list.path}[${index}]${list.isOfValues ? '' : `.${column}`}`;
    const name = `${list.path}, line ${index + 1}${list.isOfValues ? '' : `: ${column}`}`;
    return [{ row, field, value, path, name }];
  });
}
