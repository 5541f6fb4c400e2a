import type { Layout } from './tesseract.ts';
import type { GreyPicture } from './turned-picture.ts';

/** Whether the lines run from top to bottom: the picture lies on its side. */
export function isSideways({ lines }: Layout): boolean {
  const [width, height] = [sum(lines.map(widthOf)), sum(lines.map(heightOf))];
  return height > 2 * width;
}

/** By how much a picture is scaled to be read. Small letters are made larger: those of 11 points at 75 dpi are read at
 * 0.92 as they are and at 0.99 so. Others are left, since nothing is won. */
export function readingScale({ lines }: Layout, picture: GreyPicture): number {
  const height = lineHeight(lines);
  return height < SMALL_HEIGHT ? Math.min(READING_HEIGHT / height, MOST_ENLARGED, roomFor(picture)) : 1;
}

/** By how much a picture is made smaller to try which way up it is. */
export const probingScale = ({ lines }: Layout): number => Math.min(1, PROBING_HEIGHT / lineHeight(lines));

/** Pixels of a line of text. A line of 11 points has 20 at 150 dpi. */
const SMALL_HEIGHT = 18;
const READING_HEIGHT = 40;
const PROBING_HEIGHT = 14;
const MOST_ENLARGED = 4;
const MOST_PIXELS = 9_000_000;

const roomFor = ({ width, height }: GreyPicture): number =>
  Math.max(1, Math.sqrt(MOST_PIXELS / (width * height)));

type Line = Layout['lines'][number];
const widthOf = ({ bbox }: Line): number => bbox.x1 - bbox.x0;
const heightOf = ({ bbox }: Line): number => bbox.y1 - bbox.y0;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function lineHeight(lines: readonly Line[]): number {
  const heights = lines.map((line) => Math.min(widthOf(line), heightOf(line))).sort((a, b) => a - b);
  return Math.max(1, heights[heights.length >> 1] ?? SMALL_HEIGHT);
}
