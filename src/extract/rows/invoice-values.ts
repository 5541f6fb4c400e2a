import type { Invoice, InvoiceLine } from '../../readers/document.ts';
import type { Field, FieldPlan, List } from '../extraction.ts';
import { type Fact, factOf, lineFactOf } from './invoice-names.ts';

export type InvoiceValues = {
  /** By the field's path, as the XML has them: decimal points, dates as YYYY-MM-DD. */
  readonly values: ReadonlyMap<string, string>;
  /** By the list's path; the columns of each line by theirs. */
  readonly lists: ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;
};

/**
 * What the XML of an electronic invoice says of a schema's fields, by their names and types. A name that may mean
 * something else, or a description that says so, gets nothing: the XML outranks the model, so that a wrong guess would
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
  if (list.isOfValues) return [];
  const columns = list.columns.flatMap((field) => {
    const fact = lineFactOf(field.path, list.path, field.type);
    return fact && !SPEAKS_OF[fact]?.test(field.description) ? [{ path: field.path, fact }] : [];
  });
  if (columns.length === 0) return [];
  return lines.map((line) =>
    Object.fromEntries(
      columns.flatMap(({ path, fact }) => (line[fact] === undefined ? [] : [[path, line[fact]]])),
    ),
  );
}

/** Whether the description does not speak of something else than the name does. A total "to pay" is what is due: it is
 * known where nothing was paid before. */
function isOpen({ description }: Field, fact: Fact, { total, due }: Invoice): boolean {
  if (SPEAKS_OF[fact]?.test(description)) return false;
  return fact !== 'total' || !TO_PAY.test(description) || Number(total) === Number(due);
}

const NET = 'net|netto|nett|excl\\p{L}*|without|before|ohne|exkl\\p{L}*|hors|ht|zzgl\\p{L}*|sin|senza';
const GROSS = 'gross|brutto|incl\\p{L}*|inkl\\p{L}*|ttc|einschl\\p{L}*';
const RATE = 'rate|percent|percentage|%|prozent|satz|taux';
const words = (source: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'iu');

const TO_PAY = words('due|outstanding|payable|to pay|to be paid|offen\\p{L}*|zahl\\p{L}*|fällig\\p{L}*');

/** Words that make another fact of a name. */
const SPEAKS_OF: Readonly<Partial<Record<string, RegExp>>> = {
  total: words(`${NET}|subtotal|zwischensumme|pages?|items?|number of|anzahl`),
  net: words(`${GROSS}|due|payable|to pay|zahl\\p{L}*|payer|weight|gewicht`),
  linesTotal: words(GROSS),
  tax: words(`${RATE}|id|identification|number|nummer|code|income|property`),
  due: words('date|datum|days|tage'),
  date: words(
    'due|fällig\\p{L}*|deliver\\p{L}*|lief\\p{L}*|order\\p{L}*|bestell\\p{L}*|payment|zahl\\p{L}*|received?|service|leistung\\p{L}*|print\\p{L}*|contract|birth',
  ),
  dueDate: words('deliver\\p{L}*|lief\\p{L}*'),
  number: words(
    'order|bestell\\p{L}*|customer|kunden\\p{L}*|delivery|lief\\p{L}*|tax|steuer\\p{L}*|phone|telefon\\p{L}*|contract|vertrag\\p{L}*|account|konto\\p{L}*|how many|anzahl|of (?:items|pages|lines|positions)',
  ),
  seller: words('address|anschrift|contact|person|e-?mail|number|nummer|buyer|customer|kunde'),
  buyer: words('address|anschrift|contact|person|e-?mail|number|nummer|seller|vendor|supplier'),
  description: words('number|nummer|code|sku|ean|gtin'),
  unitPrice: words(`${GROSS}|discount\\p{L}*|rabatt\\p{L}*`),
  amount: words(`${GROSS}|discount|tax only|quantity|how many|units?|menge|anzahl`),
  taxRate: words('amount|betrag'),
};
