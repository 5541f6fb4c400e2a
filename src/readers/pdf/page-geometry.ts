/**
 * What is drawn on a page beside its words: ruling lines, pictures, and how much of everything. One walk over the
 * operators, which are dropped as they come, so that a page of 100 MB of them costs neither memory nor time.
 */
import type { Box } from '../document.ts';
import { type OperatorChunk, startWalk } from './operator-walk.ts';
import { type PDFPageProxy, pdfjs } from './pdf-library.ts';

/** A straight line along an axis. All in points from the top left of the page as it is shown. */
export type RulingLine = {
  readonly vertical: boolean;
  /** x of a vertical line, y of a horizontal one: its middle. */
  readonly at: number;
  /** The smaller y of a vertical line, the smaller x of a horizontal one. */
  readonly from: number;
  readonly to: number;
  /** Whether it is drawn, or only the edge of an area of colour. */
  readonly drawn: boolean;
};

export type DrawnPicture = {
  /** The part of it that is shown. */
  readonly box: Box;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
};

export type PageGeometry = {
  /** In points. */
  readonly width: number;
  readonly height: number;
  readonly lines: readonly RulingLine[];
  readonly pictures: readonly DrawnPicture[];
  readonly paths: number;
  readonly curves: number;
  /** How many times text is shown, and the share of its letters, 0 to 1, that cannot be seen: the words that a scanner
   * puts over its picture. */
  readonly textOperators: number;
  readonly invisibleText: number;
  /** Whether the page was walked to its end, or a limit was reached before. */
  readonly complete: boolean;
};

/** Operators, each with the coordinates of its path counted in eights. A dense map has 300,000. */
export const MOST_OPERATORS = 500_000;

/** May be called twice. Throws what pdf.js throws on a damaged page. */
export async function pageGeometry(page: PDFPageProxy, most = MOST_OPERATORS): Promise<PageGeometry> {
  const viewport = page.getViewport({ scale: 1 });
  const walk = startWalk(viewport);
  const operators = streamOperators(page).getReader();
  for (;;) {
    const { value, done } = await operators.read();
    if (value) walk.take(value);
    const isFull = walk.cost > most;
    if (!done && !isFull) continue;
    if (!done) await operators.cancel(new Error('The page has too many operators.'));
    const { width, height } = viewport;
    return { width, height, ...walk.result(), complete: done };
  }
}

/** What pdf.js does inside of `getOperatorList`, which has no way to stop and keeps everything until the end. */
type PageInside = {
  readonly _id: number;
  readonly _pageIndex: number;
  readonly _transport: {
    readonly messageHandler: {
      sendWithStream(action: 'GetOperatorList', request: object): ReadableStream<OperatorChunk>;
    };
    getRenderingIntent(
      intent: 'display',
      annotationMode: number,
      storage: null,
      isEditing: boolean,
      isOperatorList: true,
    ): { readonly renderingIntent: number; readonly cacheKey: string };
  };
};

function streamOperators(page: PDFPageProxy): ReadableStream<OperatorChunk> {
  const { _id, _pageIndex, _transport } = page as unknown as PageInside;
  const mode = pdfjs.AnnotationMode.ENABLE;
  const intent = _transport.getRenderingIntent('display', mode, null, false, true);
  return _transport.messageHandler.sendWithStream('GetOperatorList', {
    pageId: _pageIndex,
    pageIndex: _pageIndex,
    pageProxyId: _id,
    intent: intent.renderingIntent,
    cacheKey: intent.cacheKey,
    annotationStorage: null,
    modifiedIds: new Set(),
  });
}
