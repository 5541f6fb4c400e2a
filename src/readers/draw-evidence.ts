import { detectKind } from './detect-kind.ts';
import { type Box, type Problem, problem } from './document.ts';
import { frameBox } from './image/frame-box.ts';
import type { Limits } from './limits.ts';
import type { Raster } from './reader.ts';
import type { Drawn, DrawOptions } from './thread-protocol.ts';

/** Draws a page of a PDF or an image, or a part of it, as a PNG that a person looks at to see that a thing stands
 * there: the box framed, with its surroundings. Never throws for what stands in the file. */
export async function drawEvidence(bytes: Uint8Array, options: DrawOptions, limits: Limits): Promise<Drawn> {
  const detected = detectKind(bytes, options.name);
  if ('problem' in detected) return failed(detected.problem);
  if (detected.kind === 'pdf') return drawOfPdf(bytes, options, limits);
  if (!IMAGES.has(detected.kind)) return failed(NO_PAGES);
  return drawOfImage(bytes, options, limits);
}

const IMAGES: ReadonlySet<string> = new Set(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif', 'heic']);
const DEFAULT_DPI = 150;
/** Shown around a box, in pixels. */
const MARGIN = 30;

const NO_PAGES = problem('unsupported', 'Only pages of PDFs and images can be drawn.');
const failed = (why: Problem): Drawn => ({ ok: false, problem: why });

async function drawOfPdf(bytes: Uint8Array, options: DrawOptions, limits: Limits): Promise<Drawn> {
  const { openPdf } = await import('./pdf/open-pdf.ts');
  const { drawPage } = await import('./pdf/draw-page.ts');
  const { page, dpi = DEFAULT_DPI, password } = options;
  const opened = await openPdf(bytes, { purpose: 'drawing', password, limits });
  if (!opened.ok) return failed(opened.problem);
  try {
    const wrongPage = pageProblem(page, opened.pdf.numPages);
    if (wrongPage) return failed(wrongPage);
    const { width, height } = (await opened.pdf.getPage(page)).getViewport({ scale: 1 });
    const shown = withMargin(options.box, [width, height], MARGIN * (72 / dpi));
    if (shown === 'outside') return failed(OUTSIDE);
    const box = shown && { box: shown };
    const draw = { dpi, maxPixels: limits.renderPixels, timeMs: limits.pageMs, ...box };
    return framed(await drawPage(opened.pdf, page, draw), options.box, shown);
  } catch (error) {
    return failed(isTimeout(error) ? tooSlow(page) : notDrawn(page));
  } finally {
    await opened.close();
  }
}

async function drawOfImage(bytes: Uint8Array, options: DrawOptions, limits: Limits): Promise<Drawn> {
  const { openPictureFile, whyNotRead } = await import('./image/picture-file.ts');
  const { drawImage } = await import('./image/draw-image.ts');
  const file = await openPictureFile(bytes, limits.picturePixels);
  if ('problem' in file) return failed(file.problem);
  const { page } = options;
  const wrongPage = pageProblem(page, file.pageCount);
  if (wrongPage) return failed(wrongPage);
  try {
    const { width, height } = await file.open(page);
    const { pointsPerPixel } = file;
    const size = [width * pointsPerPixel, height * pointsPerPixel] as const;
    const shown = withMargin(options.box, size, MARGIN * pointsPerPixel);
    if (shown === 'outside') return failed(OUTSIDE);
    const drawn = await drawImage(file, {
      page,
      maxPixels: limits.renderPixels,
      ...(shown && { box: shown }),
    });
    return framed(drawn, options.box, shown);
  } catch (error) {
    return failed(whyNotRead(error, limits.picturePixels));
  }
}

async function framed(raster: Raster, box: Box | undefined, shown: Box | undefined): Promise<Drawn> {
  const { width, height } = raster;
  const png =
    box && shown
      ? await frameBox(raster, [box[0] - shown[0], box[1] - shown[1], box[2] - shown[0], box[3] - shown[1]])
      : raster.bytes;
  return { ok: true, png, width, height };
}

/** What is shown for a box, within the page. */
function withMargin(
  box: Box | undefined,
  [width, height]: readonly [number, number],
  margin: number,
): Box | undefined | 'outside' {
  if (!box) return undefined;
  const [x0, y0, x1, y1] = box;
  const isOnPage = x0 < x1 && y0 < y1 && x0 < width && y0 < height && x1 > 0 && y1 > 0;
  if (!isOnPage) return 'outside';
  return [
    Math.max(0, x0 - margin),
    Math.max(0, y0 - margin),
    Math.min(width, x1 + margin),
    Math.min(height, y1 + margin),
  ];
}

const pageProblem = (page: number, pageCount: number): Problem | undefined =>
  Number.isInteger(page) && page >= 1 && page <= pageCount
    ? undefined
    : problem(
        'page-failed',
        `There is no page ${page}: this file has ${pageCount} ${pageCount === 1 ? 'page' : 'pages'}.`,
      );

const OUTSIDE = problem(
  'page-failed',
  'This box does not lie on the page. Give left, top, right and bottom in points (1/72 inch) from its top left.',
);
const tooSlow = (page: number) => problem('too-slow', `Drawing page ${page} took too long.`);
const notDrawn = (page: number) => problem('page-failed', `Page ${page} is damaged and could not be drawn.`);
const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';
