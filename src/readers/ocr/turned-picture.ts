import type { Box } from '../document.ts';
import { openPicture } from '../image/sharp.ts';
import type { Raster } from '../reader.ts';

/** Grey pixels, white where the picture was transparent. */
export type GreyPicture = { readonly pixels: Uint8Array; readonly width: number; readonly height: number };

export type Turn = {
  /** Clockwise. Quarters of a turn stay sharp. */
  readonly degrees: number;
  readonly scale: number;
};
/** A picture that was turned about its centre and scaled, with the way back. */
export type TurnedPicture = { readonly png: Uint8Array; toOriginal(box: Box): Box };

/** Throws when the bytes are no picture. Larger ones than `maxPixels` are made smaller. */
export async function toGrey({ bytes, width, height }: Raster, maxPixels: number): Promise<GreyPicture> {
  const picture = openPicture(bytes, { maxPixels: MOST_PIXELS }).flatten({ background: '#fff' }).greyscale();
  const shrink = Math.min(1, Math.sqrt(maxPixels / (width * height)));
  if (shrink < 1) picture.resize(Math.floor(width * shrink), Math.floor(height * shrink), { fit: 'fill' });
  return withShape(await picture.raw().toBuffer({ resolveWithObject: true }));
}

/** The caller has limits of his own, which may be lower. */
const MOST_PIXELS = 400_000_000;

/** Whether some pixels differ enough from the background for a word to be there. */
export function hasInk({ pixels }: GreyPicture): boolean {
  const counts = new Array<number>(256).fill(0);
  for (const pixel of pixels) counts[pixel] = (counts[pixel] ?? 0) + 1;
  const background = counts.indexOf(Math.max(...counts));
  const differing = counts.reduce(
    (sum, count, grey) => sum + (Math.abs(grey - background) > 40 ? count : 0),
    0,
  );
  return differing > pixels.length * LEAST_INK;
}

/** A page number alone on a page is about 0.0001. */
const LEAST_INK = 0.00002;

export async function turnPicture(picture: GreyPicture, { degrees, scale }: Turn): Promise<TurnedPicture> {
  const turned = degrees === 0 ? picture : await rotate(picture, degrees);
  const [width, height] = [Math.round(turned.width * scale), Math.round(turned.height * scale)];
  const scaled = asPicture(turned).resize(Math.max(1, width), Math.max(1, height), { fit: 'fill' });
  const png = await scaled.png({ compressionLevel: 1 }).toBuffer();
  const back = { degrees: -degrees, scale: 1 / scale, from: { width, height }, to: picture };
  return { png, toOriginal: (box) => turnBox(box, back) };
}

async function rotate(picture: GreyPicture, degrees: number): Promise<GreyPicture> {
  const turned = asPicture(picture).rotate(degrees, { background: '#fff' }).greyscale();
  return withShape(await turned.raw().toBuffer({ resolveWithObject: true }));
}

function asPicture({ pixels, width, height }: GreyPicture) {
  return openPicture(pixels, { maxPixels: MOST_PIXELS, raw: { width, height, channels: 1 } }).toColourspace(
    'b-w',
  );
}

type Decoded = {
  readonly data: Uint8Array;
  readonly info: { readonly width: number; readonly height: number };
};
const withShape = ({ data, info }: Decoded): GreyPicture => ({
  pixels: data,
  width: info.width,
  height: info.height,
});

type Size = { readonly width: number; readonly height: number };
type WayBack = Turn & { readonly from: Size; readonly to: Size };

function turnBox([x0, y0, x1, y1]: Box, { degrees, scale, from, to }: WayBack): Box {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const corners = [
    [x0, y0],
    [x1, y0],
    [x0, y1],
    [x1, y1],
  ].map(([x = 0, y = 0]) => {
    const [fromCentreX, fromCentreY] = [(x - from.width / 2) * scale, (y - from.height / 2) * scale];
    return {
      x: to.width / 2 + fromCentreX * cos - fromCentreY * sin,
      y: to.height / 2 + fromCentreX * sin + fromCentreY * cos,
    };
  });
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
