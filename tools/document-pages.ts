import { hash } from 'node:crypto';
import { basename } from 'node:path';
import { pageLines } from '../src/readers/pages-text.ts';
import { readDocument } from '../src/readers/read-document.ts';

export type DocumentPages = {
  readonly pages: readonly { readonly number: number; readonly text: string }[];
  /** Whether a page is named by its number: a letter of Word has no pages. */
  readonly isPaged: boolean;
  /** Whether there are pages that show no text without OCR. */
  readonly hasPictures: boolean;
  /** Whether nothing was left out for a limit. */
  readonly isWhole: boolean;
};

const MAX_MS = 10_000;
/** Of all documents that are kept, so that they are not read again for the next words. */
const KEPT_CHARACTERS = 20_000_000;
const kept = new Map<string, DocumentPages>();
let keptCharacters = 0;

/** The text that stands in a document, without OCR; undefined where it cannot be read. */
export async function documentPages(
  path: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<DocumentPages | undefined> {
  const key = hash('sha256', bytes);
  const before = kept.get(key);
  if (before) return before;
  const limits = { documentMs: MAX_MS };
  const document = await readDocument(bytes, { name: basename(path), ocr: 'off', limits, signal });
  if (document.report.refused) return undefined;
  const read = {
    pages: document.pages.map((page) => ({ number: page.number, text: pageLines(page).join('\n') })),
    isPaged: document.pageCount > 1 || document.kind === 'pdf',
    hasPictures: document.report.pages.some(({ code }) => code === 'ocr-off'),
    isWhole: document.report.limits.length === 0,
  };
  keep(key, read);
  return read;
}

/** The oldest make room. */
function keep(key: string, read: DocumentPages): void {
  kept.set(key, read);
  keptCharacters += charactersOf(read);
  for (const [oldest, pages] of kept) {
    if (keptCharacters <= KEPT_CHARACTERS) return;
    kept.delete(oldest);
    keptCharacters -= charactersOf(pages);
  }
}

const charactersOf = ({ pages }: DocumentPages): number =>
  pages.reduce((sum, { text }) => sum + text.length, 0);
