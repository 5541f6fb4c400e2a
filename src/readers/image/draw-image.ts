import type { Box } from '../document.ts';
import type { Raster } from '../reader.ts';
import type { PictureFile } from './picture-file.ts';

export type DrawImageOptions = {
  /** 1-based. */
  readonly page: number;
  /** The part that is drawn, in points. Default: all of it. */
  readonly box?: Box;
  /** The picture is made smaller where it would have more. */
  readonly maxPixels: number;
  /** Whether it is drawn without colours, as it is read. Default: false. */
  readonly isGrey?: boolean;
};

export type DrawnImage = Raster & {
  /** Whether the picture is broken, and what could be made out of it was drawn. */
  readonly isRecovered: boolean;
};

/** A page of an image file, or a part of it: upright, on white. Throws when its pixels cannot be decoded. */
export async function drawImage(file: PictureFile, options: DrawImageOptions): Promise<DrawnImage> {
  try {
    return { ...(await draw(file, options, false)), isRecovered: false };
  } catch (error) {
    if (!file.canBeRecovered) throw error;
    return { ...(await draw(file, options, true)), isRecovered: true };
  }
}

async function draw(
  file: PictureFile,
  { page, box, maxPixels, isGrey = false }: DrawImageOptions,
  isTolerant: boolean,
): Promise<Raster> {
  const { picture, ...whole } = await file.open(page, isTolerant);
  const part = toPixels(box, whole, file.pointsPerPixel);
  const scale = Math.min(1, Math.sqrt(maxPixels / (part.width * part.height)));
  const size = { width: shrink(part.width, scale), height: shrink(part.height, scale) };
  const drawn = picture
    .flatten({ background: '#fff' })
    .toColourspace(isGrey ? 'b-w' : 'srgb')
    .extract(part)
    .resize({ ...size, fit: 'fill' });
  const bytes = await drawn.png({ compressionLevel: 1 }).toBuffer();
  return { bytes: new Uint8Array(bytes), ...size, pointsPerPixel: file.pointsPerPixel / scale };
}

type Size = { readonly width: number; readonly height: number };
type Part = Size & { readonly left: number; readonly top: number };

/** What of the box lies in the picture, at least one pixel. */
function toPixels(box: Box | undefined, { width, height }: Size, pointsPerPixel: number): Part {
  if (!box) return { left: 0, top: 0, width, height };
  const [x0, y0, x1, y1] = box.map((points) => points / pointsPerPixel) as unknown as Box;
  const [left, top] = [within(Math.floor(x0), width - 1), within(Math.floor(y0), height - 1)];
  const [right, bottom] = [within(Math.ceil(x1), width), within(Math.ceil(y1), height)];
  return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

const within = (value: number, most: number): number => Math.min(Math.max(0, value), most);
const shrink = (pixels: number, scale: number): number => Math.max(1, Math.floor(pixels * scale));
