import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { openPicture } from '../../../src/readers/image/sharp.ts';
import { readAll } from './read-all.ts';

const plain = (width: number, height: number, colour = '#336699') =>
  sharp({ create: { width, height, channels: 3, background: colour } });
const noisy = (width: number, height: number) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 50 },
    },
  });
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';

describe('reading images', () => {
  test.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)(
    'reads the words of a %s',
    async (format) => {
      const { pages, codes } = await readAll(await plain(40, 20).toFormat(format).toBuffer());
      expect(codes).toEqual([]);
      expect(pages).toMatchObject([
        { number: 1, text: 'page 1', via: 'ocr', confidence: 90, pictures: [{ read: true }] },
      ]);
    },
  );

  test('measures in points by the resolution that the file states, and one point a pixel without', async () => {
    const stated = await readAll(await plain(300, 600).png().withDensity(300).toBuffer());
    expect(stated.pages[0]?.size?.map(Math.round)).toEqual([72, 144]);
    const unstated = await readAll(await plain(300, 600).png().toBuffer());
    expect(unstated.pages[0]?.size).toEqual([300, 600]);
  });

  test('turns a picture upright as its camera says', async () => {
    const bytes = await plain(40, 20).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const { pages } = await readAll(bytes);
    expect(pages[0]?.pictures).toMatchObject([{ width: 20, height: 40 }]);
  });

  test('reads every page of a TIFF, and those that are asked for', async () => {
    const bytes = await tiffOfThree();
    const { parts, pages } = await readAll(bytes);
    expect(parts[0]).toMatchObject({ type: 'start', pageCount: 3 });
    expect(pages.map(({ number, text }) => [number, text])).toEqual([
      [1, 'page 1'],
      [2, 'page 2'],
      [3, 'page 3'],
    ]);
    const some = await readAll(bytes, { pages: [[2, 3]] });
    expect(some.pages.map(({ number }) => number)).toEqual([2, 3]);
  });

  test('stops reading pages at the limits of OCR and of pages', async () => {
    const bytes = await tiffOfThree();
    const few = await readAll(bytes, { limits: { ocrPages: 2 } });
    expect([few.pages.length, few.codes]).toEqual([2, ['too-much-ocr']]);
    const one = await readAll(bytes, { limits: { pages: 1 } });
    expect([one.pages.length, one.codes]).toEqual([1, ['too-many-pages']]);
  });

  test('reads the first picture of an animation and says so', async () => {
    const frames = await Promise.all(
      ['#f00', '#0f0', '#00f'].map((colour) => plain(20, 20, colour).png().toBuffer()),
    );
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const { pages, codes } = await readAll(gif);
    expect([pages.length, codes]).toEqual([1, ['animation']]);
  });

  test('gives a picture without text where OCR is off, and says why', async () => {
    const { pages } = await readAll(await plain(20, 20).png().toBuffer(), { ocr: 'off' });
    expect(pages).toMatchObject([
      { via: 'none', text: '', pictures: [{ read: false }], warnings: [{ code: 'ocr-off' }] },
    ]);
  });

  test('is ended by its signal', async () => {
    const reading = readAll(await plain(20, 20).png().toBuffer(), {
      signal: AbortSignal.abort(new Error('enough')),
    });
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('what a camera wrote', () => {
  const photo = () =>
    plain(20, 20)
      .jpeg()
      .withExif({
        IFD0: { Make: 'Leica', Model: 'M3' },
        IFD2: { DateTimeOriginal: '2024:05:06 07:08:09' },
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: '43/1 28/1 2814/1000',
          GPSLongitudeRef: 'W',
          GPSLongitude: '11/1 53/1 6/1',
        },
      })
      .toBuffer();

  test('is told without the place', async () => {
    const { metadata, parts } = await readAll(await photo());
    expect(metadata).toEqual({ camera: 'Leica M3', date: '2024-05-06 07:08:09' });
    expect(JSON.stringify(parts)).not.toMatch(/43\.4|GPS/);
  });

  test('is told with the place where that is asked for', async () => {
    const { metadata } = await readAll(await photo(), { gps: true });
    expect(metadata.place).toBe('43.467448, -11.885000');
  });
});

describe('pictures that are not as they should be', () => {
  test('a SVG is refused, by bytes and by path', async () => {
    expect((await readAll(Buffer.from(SVG))).codes).toEqual(['damaged']);
    const path = join(mkdtempSync(join(tmpdir(), 'sotto-svg-')), 'a.png');
    writeFileSync(path, await plain(9, 9).png().toBuffer());
    expect(() => openPicture(path as unknown as Uint8Array, { maxPixels: 100 })).toThrow(TypeError);
  });

  test('a picture of too many pixels is refused before they are unpacked', async () => {
    const { parts } = await readAll(withSize(await plain(1, 1).png().toBuffer(), 20_000, 20_000));
    expect(parts).toEqual([
      {
        type: 'refused',
        problem: {
          code: 'picture-too-large',
          sentence: expect.stringContaining('more than 100 million pixels'),
        },
      },
    ]);
  });

  test.each(['png', 'jpeg', 'gif'] as const)(
    'a %s that is cut off is read as far as it goes',
    async (format) => {
      const whole = await noisy(200, 200).toFormat(format).toBuffer();
      const { pages, codes } = await readAll(whole.subarray(0, whole.length * 0.7));
      expect(codes).toEqual(['recovered']);
      expect(pages[0]?.pictures).toMatchObject([{ width: 200, height: 200 }]);
    },
  );

  test('a gif that is cut off behind a byte that could be its end is read as far as it goes', async () => {
    const whole = await noisy(200, 200).gif().toBuffer();
    const cutOff = whole.subarray(0, whole.length * 0.7);
    cutOff.set(Buffer.from('x;'), cutOff.length - 8);
    expect((await readAll(cutOff)).codes).toEqual(['recovered']);
  });

  test('a damaged JPEG is read with a warning', async () => {
    const whole = await noisy(200, 200).jpeg().toBuffer();
    const damaged = Buffer.concat([whole.subarray(0, -400), Buffer.alloc(398, 0xff), whole.subarray(-2)]);
    const { pages, codes } = await readAll(damaged);
    expect([pages.length, codes]).toEqual([1, ['recovered']]);
  });

  test('a PNG whose checksum is wrong is refused', async () => {
    const broken = await noisy(50, 50).png().toBuffer();
    broken[60] = (broken[60] ?? 0) ^ 0xff;
    expect((await readAll(broken)).codes).toEqual(['damaged']);
  });

  test('a HEIC that cannot be decoded is refused with a sentence of ours', async () => {
    const avif = await noisy(64, 64).avif().toBuffer();
    const text = avif
      .toString('latin1')
      .replaceAll('avif', 'heic')
      .replaceAll('av01', 'hvc1')
      .replaceAll('av1C', 'hvcC');
    const { parts } = await readAll(Buffer.from(text, 'latin1'));
    expect(parts).toEqual([
      {
        type: 'refused',
        problem: { code: 'damaged', sentence: expect.stringMatching(/^This picture is damaged/) },
      },
    ]);
  });
});

async function tiffOfThree(): Promise<Buffer> {
  const pages = ['#111', '#666', '#ccc'].map((colour) => plain(30, 20, colour).png().toBuffer());
  return sharp(await Promise.all(pages), { join: { animated: true } })
    .tiff()
    .toBuffer();
}

/** A PNG that claims another size in its header. */
function withSize(png: Buffer, width: number, height: number): Buffer {
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}
