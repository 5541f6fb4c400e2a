import { hash } from 'node:crypto';
import type { Document, Page } from '../../readers/document.ts';
import { loadFile } from '../../readers/load-file.ts';
import { mergeRanges } from '../../readers/page-ranges.ts';
import { drawEvidence, readDocument } from '../../readers/read-document.ts';
import type { Row } from '../extraction.ts';
import type { Size } from './crop.ts';

/** What a report may hold, all documents together. */
export type Budget = { pages: number; bytes: number };

export type PagePicture = { readonly png: Uint8Array; readonly size: Size };
export type PageSource = {
  /** Why there are no pictures of this document. */
  readonly problem?: string;
  readonly page: (number: number) => Page | undefined;
  /** Undefined where the format has no pages to draw; a sentence where the page cannot be drawn. */
  readonly draw: (number: number) => Promise<PagePicture | string | undefined>;
};

const DPI = 144;
/** A page of A4 at that resolution, and a little more. */
const MOST_PIXELS = 2_500_000;

/** The file that a row was taken from, opened again. It may have been changed since: then nothing of it is shown. Takes
 * what it draws from the budget. */
export async function openPageSource(
  { sha256, file: path }: Row,
  options: { pages: readonly number[]; budget: Budget; signal?: AbortSignal },
): Promise<PageSource> {
  const { pages, budget, signal } = options;
  if (pages.length === 0) return { page: () => undefined, draw: async () => undefined };
  const loaded = await loadFile(path);
  if (!loaded.ok)
    return without(
      `There are no pictures, since the file could not be read again: ${loaded.problem.sentence}`,
    );
  if (hash('sha256', loaded.bytes) !== sha256) return without(CHANGED);
  const { bytes } = loaded;
  const document = await readDocument(bytes, {
    name: path,
    ocr: 'off',
    pages: mergeRanges(pages.map((page) => [page, page])),
    ...(signal && { signal }),
  });
  const byNumber = new Map(document.pages.map((page) => [page.number, page]));
  return {
    page: (number) => byNumber.get(number),
    draw: async (number) => {
      const size = byNumber.get(number)?.size;
      if (!size || !hasPages(document)) return undefined;
      if (budget.pages <= 0 || budget.bytes <= 0) return TOO_MUCH;
      const drawn = await drawEvidence(bytes, {
        name: path,
        page: number,
        dpi: DPI,
        limits: { renderPixels: MOST_PIXELS },
        ...(signal && { signal }),
      });
      if (!drawn.ok) return drawn.problem.sentence;
      if (drawn.png.byteLength > budget.bytes) return TOO_MUCH;
      budget.pages -= 1;
      budget.bytes -= drawn.png.byteLength;
      return { png: drawn.png, size };
    },
  };
}

const CHANGED = 'There are no pictures, since the file has been changed after the values were taken from it.';
const TOO_MUCH = 'There is no picture: this report holds as many as it may.';

const without = (problem: string): PageSource => ({
  problem,
  page: () => undefined,
  draw: async () => undefined,
});

const PICTURES = new Set(['pdf', 'png', 'jpeg', 'webp', 'gif', 'tiff', 'avif', 'heic']);
const hasPages = ({ kind }: Document): boolean => PICTURES.has(kind ?? '');
