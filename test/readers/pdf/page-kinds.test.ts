import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import type { Recognize } from '../../../src/readers/reader.ts';
import { type JobOptions, noRecognize, pagesOf, rawPdf, recognizes } from './made-pdf.ts';

/** Stripes, so that there is something to be seen. */
async function picture(): Promise<Buffer> {
  const data = Buffer.alloc(60 * 60, 255).map((_, index) => (Math.floor(index / 60) % 4 < 2 ? 0 : 255));
  return sharp(data, { raw: { width: 60, height: 60, channels: 1 } })
    .png()
    .toBuffer();
}

type Content = { readonly text?: string; readonly pictureWidth?: number; readonly lines?: number };

async function pageWith({ text, pictureWidth = 0, lines = 1 }: Content): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([400, 400]);
  if (pictureWidth > 0) {
    const image = await pdf.embedPng(await picture());
    page.drawImage(image, { x: 0, y: 0, width: pictureWidth, height: pictureWidth });
  }
  for (let line = 0; text && line < lines; line += 1)
    page.drawText(text, { x: 5, y: 385 - 10 * line, size: 8 });
  return pdf.save();
}

const readOne = async (bytes: Uint8Array, options?: JobOptions) => (await pagesOf(bytes, options))[0];
const codes = (page: Awaited<ReturnType<typeof readOne>>) => page?.warnings.map(({ code }) => code);
const SCAN = { pictureWidth: 400 };

describe('a page that is a scan', () => {
  test('is read by OCR', async () => {
    const page = await readOne(await pageWith(SCAN), {
      ocr: 'auto',
      recognize: recognizes('from the picture'),
    });
    expect(page).toMatchObject({
      via: 'ocr',
      text: 'from the picture',
      confidence: 90,
      pictures: [{ read: true }],
    });
    expect(page?.spans).toHaveLength(3);
  });

  test('is one of several, and each is read', async () => {
    const pdf = await PDFDocument.create();
    const image = await pdf.embedPng(await picture());
    for (let page = 0; page < 3; page += 1)
      pdf.addPage([400, 400]).drawImage(image, { width: 400, height: 400 });
    const pages = await pagesOf(await pdf.save(), {
      ocr: 'auto',
      limits: { ocrMs: 20_000 },
      recognize: recognizes('from the picture'),
    });
    expect(pages.map(({ via }) => via)).toEqual(['ocr', 'ocr', 'ocr']);
  });

  test('is read when no more than a word stands on it', async () => {
    const paper = sharp({ create: { width: 600, height: 800, channels: 3, background: '#ffffff' } });
    const ink = await sharp({ create: { width: 10, height: 10, channels: 3, background: '#000000' } })
      .png()
      .toBuffer();
    const pdf = await PDFDocument.create();
    const scan = await paper
      .composite([{ input: ink, left: 100, top: 100 }])
      .png()
      .toBuffer();
    pdf.addPage([600, 800]).drawImage(await pdf.embedPng(scan), { width: 600, height: 800 });
    const page = await readOne(await pdf.save(), { ocr: 'auto', recognize: recognizes('Rx') });
    expect(page).toMatchObject({ via: 'ocr', text: 'Rx' });
  });

  test('keeps the letters that it has as they stand, and OCR adds to them', async () => {
    const page = await readOne(await pageWith({ ...SCAN, text: 'Ref. 1Il0O' }), {
      ocr: 'auto',
      recognize: recognizes('Ref. 11100 words'),
    });
    expect(page?.via).toBe('ocr');
    expect(page?.text).toMatch(/^Ref\. 1Il0O\n/);
    expect(page?.spans[0]?.text).toBe('Ref. 1Il0O');
    expect(codes(page)).toContain('mixed');
  });

  test('says that it is one where OCR is off', async () => {
    const page = await readOne(await pageWith(SCAN));
    expect(page).toMatchObject({ via: 'none', text: '', pictures: [{ read: false, width: 60, height: 60 }] });
    expect(codes(page)).toEqual(['ocr-off']);
  });

  test('keeps the few letters that it has where OCR is off', async () => {
    const page = await readOne(await pageWith({ ...SCAN, text: 'Page 3' }));
    expect(page).toMatchObject({ via: 'text', text: 'Page 3' });
    expect(codes(page)).toEqual(['ocr-off']);
  });

  test('says that it could not be read reliably below a confidence of 60', async () => {
    const recognize = recognizes('Xq7 rr', 59);
    const page = await readOne(await pageWith(SCAN), { ocr: 'auto', recognize });
    expect(page).toMatchObject({ via: 'none', text: '' });
    expect(codes(page)).toEqual(['ocr-unsure']);
  });

  test.each([{ ocrPages: 0 }, { ocrMs: 0 }])('is not read beyond the limit %o', async (limits) => {
    const page = await readOne(await pageWith(SCAN), { ocr: 'auto', limits, recognize: noRecognize });
    expect(page?.via).toBe('none');
    expect(codes(page)).toEqual(['too-much-ocr']);
  });

  test('says so where OCR fails', async () => {
    const page = await readOne(await pageWith(SCAN), { ocr: 'auto', recognize: noRecognize });
    expect(codes(page)).toEqual(['ocr-failed']);
  });
});

describe('a page with text', () => {
  const FULL = { text: 'A line with some forty letters in it, more or less.', lines: 12 };

  test('is not read by OCR, and its picture is told', async () => {
    const page = await readOne(await pageWith({ ...FULL, pictureWidth: 200 }), { ocr: 'auto' });
    expect(page).toMatchObject({ via: 'text', pictures: [{ read: false, box: [0, 200, 200, 400] }] });
    expect(codes(page)).toEqual(['picture-not-read']);
  });

  test('does not tell of a picture that is too small for words', async () => {
    const page = await readOne(await pageWith({ ...FULL, pictureWidth: 40 }));
    expect(page).toMatchObject({ pictures: [], warnings: [] });
  });

  test('keeps little text, and reads the picture beside it', async () => {
    const bytes = await pageWith({ text: FULL.text, pictureWidth: 200 });
    const page = await readOne(bytes, { ocr: 'auto', recognize: recognizes('in the picture') });
    expect(page).toMatchObject({
      via: 'text',
      text: `${FULL.text}\nin the picture`,
      pictures: [{ read: true }],
    });
    expect(page?.spans.at(-1)?.box).toEqual([20, 200, 28, 208]);
    expect(codes(page)).toEqual(['mixed']);
  });

  test('does not say twice what stands over the picture as text', async () => {
    const recognize: Recognize = async (raster, signal) => {
      const found = await recognizes('twice once')(raster, signal);
      if (!found.ok) return found;
      return {
        ...found,
        spans: [
          { text: 'twice', box: [20, 12, 30, 16] },
          { text: 'once', box: [20, 300, 40, 310] },
        ],
      };
    };
    const bytes = await pageWith({ text: FULL.text, pictureWidth: 400 });
    const page = await readOne(bytes, { ocr: 'auto', recognize });
    expect(page?.text).toBe(`${FULL.text}\nonce`);
  });

  test('is read from its picture when that is asked for', async () => {
    const page = await readOne(await pageWith(FULL), {
      ocr: 'force',
      recognize: recognizes('as it is drawn'),
    });
    expect(page).toMatchObject({ via: 'ocr', text: 'as it is drawn' });
  });

  test('keeps its text when reading its picture fails', async () => {
    const page = await readOne(await pageWith(FULL), { ocr: 'force', recognize: noRecognize });
    expect(page?.via).toBe('text');
    expect(codes(page)).toEqual(['ocr-failed']);
  });
});

/** A page with these operators; the font's letters A to Z have no meaning that is known. */
const drawn = (data: string, font = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>') =>
  rawPdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<</Font<</F1 5 0 R>>/XObject<</Im 6 0 R>>>>/Contents 4 0 R>>',
    { data },
    font,
    {
      dict: '/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8',
      data: 'abcd',
    },
  ]);

describe('other pages', () => {
  test('a page with nothing on it is blank', async () => {
    const page = await readOne(drawn(' '), { ocr: 'auto' });
    expect(page).toMatchObject({ via: 'none' });
    expect(codes(page)).toEqual(['blank']);
  });

  test('a page with only white on it is blank, which is seen by drawing it', async () => {
    const page = await readOne(drawn('1 g 0 0 300 200 re f'), { ocr: 'auto' });
    expect(codes(page)).toEqual(['blank']);
  });

  test('a page of shapes is read from its picture', async () => {
    const recognize = vi.fn(recognizes('drawn letters'));
    const page = await readOne(drawn('0 0 100 100 re f'), { ocr: 'auto', recognize });
    expect(page).toMatchObject({ via: 'ocr', text: 'drawn letters' });
    expect(recognize).toHaveBeenCalledOnce();
  });

  test('words that cannot be seen over a scan are those of another program', async () => {
    const page = await readOne(
      drawn('q 300 0 0 200 0 0 cm /Im Do Q BT 3 Tr /F1 9 Tf 9 99 Td (by another program) Tj ET'),
    );
    expect(page).toMatchObject({ via: 'ocr-layer', text: 'by another program', warnings: [] });
  });

  describe('letters that are not stored as text', () => {
    const letters = Array.from(
      { length: 26 },
      (_, index) => `/uni${(0xe000 + index).toString(16).toUpperCase()}`,
    );
    const font = `<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding/Differences[65${letters.join('')}]>>>>`;
    const garbled = drawn('BT /F1 9 Tf 9 99 Td (ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ) Tj ET', font);

    test('are read from the picture', async () => {
      const page = await readOne(garbled, { ocr: 'auto', recognize: recognizes('what is seen') });
      expect(page).toMatchObject({ via: 'ocr', text: 'what is seen' });
      expect(codes(page)).toEqual(['garbled']);
    });

    test('are told where OCR is off', async () => {
      expect(codes(await readOne(garbled))).toEqual(['ocr-off', 'garbled']);
    });
  });

  test('maxImageSize: a picture that is too large is dropped by pdf.js in silence, and told', async () => {
    const bytes = drawn('q 300 0 0 200 0 0 cm /Im Do Q');
    expect(codes(await readOne(bytes, { limits: { picturePixels: 3 } }))).toContain('picture-too-large');
    expect(codes(await readOne(bytes, { limits: { picturePixels: 4 } }))).not.toContain('picture-too-large');
  });
});
