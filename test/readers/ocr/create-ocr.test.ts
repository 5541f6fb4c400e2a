import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import type { Box } from '../../../src/readers/document.ts';
import { createOcr, installedLanguages } from '../../../src/readers/ocr/create-ocr.ts';
import { startTesseract } from '../../../src/readers/ocr/tesseract.ts';
import type { Raster, Recognized } from '../../../src/readers/reader.ts';
import { drawTextPage, MARGIN, toWords, wordF1 } from './text-page.ts';

let starts = 0;
const ocr = createOcr({ languages: ['eng'], onStart: () => starts++ });
afterAll(() => ocr.end());

const SMALL = { wordCount: 40, size: [320, 240] } as const;
const PAGE = drawTextPage({ ...SMALL, dpi: 150 });

describe('the words of a picture', () => {
  test('are read, each with its place in points', async () => {
    const { spans } = expectWords(await ocr.recognize(PAGE.raster), PAGE.words);
    const [x0, y0, x1, y1] = boxOfFirst(spans);
    expect(Math.abs(x0 - MARGIN)).toBeLessThan(2);
    expect([y0 > MARGIN, y1 < MARGIN + 20, x1 < 110]).toEqual([true, true, true]);
  });

  test('of a page that is skewed are where they stand in the picture as it was given', async () => {
    const skewed = drawTextPage({ ...SMALL, dpi: 150, skew: 3 });
    const { spans } = expectWords(await ocr.recognize(skewed.raster), skewed.words);
    const straight = expectWords(await ocr.recognize(PAGE.raster), PAGE.words);
    const found = centre(boxOfFirst(spans));
    const turned = turn(centre(boxOfFirst(straight.spans)), 3);
    expect(distance(found, turned)).toBeLessThan(2);
  });

  test.each([90, 180, 270] as const)(
    'of a page that was turned by %i are read turned back',
    async (degrees) => {
      const result = await ocr.recognize(await turnRaster(PAGE.raster, degrees));
      const { spans, rotation } = expectWords(result, PAGE.words);
      expect(rotation).toBe(360 - degrees);
      const [x0, y0, x1, y1] = boxOfFirst(spans);
      const straight = {
        90: [y0, 240 - x1, y1, 240 - x0],
        180: [320 - x1, 240 - y1, 320 - x0, 240 - y0],
        270: [320 - y1, x0, 320 - y0, x1],
      }[degrees] as unknown as Box;
      expect(distance([straight[0], straight[1]], [MARGIN, MARGIN + 6])).toBeLessThan(5);
    },
  );

  test('are read from a picture of few pixels, which is enlarged', async () => {
    const page = drawTextPage({ ...SMALL, dpi: 75 });
    expectWords(await ocr.recognize(page.raster), page.words);
  });

  test('are read by the program that the first picture started', () => {
    expect(starts).toBe(1);
  });
});

describe('a picture without words', () => {
  const grey = { width: 800, height: 600, channels: 3, background: '#888' } as const;

  test('that is blank is said to be blank', async () => {
    const result = await ocr.recognize(toRaster(await sharp({ create: grey }).png().toBuffer()));
    expect(result).toMatchObject({ ok: false, problem: { code: 'blank' } });
  });

  test('gives no words', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const bytes = await sharp({ create: { ...grey, noise } })
      .blur(2)
      .normalise()
      .png()
      .toBuffer();
    expect(await ocr.recognize(toRaster(bytes))).toMatchObject({
      ok: false,
      problem: { code: 'ocr-unsure' },
    });
  });
});

describe('what goes wrong', () => {
  test('a picture that is none ends nothing, and the next is read', async () => {
    const result = await ocr.recognize({ ...PAGE.raster, bytes: new Uint8Array(100) });
    expect(result).toMatchObject({ ok: false, problem: { code: 'ocr-failed' } });
    expectWords(await ocr.recognize(PAGE.raster), PAGE.words);
  });

  test('bytes that Tesseract cannot open reject, and end no process', async () => {
    const program = await startTesseract(['eng']);
    await expect(program.read(new Uint8Array(100))).rejects.toThrow('read image');
    await program.end();
  });

  test('an abort is heard at once and ends the program, and the next picture is read', async () => {
    const before = starts;
    const controller = new AbortController();
    const reading = ocr.recognize(PAGE.raster, controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(reading).rejects.toThrow('enough');
    expectWords(await ocr.recognize(PAGE.raster), PAGE.words);
    expect(starts).toBe(before + 1);
  });

  test('a language that is missing is named with its package, at once', async () => {
    const result = await createOcr({ languages: ['eng', 'fra'] }).recognize(PAGE.raster);
    expect(result).toEqual({
      ok: false,
      problem: {
        code: 'ocr-language',
        sentence: 'Pictures cannot be read in fra: install it with "npm install @tesseract.js-data/fra".',
      },
    });
  });

  test('a language that is a path is refused', async () => {
    const result = await createOcr({ languages: ['../eng'] }).recognize(PAGE.raster);
    expect(result).toMatchObject({ ok: false, problem: { code: 'ocr-language' } });
  });
});

test('the languages that are installed are known, and several are read at once', async () => {
  expect(installedLanguages()).toEqual(['deu', 'eng']);
  const both = createOcr({ languages: ['eng', 'deu'] });
  const page = drawTextPage({ ...SMALL, dpi: 150, text: 'The street is called Größenstraße, übrigens.' });
  const result = await both.recognize(page.raster);
  await both.end();
  expectWords(result, page.words);
});

test('no network is used, and no data of the working directory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-ocr-'));
  writeFileSync(join(folder, 'eng.traineddata'), 'no language data');
  writeFileSync(join(folder, 'page.png'), PAGE.raster.bytes);
  const program = join(import.meta.dirname, 'read-in-thread.ts');
  const { width, height, pointsPerPixel } = PAGE.raster;
  const input = JSON.stringify({ path: join(folder, 'page.png'), width, height, pointsPerPixel });
  const flags = ['--permission', '--allow-fs-read=*', '--allow-addons', '--allow-worker', '--no-warnings'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, program, input], {
    cwd: folder,
  });
  expect(stderr).toBe('');
  expectWords(JSON.parse(stdout), PAGE.words);
  expect(readdirSync(folder).sort()).toEqual(['eng.traineddata', 'page.png']);
  expect(readFileSync(join(folder, 'eng.traineddata'), 'utf8')).toBe('no language data');
});

function expectWords(result: Recognized, words: readonly string[]) {
  if (!result.ok) throw new Error(result.problem.sentence);
  expect(wordF1(words, toWords(result.text))).toBeGreaterThan(0.95);
  return result;
}

const toRaster = (png: Uint8Array): Raster => ({ bytes: png, width: 800, height: 600, pointsPerPixel: 0.48 });

async function turnRaster(raster: Raster, degrees: number): Promise<Raster> {
  const { data, info } = await sharp(raster.bytes)
    .rotate(degrees)
    .png()
    .toBuffer({ resolveWithObject: true });
  return { ...raster, bytes: data, width: info.width, height: info.height };
}

function boxOfFirst(spans: readonly { readonly text: string; readonly box?: Box }[]): Box {
  const box = spans[0]?.box;
  if (!box) throw new Error('no words');
  return box;
}

type Point = readonly [x: number, y: number];
const centre = ([x0, y0, x1, y1]: Box): Point => [(x0 + x1) / 2, (y0 + y1) / 2];
const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** About the page's centre, clockwise. */
function turn([x, y]: Point, degrees: number): Point {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [dx, dy] = [x - 160, y - 120];
  return [160 + dx * cos - dy * sin, 120 + dx * sin + dy * cos];
}
