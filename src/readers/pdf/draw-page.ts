import { createCanvas } from '@napi-rs/canvas';
import type { PageViewport, PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Box } from '../document.ts';
import type { Raster } from '../reader.ts';

export type DrawPageOptions = {
  readonly dpi: number;
  /** The part that is drawn. Default: the whole page. */
  readonly box?: Box;
  /** The picture is made smaller where it would have more. */
  readonly maxPixels: number;
  /** Default: no limit. */
  readonly timeMs?: number;
  readonly signal?: AbortSignal;
};

/**
 * A page of a PDF, or a part of it, as PNG. The document has to be opened for drawing. Rejects with a `TimeoutError`
 * when it takes longer than `timeMs`, with the signal's reason when it is aborted, and with what pdf.js says when the
 * page is damaged.
 */
export async function drawPage(
  pdf: PDFDocumentProxy,
  pageNumber: number,
  { dpi, box, maxPixels, timeMs, signal }: DrawPageOptions,
): Promise<Raster> {
  const limits = [signal, timeMs === undefined ? undefined : AbortSignal.timeout(timeMs)];
  const stop = AbortSignal.any(limits.filter((limit) => limit !== undefined));
  stop.throwIfAborted();
  const page = await pdf.getPage(pageNumber);
  const whole = page.getViewport({ scale: 1 });
  const part = clip(box ?? [0, 0, whole.width, whole.height], whole);
  const [width, height] = [part[2] - part[0], part[3] - part[1]];
  const scale = Math.min(
    dpi / 72,
    Math.sqrt(maxPixels / (width * height)),
    LONGEST_SIDE / Math.max(width, height),
  );
  const viewport = page.getViewport({ scale, offsetX: -part[0] * scale, offsetY: -part[1] * scale });
  const pixels = { width: toPixels(width * scale), height: toPixels(height * scale) };
  const bytes = await render(page, viewport, { ...pixels, stop });
  return { bytes, ...pixels, pointsPerPixel: 1 / scale };
}

/** Of one side, so that a page of an odd shape cannot ask for a row of memory that no program draws. */
const LONGEST_SIDE = 16_000;

const toPixels = (length: number): number => Math.max(1, Math.floor(length));

/** What of the box lies on the page; all of the page where nothing does. */
function clip([x0, y0, x1, y1]: Box, { width, height }: PageViewport): Box {
  const inside = [Math.max(0, x0), Math.max(0, y0), Math.min(width, x1), Math.min(height, y1)] as const;
  return inside[2] - inside[0] > 0 && inside[3] - inside[1] > 0 ? inside : [0, 0, width, height];
}

type Canvas = { readonly width: number; readonly height: number; readonly stop: AbortSignal };

async function render(
  page: PDFPageProxy,
  viewport: PageViewport,
  { width, height, stop }: Canvas,
): Promise<Uint8Array> {
  const canvas = createCanvas(width, height);
  // pdf.js types ask for a canvas of the browser; in Node it takes this one.
  const task = page.render({ canvas: canvas as never, viewport, background: '#ffffff' });
  // pdf.js goes on without letting timers or signals in between.
  task.onContinue = (goOn: () => void) => setImmediate(goOn);
  const cancel = () => task.cancel();
  stop.addEventListener('abort', cancel, { once: true });
  try {
    await task.promise;
    stop.throwIfAborted();
    return new Uint8Array(canvas.encodeSync('png'));
  } catch (error) {
    throw stop.aborted ? stop.reason : error;
  } finally {
    stop.removeEventListener('abort', cancel);
    page.cleanup();
  }
}
