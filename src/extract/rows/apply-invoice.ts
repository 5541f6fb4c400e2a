import type { Document } from '../../readers/document.ts';
import type { VerifyContext } from '../evidence/verify-claim.ts';
import type { Extracted, Field, FieldPlan, ListRow, Scalar, Value } from '../extraction.ts';
import type { Conventions } from '../values/conventions.ts';
import { normalise } from '../values/normalise.ts';
import { invoiceValues } from './invoice-values.ts';
import { isOpposite, locateStated } from './locate-stated.ts';
import { isSameValue, missingValue, showValue } from './merge-values.ts';

type Taken = Pick<Extracted, 'values' | 'lists'>;
type TakenWithNotes = Taken & { readonly notes: readonly string[] };

/** As the XML of invoices writes numbers and dates, whatever the pages do. */
const OF_XML: Conventions = { decimalMark: 'point', dateOrder: 'day-first' };

/**
 * What the invoice's XML states goes before what a model took from the pages. Where the pages show it too, the value
 * carries that place; where they say something else, the value says so, and keeps it beside.
 */
export function applyInvoice(
  { values, lists }: Taken,
  plan: FieldPlan,
  { document, context }: { readonly document: Document; readonly context: VerifyContext },
): TakenWithNotes {
  if (!document.invoice) return { values, lists, notes: [] };
  const stated = invoiceValues(plan, document.invoice);
  const notes: string[] = [];
  const read = (field: Field, text: string): Scalar | undefined => {
    const normalised = normalise(field, text, OF_XML);
    if (normalised.ok) return normalised.value;
    notes.push(
      `The invoice's XML has ${showValue(text)} for "${field.path}", which could not be used: ${normalised.problem}`,
    );
    return undefined;
  };
  const fields = plan.fields.flatMap((field): [string, Value][] => {
    const text = stated.values.get(field.path);
    const value = text === undefined ? undefined : read(field, text);
    if (text === undefined || value === undefined) return [];
    const siblings = plan.fields;
    return [[field.path, ofXml({ field, text, value, said: values[field.path] }, { ...context, siblings })]];
  });
  const ofLists = plan.lists.flatMap((list): [string, readonly ListRow[]][] => {
    const rows = stated.lists.get(list.path) ?? [];
    const said = lists[list.path] ?? [];
    const values = rows.map((row) => readRow(list.columns, row, read));
    if (values.every(({ size }) => size === 0)) return [];
    if (said.length > 0 && said.length !== rows.length) {
      notes.push(
        `The invoice's XML has ${count(rows.length)} for "${list.path}" and the pages gave ${count(said.length)}: those of the XML are in the table.`,
      );
    }
    const partners = pairRows(list.columns, values, said);
    const taken = rows.map((row, at): ListRow => {
      const cells = list.columns.map((field): [string, Value] => {
        const text = row[field.path];
        const value = values[at]?.get(field.path);
        const other = partners[at]?.[field.path];
        if (text === undefined || value === undefined) return [field.path, other ?? missingValue()];
        const siblings = list.columns;
        return [field.path, ofXml({ field, text, value, said: other }, { ...context, siblings })];
      });
      return Object.fromEntries(cells);
    });
    return [[list.path, taken]];
  });
  return {
    values: { ...values, ...Object.fromEntries(fields) },
    lists: { ...lists, ...Object.fromEntries(ofLists) },
    notes,
  };
}

type ReadRow = ReadonlyMap<string, Scalar>;

const readRow = (
  columns: readonly Field[],
  row: Readonly<Record<string, string>>,
  read: (field: Field, text: string) => Scalar | undefined,
): ReadRow =>
  new Map(
    columns.flatMap((field): [string, Scalar][] => {
      const text = row[field.path];
      const value = text === undefined ? undefined : read(field, text);
      return value === undefined ? [] : [[field.path, value]];
    }),
  );

/** For each line of the XML the row of the pages that agrees with it most, in more of its columns than it differs. */
function pairRows(
  columns: readonly Field[],
  values: readonly ReadRow[],
  said: readonly ListRow[],
): readonly (ListRow | undefined)[] {
  const left = new Set(said);
  return values.map((row) => {
    const [best] = [...left]
      .map((other) => ({ other, score: agreement(columns, row, other) }))
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score);
    if (best) left.delete(best.other);
    return best?.other;
  });
}

/** Columns that agree, be it with the other sign, less those that differ. */
function agreement(columns: readonly Field[], row: ReadRow, other: ListRow): number {
  let score = 0;
  for (const field of columns) {
    const value = row.get(field.path);
    const said = other[field.path]?.value ?? null;
    if (value === undefined || said === null) continue;
    score += isSameValue(said, value) || isOpposite(field, said, value) ? 1 : -1;
  }
  return score;
}

type Stated = {
  readonly field: Field;
  readonly text: string;
  readonly value: Scalar;
  /** By the model, of the pages. */
  readonly said: Value | undefined;
};

function ofXml({ field, text, value, said }: Stated, context: VerifyContext): Value {
  const base = { value, status: 'verified', source: 'invoice-xml', original: text } as const;
  const isVerified = said?.status === 'verified';
  if (isVerified && isSameValue(said.value, value)) return { ...base, ...placeOf(said) };
  if (isVerified && isOpposite(field, said.value, value))
    return { ...base, ...placeOf(said), problem: OTHER_SIGN };
  const located = locateStated(field, value, context);
  const place = {
    ...placeOf(located?.place),
    ...(located?.isOpposite && { problem: OTHER_SIGN }),
  };
  if (isVerified) {
    const where = said.page === undefined ? 'The pages say' : `Page ${said.page} says`;
    const problem = `${where} ${showValue(said.value)}, and the XML that the document carries says ${showValue(value)}, which counts.`;
    return { ...base, ...place, problem, others: [said] };
  }
  if (place.page !== undefined) return { ...base, ...place };
  const problem = 'It is from the XML that the document carries, and was not found on its pages.';
  return { ...base, problem };
}

const OTHER_SIGN =
  'The pages print it with the other sign. The sign that counts is that of the XML that the document carries.';

const placeOf = (value: Value | undefined): Pick<Value, 'quote' | 'page' | 'box' | 'via'> => ({
  ...(value?.quote !== undefined && { quote: value.quote }),
  ...(value?.page !== undefined && { page: value.page }),
  ...(value?.box !== undefined && { box: value.box }),
  ...(value?.via !== undefined && { via: value.via }),
});

const count = (lines: number): string => (lines === 1 ? '1 line' : `${lines} lines`);
