/** Tables as they are before they become CSV or XLSX. */
import type { FieldType, Scalar, Value } from '../extraction.ts';

/** What a person should see of a cell at once. `reviewed`: a person accepted or corrected it. `unplaced`: it is only in
 * the invoice's XML, and has no place on the pages. */
export type Look = 'unverified' | 'missing' | 'rejected' | 'reviewed' | 'unplaced';

export type DataCell = {
  readonly value: Scalar | null;
  readonly type: FieldType;
  readonly look?: Look;
  /** In place of a value that is not there, for people: a program that sums a column must not meet it. */
  readonly shown?: string;
  /** Where its evidence stands: see `valueAnchor`. */
  readonly evidence?: { readonly document: number; readonly name: string; readonly value: Value };
};

export type Column = {
  readonly head: string;
  /** Whether it holds sentences or quotes, which are long. */
  readonly isLong?: boolean;
};

export type DataTable = {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly DataCell[])[];
  /** Of the evidence: the anchor of each row. */
  readonly keys?: readonly string[];
};

export function lookOf({ status, review, source, page }: Value): Look | undefined {
  if (status !== 'verified') return status;
  if (review) return 'reviewed';
  return source === 'invoice-xml' && page === undefined ? 'unplaced' : undefined;
}

export const text = (value = ''): DataCell => ({ value, type: 'text' });
export const count = (value: number): DataCell => ({ value, type: 'integer' });
export const bool = (value: boolean): DataCell => ({ value, type: 'boolean' });
