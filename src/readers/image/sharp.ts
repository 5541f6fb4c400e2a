/**
 * sharp, allowed to open pictures of a few kinds only, from bytes only. It opens SVG else, which loads what lies beside
 * it when it is given as a path.
 */
import sharp, { type Sharp, type SharpOptions } from 'sharp';

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((loader) => `VipsForeignLoad${loader}`),
});
// Each file is opened once, and a reader has a thread to itself.
sharp.cache(false);
sharp.concurrency(1);

/** Seconds that one step may take. */
const STEP_SECONDS = 15;

export type OpenPicture = Pick<SharpOptions, 'failOn' | 'page' | 'raw'> & { readonly maxPixels: number };

/** Bytes of a picture, or of its pixels where `raw` says their shape. Throws later, when its pixels are asked for. */
export function openPicture(bytes: Uint8Array, { maxPixels, ...options }: OpenPicture): Sharp {
  // A string would be opened as a path: what is no array of bytes throws here.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return sharp(buffer, { ...options, limitInputPixels: maxPixels }).timeout({ seconds: STEP_SECONDS });
}
