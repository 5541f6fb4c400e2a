import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { prepareForVision, visionSize } from '../../../src/readers/image/prepare-for-vision.ts';

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#888' } });

describe('a picture for a vision model', () => {
  test.each([
    ['a page of A4 at 300 dpi', [2480, 3508], [960, 1344]],
    ['a small picture', [100, 50], [384, 192]],
    ['one that fits', [640, 480], [640, 480]],
    ['a long one', [32, 6000], [32, 6016]],
  ] as const)('%s gets sides that are multiples of 32, within the limits', (_, [width, height], [w, h]) => {
    expect(visionSize({ width, height }, 1_310_720)).toEqual({ width: w, height: h });
  });

  test('is upright, and says the way back to the original', async () => {
    const bytes = await picture(640, 320).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const prepared = await prepareForVision(new Uint8Array(bytes), { maxPixels: 65_536 });
    if (!prepared.ok) throw new Error(prepared.problem.sentence);
    expect([prepared.width, prepared.height]).toEqual([160, 352]);
    expect([prepared.width * prepared.scaleX, prepared.height * prepared.scaleY]).toEqual([320, 640]);
    expect(await sharp(prepared.png).metadata()).toMatchObject({ format: 'png', width: 160, height: 352 });
  });

  test('is refused where its shape is too odd', async () => {
    const prepared = await prepareForVision(new Uint8Array(await picture(10, 2100).png().toBuffer()));
    expect(prepared).toMatchObject({
      ok: false,
      problem: { sentence: expect.stringContaining('200 times') },
    });
  });
});
