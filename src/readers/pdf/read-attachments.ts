import { type Attachment, type Invoice, problem } from '../document.ts';
import { decodeXml, parseInvoice } from '../invoice.ts';
import type { Part } from '../reader.ts';
import type { AttachedFile } from './annotations.ts';
import type { PDFDocumentProxy } from './pdf-library.ts';

const MOST_ATTACHMENTS = 200;
/** Of an invoice; the largest that are known have a tenth of it. */
const INVOICE_BYTES = 5_000_000;

/** The files that are attached to the document as a whole. In pdf.js 6 they are a Map. */
export async function attachedFiles(pdf: PDFDocumentProxy): Promise<readonly AttachedFile[]> {
  const found = (await pdf.getAttachments().catch(() => null)) as Map<string, { filename?: string }> | null;
  return [...(found ?? [])]
    .map(([id, { filename }]) => ({ id, name: filename ?? id }))
    .slice(0, MOST_ATTACHMENTS);
}

/** Lists them, and reads those that are invoices. */
export async function* readAttachments(
  pdf: PDFDocumentProxy,
  files: readonly AttachedFile[],
): AsyncGenerator<Part> {
  const unread: string[] = [];
  for (const { id, name } of files) {
    const bytes = await contentOf(pdf, id);
    const invoice = bytes && toInvoice(bytes, name);
    if (invoice) yield { type: 'invoice', invoice };
    else unread.push(name);
    const attachment: Attachment = { name, byteLength: bytes?.length ?? 0, read: invoice !== undefined };
    yield { type: 'attachment', attachment };
  }
  if (unread.length === 0) return;
  const sentence =
    unread.length === 1
      ? 'A file is attached and was not read.'
      : `${unread.length} files are attached and were not read.`;
  yield { type: 'warning', problem: problem('attachment-not-read', sentence) };
}

async function contentOf(pdf: PDFDocumentProxy, id: string): Promise<Uint8Array | undefined> {
  return (await pdf.getAttachmentContent(id).catch(() => null)) ?? undefined;
}

function toInvoice(bytes: Uint8Array, name: string): Invoice | undefined {
  return bytes.length > INVOICE_BYTES ? undefined : parseInvoice(decodeXml(bytes), name);
}
