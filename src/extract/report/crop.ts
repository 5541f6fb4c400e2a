import type { Box } from '../../readers/document.ts';

/** A viewBox of SVG, in points. */
export type View = readonly [x: number, y: number, width: number, height: number];
/** In points. */
export type Size = readonly [width: number, height: number];

/**
 * What of a page is shown for these boxes: wide enough that the words beside them can be read, at least a line above
 * and below, within the page. Measures go by the page's width, since a scan without a resolution counts one point a
 * pixel.
 */
export function cropAround(boxes: readonly Box[], [width, height]: Size): View {
  const x0 = Math.min(...boxes.map((box) => box[0]));
  const y0 = Math.min(...boxes.map((box) => box[1]));
  const x1 = Math.max(...boxes.map((box) => box[2]));
  const y1 = Math.max(...boxes.map((box) => box[3]));
  const wide = Math.min(width, Math.max(width * SHARE, x1 - x0 + width * MARGIN * 2));
  const high = Math.min(height, y1 - y0 + width * MARGIN * 2);
  // What a value is called mostly stands before it.
  const left = x0 - (wide - (x1 - x0)) * LEFT_SHARE;
  const top = y0 - (high - (y1 - y0)) / 2;
  return [within(left, wide, width), within(top, high, height), round(wide), round(high)];
}

const SHARE = 0.62;
const MARGIN = 0.035;
const LEFT_SHARE = 0.66;

const within = (start: number, length: number, whole: number): number =>
  round(Math.max(0, Math.min(start, whole - length)));

const round = (points: number): number => Math.round(points * 100) / 100;
