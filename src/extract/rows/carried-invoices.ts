import type { Document } from '../../readers/document.ts';
import type { PageRange } from '../../readers/page-ranges.ts';

/** The names of the files in a document that are electronic invoices as XML. A reader keeps the first one's facts. */
export function carriedInvoices({ kind, attachments, pages }: Document): readonly string[] {
  const read = attachments.filter((attachment) => attachment.read).map(({ name }) => name);
  // Of what is attached to a PDF, invoices alone are read; a mail has all that is in it read.
  if (kind === 'pdf') return read;
  return read.filter((name) => {
    const own = pages.filter(({ label }) => label?.startsWith(labelOf(name)));
    return /\.xml$/i.test(name) && (own.length === 0 || own.some(({ text }) => INVOICE.test(text)));
  });
}

const INVOICE = /<(?:[\w.-]+:)?(?:CrossIndustry(?:Invoice|Document)|Invoice|CreditNote)[\s>]/;

/** The pages of a mail that are those of the file that the invoice's XML lies in: the mail's own text may be about
 * something else. Undefined where the document does not tell: all of them. */
export function pagesOfInvoice({
  kind,
  invoice,
  attachments,
  pages,
}: Document): readonly PageRange[] | undefined {
  if (kind !== 'eml' || !invoice) return undefined;
  const own = attachments.filter(({ name }) => name === invoice.name || name.endsWith(`/${invoice.name}`));
  const [first, second] = own;
  if (!first || second) return undefined;
  const file = first.name === invoice.name ? first.name : first.name.slice(0, -invoice.name.length - 1);
  const ranges = pages
    .filter(({ label }) => label?.startsWith(labelOf(file)))
    .map(({ number }): PageRange => [number, number]);
  return ranges.length === 0 ? undefined : ranges;
}

/** How the labels of an attachment's pages begin; of one in another, with that one's before it. */
const labelOf = (name: string): string => `${name.replaceAll('/', ', ')}, `;
