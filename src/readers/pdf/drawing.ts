import type { Box } from '../document.ts';
import type { DrawnPicture, RulingLine } from './page-geometry.ts';
import { lineOfBox, linesOfPath, type Matrix, multiply, shownBox } from './path-lines.ts';
import { pdfjs } from './pdf-library.ts';

export type Graphics = {
  readonly matrix: Matrix;
  readonly clip: Box;
  /** Of white nothing is seen on paper. */
  readonly whiteFill: boolean;
  readonly whiteStroke: boolean;
  readonly lineWidth: number;
  readonly hiddenText: boolean;
};
/** What is known of a page while its operators are walked over. */
export type Drawing = {
  readonly start: Graphics;
  graphics: Graphics;
  saved: Graphics[];
  clipsNext: boolean;
  inAnnotation: boolean;
  cost: number;
  readonly lines: RulingLine[];
  readonly pictures: DrawnPicture[];
  readonly counts: { paths: number; curves: number; shows: number; letters: number; hidden: number };
};

/** More of them are no table, but a drawing or an attack. */
const MOST_LINES = 20_000;
const MOST_PICTURES = 5000;

/** `viewport` is that of scale 1. */
export function startDrawing(viewport: {
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
}): Drawing {
  const start: Graphics = {
    matrix: viewport.transform as unknown as Matrix,
    clip: [0, 0, viewport.width, viewport.height],
    whiteFill: false,
    whiteStroke: false,
    lineWidth: 1,
    hiddenText: false,
  };
  return {
    start,
    graphics: start,
    saved: [],
    clipsNext: false,
    inAnnotation: false,
    cost: 0,
    lines: [],
    pictures: [],
    counts: { paths: 0, curves: 0, shows: 0, letters: 0, hidden: 0 },
  };
}

export const change = (drawing: Drawing, graphics: Partial<Graphics>): void => {
  drawing.graphics = { ...drawing.graphics, ...graphics };
};
export const save = (drawing: Drawing): void => {
  drawing.saved.push(drawing.graphics);
};
export const restore = (drawing: Drawing): void => {
  drawing.graphics = drawing.saved.pop() ?? drawing.graphics;
};
export const move = (drawing: Drawing, matrix: unknown): void => {
  if (isNumbers<Matrix>(matrix, 6)) change(drawing, { matrix: multiply(drawing.graphics.matrix, matrix) });
};
export const clipTo = (drawing: Drawing, box: unknown): void => {
  const { matrix, clip } = drawing.graphics;
  if (isNumbers<Box>(box, 4)) change(drawing, { clip: overlap(clip, shownBox(matrix, box)) });
};

const { OPS } = pdfjs;
const STROKES = new Set([OPS.stroke, OPS.closeStroke]);
const FILLS = new Set([OPS.fill, OPS.eoFill]);
const BOTH = new Set([OPS.fillStroke, OPS.eoFillStroke, OPS.closeFillStroke, OPS.closeEOFillStroke]);

export function drawPath(drawing: Drawing, [paint, data, reach]: readonly unknown[]): void {
  const path = Array.isArray(data) ? data[0] : undefined;
  if (path instanceof Float32Array) {
    const { matrix, whiteFill, whiteStroke, lineWidth } = drawing.graphics;
    const operator = Number(paint);
    const isStroked = (STROKES.has(operator) || BOTH.has(operator)) && !whiteStroke;
    const isFilled = (FILLS.has(operator) || BOTH.has(operator)) && !whiteFill;
    const drawn = linesOfPath(path, { matrix, isStroked, isFilled, lineWidth });
    drawing.cost += path.length / 8;
    drawing.counts.paths += 1;
    drawing.counts.curves += drawn.curves;
    for (const line of drawn.lines) addLine(drawing, line);
  }
  // A path that clips is drawn before it does.
  if (drawing.clipsNext) clipTo(drawing, reach);
  drawing.clipsNext = false;
}

/** Lines of annotations are frames of form fields and marks, which are laid over the page. */
function addLine(drawing: Drawing, line: RulingLine | undefined): void {
  if (!line || drawing.inAnnotation || drawing.lines.length >= MOST_LINES) return;
  const [x0, y0, x1, y1] = drawing.graphics.clip;
  const [low, high, least, most] = line.vertical ? [y0, y1, x0, x1] : [x0, x1, y0, y1];
  const from = Math.max(line.from, low);
  const to = Math.min(line.to, high);
  if (from < to && line.at >= least - 1 && line.at <= most + 1) drawing.lines.push({ ...line, from, to });
}

/** A picture fills it. */
const UNIT = [0, 0, 1, 1] as const;
const PIXELS_OF_LINE = 4;

export function drawPicture(drawing: Drawing, image: unknown): void {
  const { width, height } = (image ?? {}) as { readonly width?: unknown; readonly height?: unknown };
  if (typeof width !== 'number' || typeof height !== 'number') return;
  const { matrix, clip } = drawing.graphics;
  const whole = shownBox(matrix, UNIT);
  // Scanners may cut a page into strips as thin as a line, but of more pixels than one.
  if (Math.min(width, height) <= PIXELS_OF_LINE) addLine(drawing, lineOfBox(whole));
  const box = overlap(whole, clip);
  const isSeen = box[0] < box[2] && box[1] < box[3];
  if (isSeen && drawing.pictures.length < MOST_PICTURES) drawing.pictures.push({ box, width, height });
}

/** A mask of one pixel. */
export function drawUnit(drawing: Drawing): void {
  if (!drawing.graphics.whiteFill) addLine(drawing, lineOfBox(shownBox(drawing.graphics.matrix, UNIT)));
}

const overlap = (a: Box, b: Box): Box => [
  Math.max(a[0], b[0]),
  Math.max(a[1], b[1]),
  Math.min(a[2], b[2]),
  Math.min(a[3], b[3]),
];

/** pdf.js gives arrays and typed arrays. */
const isNumbers = <T>(value: unknown, length: number): value is T =>
  (Array.isArray(value) || value instanceof Float32Array) &&
  value.length === length &&
  Array.from(value).every(Number.isFinite);
