import type { Document } from '../../readers/document.ts';
import type { VerifyContext } from '../evidence/verify-claim.ts';
import type { Extracted, Field, FieldPlan, List, ListRow, Scalar, Value } from '../extraction.ts';
import { nameInList } from '../table/evidence-of.ts';
import { carriedInvoices, pagesOfInvoice } from './carried-invoices.ts';
import { invoiceValues } from './invoice-values.ts';
import { missingValue } from './merge-values.ts';
import { pairRows, type StatedRow } from './pair-rows.ts';
import { readStated } from './read-stated.ts';
import { type StatedContext, stateValue } from './state-value.ts';

type Taken = Pick<Extracted, 'values' | 'lists'>;
type TakenWithNotes = Taken & { readonly notes: readonly string[] };

/**
 * What the invoice's XML states goes before what a model took from the pages. Where the pages show it too, the value
 * carries that place; where they say something else, it is verified no longer, and keeps that beside it.
 */
export function applyInvoice(
  { values, lists }: Taken,
  plan: FieldPlan,
  { document, context }: { readonly document: Document; readonly context: VerifyContext },
): TakenWithNotes {
  if (!document.invoice) return { values, lists, notes: [] };
  const stated = invoiceValues(plan, document.invoice);
  const doubt = doubtOf(document);
  const whole = { ...context, ...contextOf(document), doubt };
  const fields = plan.fields.flatMap((field): [string, Value][] => {
    const text = stated.values.get(field.path);
    if (text === undefined) return [];
    return [
      [
        field.path,
        stateValue({ field, text, said: values[field.path] }, { ...whole, siblings: plan.fields }),
      ],
    ];
  });
  const ofLists = plan.lists.flatMap((list): [string, readonly ListRow[]][] => {
    const rows = stated.lists.get(list.path) ?? [];
    if (rows.every((row) => Object.keys(row).length === 0)) return [];
    return [[list.path, stateRows(list, rows, { said: lists[list.path] ?? [], context: whole })]];
  });
  const counts = ofLists.flatMap(([path, rows]) => {
    const said = lists[path]?.length ?? 0;
    if (said === 0 || said === rows.length) return [];
    return [
      `The invoice's XML has ${count(rows.length)} for "${path}" and the pages gave ${count(said)}: those of the XML are in the table.`,
    ];
  });
  const names = [...fields, ...ofLists.flatMap(namedCells)].flatMap(([name, value]) =>
    isContradicted(value) ? [name] : [],
  );
  const notes = [
    ...(doubt !== undefined && fields.length + ofLists.length > 0 ? [doubt] : []),
    ...counts,
    ...(names.length > 0 ? [`The invoice's XML and the pages differ in ${shortList(names)}.`] : []),
  ];
  return {
    values: { ...values, ...Object.fromEntries(fields) },
    lists: { ...lists, ...Object.fromEntries(ofLists) },
    notes,
  };
}

/** Of UNTDID 1001, with ZUGFeRD 1's `84`: what a seller gives back, printed with a minus or without. */
const CREDIT_NOTES = /^(?:81|83|84|261|262|296|308|381|396|420|458|532)$/;

function contextOf(document: Document): Pick<StatedContext, 'isCreditNote' | 'hasReadPages' | 'pages'> {
  const pages = pagesOfInvoice(document);
  return {
    isCreditNote: CREDIT_NOTES.test(document.invoice?.typeCode ?? ''),
    hasReadPages: document.pages.some(({ via }) => via !== 'none'),
    ...(pages && { pages }),
  };
}

function doubtOf(document: Document): string | undefined {
  const names = carriedInvoices(document);
  return names.length > 1
    ? `The document carries ${names.length} invoices as XML, which may say different things: one of them was taken, "${document.invoice?.name}".`
    : undefined;
}

function stateRows(
  { columns }: List,
  rows: readonly Readonly<Record<string, string>>[],
  { said, context }: { readonly said: readonly ListRow[]; readonly context: StatedContext },
): readonly ListRow[] {
  const partners = pairRows(
    columns,
    rows.map((row) => readRow(columns, row)),
    said,
  );
  return rows.map((row, at): ListRow => {
    const partner = partners[at];
    const cells = columns.map((field): [string, Value] => {
      const text = row[field.path];
      const other = partner?.row[field.path];
      if (text === undefined) return [field.path, (partner?.isSure && other) || missingValue()];
      return [field.path, stateValue({ field, text, said: other }, { ...context, siblings: columns })];
    });
    return Object.fromEntries(cells);
  });
}

const readRow = (columns: readonly Field[], row: Readonly<Record<string, string>>): StatedRow =>
  new Map(
    columns.flatMap((field): [string, Scalar][] => {
      const text = row[field.path];
      const read = text === undefined ? undefined : readStated(field, text);
      return read?.ok ? [[field.path, read.value]] : [];
    }),
  );

const namedCells = ([path, rows]: readonly [string, readonly ListRow[]]): readonly (readonly [
  string,
  Value,
])[] =>
  rows.flatMap((row, at) =>
    Object.entries(row).map(([column, value]) => [nameInList(path, at + 1, column), value] as const),
  );

const isContradicted = ({ source, status, others = [] }: Value): boolean =>
  source === 'invoice-xml' && status === 'unverified' && others.length > 0;

const MOST_NAMES = 10;
const shortList = (names: readonly string[]): string =>
  names.length > MOST_NAMES
    ? `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`
    : names.join(', ');

const count = (lines: number): string => (lines === 1 ? '1 line' : `${lines} lines`);
