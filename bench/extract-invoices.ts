/**
 * Electronic invoices: their amounts as the XML has them, and the same amounts found by quote in the pages. Without OCR
 * and without a model.
 *
 *   node --conditions=sotto-source bench/extract-invoices.ts
 */

import { indexDocument } from '../src/extract/evidence/document-index.ts';
import type { Field, FieldPlan } from '../src/extract/extraction.ts';
import { invoiceValues } from '../src/extract/rows/invoice-values.ts';
import { locateStated } from '../src/extract/rows/locate-stated.ts';
import { conventionsOf } from '../src/extract/values/conventions.ts';
import { normalise } from '../src/extract/values/normalise.ts';
import { readDocument } from '../src/readers/read-document.ts';
import { type PdfFile, pdfFiles } from './pdf-files.ts';

export type AmountFound = {
  readonly file: string;
  readonly path: string;
  /** As an independent look at the XML's elements finds it; undefined where it is not stated. */
  readonly stated: number | undefined;
  readonly value: number | undefined;
  /** The quote that was found for it, and its page. */
  readonly quote?: string;
  readonly page?: number;
  /** Whether it stands there under a label that fits it better than the other amounts. */
  readonly isLabelled: boolean;
};

/** The elements of Cross Industry Invoice that hold the amounts. */
const ELEMENTS: Readonly<Record<string, string>> = {
  net: 'TaxBasisTotalAmount',
  tax: 'TaxTotalAmount',
  total: 'GrandTotalAmount',
  due: 'DuePayableAmount',
};

const fields = Object.keys(ELEMENTS).map(
  (path): Field => ({ path, type: 'amount', description: '', choices: [], isRequired: true }),
);
const plan: FieldPlan = { fields, lists: [], checks: [], schema: {} };

/** Net, tax, total and due of one invoice. */
export async function amountsOf({ name, read }: PdfFile): Promise<readonly AmountFound[]> {
  const document = await readDocument(read(), { name, ocr: 'off' });
  const { invoice } = document;
  if (!invoice) throw new Error(`${name} holds no invoice.`);
  const context = { index: indexDocument(document), conventions: conventionsOf(document) };
  const locate = (field: Field, value: number | undefined, siblings: readonly Field[]) =>
    value === undefined ? undefined : locateStated(field, value, { ...context, siblings })?.place;
  const { values } = invoiceValues(plan, invoice);
  return fields.map((field) => {
    const text = values.get(field.path);
    const normalised = text === undefined ? undefined : normalise(field, text, { decimalMark: 'point' });
    const value = normalised?.ok ? Number(normalised.value) : undefined;
    const located = locate(field, value, []);
    return {
      file: name,
      path: field.path,
      stated: statedIn(invoice.xml, ELEMENTS[field.path] ?? ''),
      value,
      isLabelled: locate(field, value, fields) !== undefined,
      ...(located?.quote !== undefined && { quote: located.quote }),
      ...(located?.page !== undefined && { page: located.page }),
    };
  });
}

/** By the text alone, without the parser that the program uses. */
function statedIn(xml: string, element: string): number | undefined {
  const [, sums = ''] =
    /<(?:\w+:)?SpecifiedTradeSettlement(?:Header)?MonetarySummation>(.*?)<\/(?:\w+:)?SpecifiedTradeSettlement/s.exec(
      xml.replace(/<!--.*?-->/gs, ''),
    ) ?? [];
  const [, currency] = /InvoiceCurrencyCode[^>]*>\s*(\w+)/.exec(xml) ?? [];
  const found = [...sums.matchAll(new RegExp(`<(?:\\w+:)?${element}([^>]*)>\\s*([-\\d.]+)`, 'g'))];
  const own = found.find(([, attributes]) => attributes?.includes(`"${currency}"`)) ?? found[0];
  return own?.[2] === undefined ? undefined : Number(own[2]);
}

export const zugferdFiles = (): readonly PdfFile[] => pdfFiles('invoices/zugferd');

if (import.meta.main) {
  const all: AmountFound[] = [];
  for (const file of zugferdFiles()) all.push(...(await amountsOf(file)));
  const stated = all.filter((amount) => amount.stated !== undefined);
  const right = stated.filter(({ stated: truth, value }) => truth === value);
  const found = stated.filter(({ quote }) => quote !== undefined);
  const share = (part: number) =>
    `${part} of ${stated.length} (${((part / stated.length) * 100).toFixed(1)} %)`;
  console.log(`${new Set(all.map(({ file }) => file)).size} invoices`);
  console.log(`amounts as the XML has them: ${share(right.length)}`);
  const labelled = stated.filter(({ isLabelled }) => isLabelled);
  console.log(`found by quote in the pages: ${share(found.length)}`);
  console.log(`and not under the label of another amount: ${share(labelled.length)}`);
  for (const { file, path, value } of stated.filter(({ quote }) => quote === undefined)) {
    console.log(`  not found: ${file} ${path} ${value}`);
  }
  process.exit(0);
}
