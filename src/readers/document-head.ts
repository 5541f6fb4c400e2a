import { escapeLine } from '../terminal-text.ts';
import type { Attachment, Document, Invoice } from './document.ts';

const MOST_NAMES = 20;
const IMAGES = /^(png|jpeg|webp|gif|tiff|avif|heic)$/;

/** What stands before the pages of a file that is shown from its start: what is to be known of it, the facts of an
 * electronic invoice, what a picture says of itself, the names of attachments. Empty where there is nothing. */
export function documentHead({ kind, invoice, attachments, metadata, report }: Document): string {
  return [
    ...[...report.warnings, ...report.limits]
      .filter(({ code }) => code !== 'not-looked-at')
      .map(({ sentence }) => `[${escapeLine(sentence)}]`),
    ...(invoice ? invoiceLines(invoice, kind === 'xml') : []),
    ...(kind && IMAGES.test(kind) ? metadataLine(metadata) : []),
    ...attachmentLine(attachments),
  ].join('\n');
}

const INVOICE_FIELDS: readonly (readonly [string, Exclude<keyof Invoice, 'lines'>])[] = [
  ['Number', 'number'],
  ['Date', 'date'],
  ['Seller', 'seller'],
  ['Buyer', 'buyer'],
  ['Currency', 'currency'],
  ['Net', 'net'],
  ['Tax', 'tax'],
  ['Total', 'total'],
  ['Amount due', 'due'],
];

function invoiceLines(invoice: Invoice, isFile: boolean): readonly string[] {
  const where = isFile
    ? 'This file is an electronic invoice'
    : `Electronic invoice in this file, ${oneLine(invoice.name)}`;
  const facts = INVOICE_FIELDS.flatMap(([label, key]) => {
    const value = invoice[key];
    return value === undefined ? [] : [`${label}: ${oneLine(value)}`];
  });
  return [`[${where}]`, ...facts];
}

function metadataLine(metadata: Document['metadata']): readonly string[] {
  const facts = Object.entries(metadata)
    .slice(0, MOST_NAMES)
    .map(([name, value]) => `${oneLine(name)}: ${oneLine(value)}`);
  return facts.length === 0 ? [] : [`[The picture says of itself: ${facts.join(', ')}]`];
}

function attachmentLine(attachments: readonly Attachment[]): readonly string[] {
  if (attachments.length === 0) return [];
  const names = attachments
    .slice(0, MOST_NAMES)
    .map(({ name, read }) => (read ? oneLine(name) : `${oneLine(name)} (not read)`));
  const more = attachments.length - names.length;
  return [`[Attachments: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}]`];
}

const oneLine = (text: string): string => escapeLine(text.trim().replace(/\s+/g, ' ')).slice(0, 200);
