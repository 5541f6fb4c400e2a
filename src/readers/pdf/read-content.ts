import type { Limits } from '../limits.ts';
import { dingbatFonts, toSigns } from './dingbats.ts';
import type { PDFPageProxy } from './pdf-library.ts';
import { type TextItem, toTextItems } from './text-items.ts';

export type PageContent = {
  readonly items: readonly TextItem[];
  /** A limit was reached: there is more text on the page. */
  readonly isCut: boolean;
};

type Pieces = Parameters<typeof toTextItems>[0];

/**
 * The text that stands in a page's program, of the part of the page that is shown. Read piece by piece, so that a page
 * of millions of them is left in time. Throws what pdf.js throws on a damaged page.
 */
export async function readContent(
  page: PDFPageProxy,
  { itemsPerPage, pageMs }: Pick<Limits, 'itemsPerPage' | 'pageMs'>,
): Promise<PageContent> {
  const viewport = page.getViewport({ scale: 1 });
  const reader = page.streamTextContent({ includeMarkedContent: true }).getReader();
  const end = performance.now() + pageMs;
  const pieces: Pieces = { items: [], styles: {} };
  const isFull = () => pieces.items.length >= itemsPerPage || performance.now() > end;
  for (;;) {
    const { value, done } = await reader.read();
    if (value) {
      Object.assign(pieces.styles, value.styles);
      for (const item of value.items) pieces.items.push(item);
    }
    const isCut = !done && isFull();
    if (!done && !isCut) continue;
    if (isCut) await reader.cancel(new Error('The page has too much text.'));
    const read = withSigns(pieces, await dingbatFonts(page, pieces.styles));
    const items = toTextItems(read, viewport).slice(0, itemsPerPage);
    return { items: items.filter((item) => isShown(item, viewport)), isCut };
  }
}

function withSigns(pieces: Pieces, dingbats: ReadonlySet<string>): Pieces {
  if (dingbats.size === 0) return pieces;
  const items = pieces.items.map((item) =>
    'str' in item && dingbats.has(item.fontName) ? { ...item, str: toSigns(item.str) } : item,
  );
  return { ...pieces, items };
}

/** Text may stand outside of the page: nobody sees it there. */
function isShown({ box }: TextItem, { width, height }: { width: number; height: number }): boolean {
  return box[2] > 0 && box[3] > 0 && box[0] < width && box[1] < height;
}
