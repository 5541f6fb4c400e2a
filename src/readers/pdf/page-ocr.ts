import sharp from 'sharp';
import { type Box, type Problem, problem, type Span } from '../document.ts';
import type { ReadJob, Recognized } from '../reader.ts';
import { drawPage } from './draw-page.ts';
import { type OpenPdf, openPdf } from './open-pdf.ts';

/** Reads pages from their pictures. It opens the document a second time, for drawing, when it is first needed. */
export type PageOcr = {
  /** The page, or the part of it in `box`; boxes of the words are those on the page. Never rejects, but when the job is
   * aborted. */
  read(pageNumber: number, box?: Box): Promise<Recognized>;
  /** Whether anything at all is to be seen on the page; `true` where that cannot be told. */
  hasInk(pageNumber: number, size: readonly [width: number, height: number]): Promise<boolean>;
  /** In milliseconds, which do not count as time of the document. */
  spent(): number;
  /** May be called twice. */
  close(): Promise<void>;
};

/** More does not make letters of 11 points clearer, and takes longer. */
const OCR_DPI = 200;
/** A page of print takes 1 to 5 seconds; one of noise, which every way up is tried on, over a minute. */
const OCR_PAGE_MS = 30_000;
/** Below this, what OCR gives is mostly not what stands there. */
const SURE_ENOUGH = 60;
const SECONDS = 1000;

export function createPageOcr(bytes: Uint8Array, { options, limits, recognize, signal }: ReadJob): PageOcr {
  let opening: ReturnType<typeof openPdf> | undefined;
  const read = new Set<number>();
  let spent = 0;
  const pdf = async () => {
    opening ??= openPdf(bytes, { password: options.password, purpose: 'drawing', limits });
    const opened = await opening;
    if (!opened.ok) throw new Error(opened.problem.sentence);
    return opened.pdf;
  };
  const draw = async (
    pageNumber: number,
    { dpi, box }: { readonly dpi: number; readonly box?: Box | undefined },
  ) =>
    drawPage(await pdf(), pageNumber, {
      dpi,
      ...(box && { box }),
      maxPixels: limits.renderPixels,
      timeMs: limits.pageMs,
      signal,
    });
  const readPart = async (pageNumber: number, box?: Box): Promise<Recognized> => {
    const raster = await draw(pageNumber, { dpi: OCR_DPI, box });
    const found = await recognize(
      raster,
      AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(Math.min(OCR_PAGE_MS, limits.ocrMs - spent)))]),
    );
    if (!found.ok) return found;
    if (found.confidence < SURE_ENOUGH || found.text.trim() === '') return { ok: false, problem: UNSURE };
    return box ? { ...found, spans: found.spans.map((span) => move(span, box)) } : found;
  };
  const whyNot = (pageNumber: number): Problem | undefined => {
    if (options.ocr === 'off') return OFF;
    const isOver = (!read.has(pageNumber) && read.size >= limits.ocrPages) || spent >= limits.ocrMs;
    return isOver ? problem('too-much-ocr', tooMuch(limits)) : undefined;
  };
  return {
    read: async (pageNumber, box) => {
      const why = whyNot(pageNumber);
      if (why) return { ok: false, problem: why };
      read.add(pageNumber);
      const start = performance.now();
      try {
        return await readPart(pageNumber, box);
      } catch {
        signal.throwIfAborted();
        return {
          ok: false,
          problem:
            performance.now() - start + spent >= limits.ocrMs
              ? problem('too-much-ocr', tooMuch(limits))
              : FAILED,
        };
      } finally {
        spent += performance.now() - start;
      }
    },
    hasInk: async (pageNumber, size) => {
      try {
        const dpi = Math.max(INK_DPI, (INK_PIXELS * 72) / Math.max(...size));
        return await showsInk((await draw(pageNumber, { dpi })).bytes);
      } catch {
        signal.throwIfAborted();
        return true;
      }
    },
    spent: () => spent,
    close: async () => {
      const opened = await opening;
      if (opened?.ok) await (opened satisfies OpenPdf).close();
    },
  };
}

const OFF = problem(
  'ocr-off',
  'What is drawn on this page was not read: reading pictures (OCR) was switched off.',
);
const FAILED = problem('ocr-failed', 'A scan or a picture, and it could not be drawn or read.');
const UNSURE = problem('ocr-unsure', 'A scan or a picture that could not be read reliably.');

const tooMuch = ({ ocrPages, ocrMs }: ReadJob['limits']): string =>
  `A scan or a picture: not read, since at most ${ocrPages} pages or ${Math.round(ocrMs / SECONDS)} seconds are spent on ` +
  'reading pictures at once. Ask for this page alone to read it.';

function move(span: Span, [left, top]: Box): Span {
  if (!span.box) return span;
  const [x, y] = [Math.max(0, left), Math.max(0, top)];
  const [x0, y0, x1, y1] = span.box;
  return { ...span, box: [x0 + x, y0 + y, x1 + x, y1 + y] };
}

/** A page may be as small as a stamp. */
const INK_DPI = 72;
const INK_PIXELS = 300;
/** Of blank pages no pixel differs; a page number alone is a fifth of a thousandth. */
const INK_SHARE = 0.00002;
const INK_CONTRAST = 24;

async function showsInk(png: Uint8Array): Promise<boolean> {
  const { data } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  const shades = new Uint32Array(256);
  for (const value of data) shades[value] = (shades[value] ?? 0) + 1;
  const paper = shades.indexOf(Math.max(...shades));
  const ink = shades.reduce(
    (sum, count, value) => (Math.abs(value - paper) > INK_CONTRAST ? sum + count : sum),
    0,
  );
  return ink > INK_SHARE * data.length;
}
