import type { Extraction, Field, FieldPlan, Row, Value } from '../extraction.ts';

/** A value in the long table of all values. */
export type EvidenceEntry = {
  readonly row: Row;
  /** 1-based, in the order of the rows. */
  readonly document: number;
  readonly field: Field;
  /** The field's path; in a list with the number of the row, 1-based: `items[2].amount`. */
  readonly name: string;
  readonly value: Value;
};

/** What is there of a field that nothing is known of. */
export const NO_VALUE: Value = { value: null, status: 'missing', source: 'model' };

/** Every value of every document, in the order of the plan. */
export const evidenceOf = ({ rows, plan }: Pick<Extraction, 'rows' | 'plan'>): readonly EvidenceEntry[] =>
  rows.flatMap((row, at) => evidenceOfRow(row, at + 1, plan));

export function evidenceOfRow(row: Row, document: number, plan: FieldPlan): readonly EvidenceEntry[] {
  const single = plan.fields.map((field) => ({
    row,
    document,
    field,
    name: field.path,
    value: row.values[field.path] ?? NO_VALUE,
  }));
  const listed = plan.lists.flatMap((list) =>
    (row.lists[list.path] ?? []).flatMap((line, at) =>
      list.columns.map((field) => ({
        row,
        document,
        field,
        name: nameInList(list.path, at + 1, field.path),
        value: line[field.path] ?? NO_VALUE,
      })),
    ),
  );
  return [...single, ...listed];
}

/** `items.amount` in row 2 of `items` is `items[2].amount`. */
export const nameInList = (list: string, number: number, column: string): string =>
  `${list}[${number}]${columnName(list, column)
    .map((name) => `.${name}`)
    .join('')}`;

/** `amount` for `items.amount`; nothing for the only column of a list of plain values. */
export const columnName = (list: string, column: string): readonly string[] =>
  column === list ? [] : [column.startsWith(`${list}.`) ? column.slice(list.length + 1) : column];
