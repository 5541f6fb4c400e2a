import type { Box } from '../document.ts';
import type { Raster } from '../reader.ts';
import { openPicture } from './sharp.ts';

/** PNG with a frame around a box, which is in points of the raster. */
export async function frameBox(raster: Raster, box: Box): Promise<Uint8Array> {
  const { bytes, width, height, pointsPerPixel } = raster;
  const [x0, y0, x1, y1] = box.map((points) => points / pointsPerPixel) as unknown as Box;
  const [left, top] = [within(Math.floor(x0) - AWAY, width), within(Math.floor(y0) - AWAY, height)];
  const [right, bottom] = [within(Math.ceil(x1) + AWAY, width), within(Math.ceil(y1) + AWAY, height)];
  const [across, down] = [right - left + THICK, bottom - top + THICK];
  const bars = [
    { left, top, width: across, height: THICK },
    { left, top: bottom, width: across, height: THICK },
    { left, top, width: THICK, height: down },
    { left: right, top, width: THICK, height: down },
  ].map((area) => toBar(area, raster));
  const picture = openPicture(bytes, { maxPixels: width * height }).toColourspace('srgb');
  return new Uint8Array(await picture.composite(bars).png().toBuffer());
}

/** Pixels. */
const THICK = 3;
/** From the box, so that the frame hides nothing of it. */
const AWAY = 5;
const COLOUR = '#d00020';

type Area = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

const within = (at: number, length: number): number => Math.min(Math.max(0, at), Math.max(0, length - THICK));

/** sharp refuses a bar that is longer than the picture: that of a tiny one is shortened. */
const toBar = ({ left, top, width, height }: Area, most: Raster) => ({
  input: {
    create: {
      width: Math.min(width, most.width),
      height: Math.min(height, most.height),
      channels: 3 as const,
      background: COLOUR,
    },
  },
  left,
  top,
});
