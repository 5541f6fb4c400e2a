import { degrees, PDFDocument, PDFName, rgb } from 'pdf-lib';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import type { Box } from '../../../src/readers/document.ts';
import { drawEvidence } from '../../../src/readers/draw-evidence.ts';
import { DEFAULT_LIMITS } from '../../../src/readers/limits.ts';
import { drawPage } from '../../../src/readers/pdf/draw-page.ts';
import { openPdf } from '../../../src/readers/pdf/open-pdf.ts';

/** Two pages of 200 x 100 points: a red square at 20, 10 from the top left; the same, turned by 90 degrees. */
const BYTES = await makePdf();
const opened = await openPdf(BYTES, { purpose: 'drawing', limits: DEFAULT_LIMITS });
if (!opened.ok) throw new Error(opened.problem.sentence);
const { pdf, close } = opened;
afterAll(close);

describe('a page of a PDF', () => {
  test('is drawn at the resolution that is asked for', async () => {
    const raster = await drawPage(pdf, 1, { dpi: 144, maxPixels: 1e6 });
    expect(raster).toMatchObject({ width: 400, height: 200, pointsPerPixel: 0.5 });
    expect(await colourAt(raster.bytes, 50, 30)).toBe('red');
    expect(await colourAt(raster.bytes, 100, 30)).toBe('white');
  });

  test('is drawn smaller where it would have too many pixels', async () => {
    const raster = await drawPage(pdf, 1, { dpi: 7200, maxPixels: 5000 });
    expect(raster).toMatchObject({ width: 100, height: 50, pointsPerPixel: 2 });
  });

  test('is drawn in part, also where it is turned', async () => {
    for (const [page, box] of [
      [1, [20, 10, 40, 30]],
      [2, [70, 20, 90, 40]],
    ] as const) {
      const raster = await drawPage(pdf, page, { dpi: 72, box, maxPixels: 1e6 });
      expect(raster).toMatchObject({ width: 20, height: 20 });
      expect(await colourAt(raster.bytes, 2, 2)).toBe('red');
      expect(await colourAt(raster.bytes, 17, 17)).toBe('red');
    }
  });

  test('is no longer drawn once it is aborted, or takes too long', async () => {
    const heavy = await openPdf(await makeHeavyPdf(), { purpose: 'drawing', limits: DEFAULT_LIMITS });
    if (!heavy.ok) throw new Error(heavy.problem.sentence);
    const options = { dpi: 72, maxPixels: 1e6 };
    const controller = new AbortController();
    const whole = drawPage(heavy.pdf, 1, options);
    const aborted = drawPage(heavy.pdf, 1, { ...options, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 20);
    await expect(Promise.race([whole, aborted])).rejects.toThrow('enough');
    const slow = drawPage(heavy.pdf, 1, { ...options, timeMs: 20 });
    await expect(Promise.race([whole, slow])).rejects.toMatchObject({ name: 'TimeoutError' });
    await heavy.close();
  });
});

describe('evidence', () => {
  const draw = (page: number, box?: Box) =>
    drawEvidence(BYTES, { name: 'a.pdf', page, dpi: 72, ...(box && { box }) }, DEFAULT_LIMITS);

  test('of a box of a PDF shows its surroundings and a frame', async () => {
    const drawn = await draw(1, [60, 40, 100, 60]);
    if (!drawn.ok) throw new Error(drawn.problem.sentence);
    expect([drawn.width, drawn.height]).toEqual([100, 80]);
    expect(await colourAt(drawn.png, 5, 15)).toBe('red');
    expect(await colourAt(drawn.png, 50, 40)).toBe('white');
    expect(await colourAt(drawn.png, 26, 40)).toBe('frame');
  });

  test('of a box of an image is cut out of it', async () => {
    const image = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const options = { name: 'a.png', page: 1, box: [100, 100, 200, 150] } as const;
    const drawn = await drawEvidence(image, options, DEFAULT_LIMITS);
    if (!drawn.ok) throw new Error(drawn.problem.sentence);
    expect([drawn.width, drawn.height]).toEqual([160, 110]);
    expect(await colourAt(drawn.png, 26, 50)).toBe('frame');
  });

  test('of a page without a box is the page', async () => {
    expect(await draw(2)).toMatchObject({ ok: true, width: 100, height: 200 });
  });

  test.each([
    ['a page that is not there', 3, undefined, /^There is no page 3: this file has 2 pages/],
    ['a box beside the page', 1, [300, 0, 310, 10], /does not lie on the page/],
    ['a box that is none', 1, [50, 50, 40, 60], /does not lie on the page/],
  ] as const)('of %s is refused', async (_, page, box, sentence) => {
    expect(await draw(page, box)).toMatchObject({
      ok: false,
      problem: { sentence: expect.stringMatching(sentence) },
    });
  });

  test('of a file without a picture of its pages is refused', async () => {
    const drawn = await drawEvidence(Buffer.from('a,b\n1,2\n'), { name: 'a.csv', page: 1 }, DEFAULT_LIMITS);
    expect(drawn).toMatchObject({ ok: false, problem: { code: 'unsupported' } });
  });
});

async function makePdf(): Promise<Uint8Array> {
  const made = await PDFDocument.create();
  for (const turn of [0, 90]) {
    const page = made.addPage([200, 100]);
    page.drawRectangle({ x: 20, y: 70, width: 20, height: 20, color: rgb(1, 0, 0) });
    page.setRotation(degrees(turn));
  }
  return made.save();
}

/** A page of many large triangles. */
async function makeHeavyPdf(): Promise<Uint8Array> {
  const made = await PDFDocument.create();
  const page = made.addPage([500, 500]);
  const triangles = '0 0 m 500 0 l 250 500 l f 500 500 m 0 500 l 250 0 l f\n'.repeat(4000);
  page.node.set(PDFName.of('Contents'), made.context.register(made.context.flateStream(triangles)));
  return made.save();
}

async function colourAt(png: Uint8Array, left: number, top: number): Promise<string> {
  const raw = await sharp(png).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer();
  return { ffffff: 'white', ff0000: 'red', d00020: 'frame' }[raw.toString('hex')] ?? raw.toString('hex');
}
