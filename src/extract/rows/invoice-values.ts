import type { Invoice, InvoiceLine } from '../../readers/document.ts';
import type { Field, FieldPlan, List } from '../extraction.ts';
import { isDescriptionOf, isOfOtherLines, isToPay } from './invoice-descriptions.ts';
import { type Fact, factOf, type LineFact, lineFactOf } from './invoice-names.ts';

export type InvoiceValues = {
  /** By the field's path, as the XML has them: decimal points, dates as YYYY-MM-DD. */
  readonly values: ReadonlyMap<string, string>;
  /** By the list's path; the columns of each line by theirs. */
  readonly lists: ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;
};

/**
 * What the XML of an electronic invoice says of a schema's fields, by their names and types. A name that may mean
 * something else, or a description that does not speak of the same, gets nothing: the XML outranks the model, so that a wrong guess would
 * be taken for certain.
 */
export function invoiceValues(plan: FieldPlan, invoice: Invoice): InvoiceValues {
  const values = plan.fields.flatMap((field): [string, string][] => {
    const fact = factOf(field.path, field.type);
    const text = fact && isOpen(field, fact, invoice) ? textOf(fact, invoice) : undefined;
    return text === undefined ? [] : [[field.path, text]];
  });
  const lists = plan.lists.flatMap((list): [string, readonly Readonly<Record<string, string>>[]][] => {
    const lines = linesOf(list, invoice.lines ?? []);
    return lines.length === 0 ? [] : [[list.path, lines]];
  });
  return { values: new Map(values), lists: new Map(lists) };
}

/** A subtotal is before discounts on the whole or after them: it is known where these are the same. */
function textOf(fact: Fact, invoice: Invoice): string | undefined {
  if (fact !== 'linesTotal') return invoice[fact];
  const { linesTotal, net } = invoice;
  return net !== undefined && (linesTotal === undefined || Number(linesTotal) === Number(net))
    ? net
    : undefined;
}

function linesOf(list: List, lines: readonly InvoiceLine[]): readonly Readonly<Record<string, string>>[] {
  if (list.isOfValues || isOfOtherLines(list.description)) return [];
  const columns = list.columns.flatMap((field) => {
    const fact = lineFactOf(field.path, list.path, field.type);
    return fact && isLineOpen(field, fact, list) ? [{ path: field.path, fact }] : [];
  });
  if (columns.length === 0) return [];
  return lines.map((line) =>
    Object.fromEntries(
      columns.flatMap(({ path, fact }) => (line[fact] === undefined ? [] : [[path, line[fact]]])),
    ),
  );
}

/** Whether the description is empty, or of the fact too. A total "to pay" is known where nothing was paid before. */
function isOpen({ description, type }: Field, fact: Fact, { total, due }: Invoice): boolean {
  if (description.trim() === '' || factOf(description, type) === fact) return true;
  if (!isDescriptionOf(fact, description)) return false;
  return fact !== 'total' || !isToPay(description) || Number(total) === Number(due);
}

function isLineOpen({ description, type }: Field, fact: LineFact, { path: list }: List): boolean {
  const isSameName = () => lineFactOf(`${list}.${description}`, list, type) === fact;
  return description.trim() === '' || isSameName() || isDescriptionOf(fact, description);
}
