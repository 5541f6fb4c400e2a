import { type Problem, problem } from '../document.ts';
import { openPictureFile, whyNotRead } from './picture-file.ts';

export type PrepareForVisionOptions = {
  /** 1-based. Default: 1. */
  readonly page?: number;
  /** Pixels that the model is given, each 1024 of them one token. Default: 1,310,720. Most: 16,777,216. */
  readonly maxPixels?: number;
  /** Of the file's picture. Default: 100 million. */
  readonly picturePixels?: number;
};
export type PreparedForVision = {
  readonly ok: true;
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** A place in the prepared picture, times these, is the place in the upright original, in pixels. */
  readonly scaleX: number;
  readonly scaleY: number;
};

/** A picture as Qwen 3.5 wants it: upright, on white, sides that are multiples of 32 pixels, 65,536 to 16,777,216 of
 * them in all (Qwen3-VL's preprocessor_config.json: patches of 16, merged by 2). */
export async function prepareForVision(
  bytes: Uint8Array,
  { page = 1, maxPixels = 1_310_720, picturePixels = 100_000_000 }: PrepareForVisionOptions = {},
): Promise<PreparedForVision | { readonly ok: false; readonly problem: Problem }> {
  const file = await openPictureFile(bytes, picturePixels);
  if ('problem' in file) return { ok: false, problem: file.problem };
  try {
    const original = await file.open(page);
    const size = visionSize(original, maxPixels);
    if (!size) return { ok: false, problem: TOO_NARROW };
    const drawn = original.picture.flatten({ background: '#fff' }).toColourspace('srgb');
    const png = new Uint8Array(
      await drawn
        .resize({ ...size, fit: 'fill' })
        .png()
        .toBuffer(),
    );
    const { width, height } = size;
    return { ok: true, png, ...size, scaleX: original.width / width, scaleY: original.height / height };
  } catch (error) {
    return { ok: false, problem: whyNotRead(error, picturePixels) };
  }
}

const TOO_NARROW = problem(
  'unsupported',
  'This picture is more than 200 times as long as wide; a model cannot look at it.',
);

type Size = { readonly width: number; readonly height: number };

const STEP = 32;
const FEWEST_PIXELS = 65_536;
const MOST_PIXELS = 16_777_216;
const MOST_ASPECT = 200;

/** The size nearest to the original's within the limits, or undefined where its shape is too odd. */
export function visionSize({ width, height }: Size, maxPixels: number): Size | undefined {
  if (Math.max(width, height) > MOST_ASPECT * Math.min(width, height)) return undefined;
  const most = Math.min(Math.max(maxPixels, FEWEST_PIXELS), MOST_PIXELS);
  const near = { width: toStep(width, Math.round), height: toStep(height, Math.round) };
  const pixels = near.width * near.height;
  if (pixels > most) {
    const shrink = Math.sqrt((width * height) / most);
    return { width: toStep(width / shrink, Math.floor), height: toStep(height / shrink, Math.floor) };
  }
  if (pixels < FEWEST_PIXELS) {
    const grow = Math.sqrt(FEWEST_PIXELS / (width * height));
    return { width: toStep(width * grow, Math.ceil), height: toStep(height * grow, Math.ceil) };
  }
  return near;
}

const toStep = (length: number, round: (value: number) => number): number =>
  Math.max(STEP, round(length / STEP) * STEP);
