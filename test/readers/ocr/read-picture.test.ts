import { describe, expect, test } from 'vitest';
import { readPicture } from '../../../src/readers/ocr/read-picture.ts';
import type { Program, Reading } from '../../../src/readers/ocr/tesseract.ts';
import { drawTextPage } from './text-page.ts';

const { raster } = drawTextPage({ dpi: 72, wordCount: 5, size: [200, 120] });
const BOX = { x0: 0, y0: 0, x1: 100, y1: 20 };

describe('what Tesseract is unsure of', () => {
  test('is not given as text where it is all of the picture', async () => {
    expect(await readPicture(programThatReads([['perhaps', 55]]), raster)).toMatchObject({
      ok: false,
      problem: { code: 'ocr-unsure', sentence: expect.stringContaining('could not be read reliably') },
    });
  });

  test('is left out, with a warning, where the rest is sure', async () => {
    const program = programThatReads([
      ['certainly', 95],
      ['~»|;', 20],
    ]);
    expect(await readPicture(program, raster)).toMatchObject({
      ok: true,
      text: 'certainly',
      confidence: 95,
      warnings: [{ code: 'ocr-unsure' }],
    });
  });
});

/** Each paragraph has one word. */
function programThatReads(paragraphs: readonly (readonly [text: string, confidence: number])[]): Program {
  const blocks = paragraphs.map(([text, confidence]) => {
    const words = [{ text, confidence, bbox: BOX }];
    return { paragraphs: [{ lines: [{ words, bbox: BOX }] }] };
  });
  const reading = { blocks, confidence: 50 } as unknown as Reading;
  return {
    findLines: async () => ({ lines: [{ bbox: BOX, words: [] }], skewRadians: 0 }),
    read: async () => reading,
    end: async () => undefined,
  };
}
