/** Ruling lines in a path of pdf.js: its straight strokes, its thin boxes, and the edges of its areas of colour. */
import type { Box } from '../document.ts';
import type { RulingLine } from './page-geometry.ts';

export type Matrix = readonly [number, number, number, number, number, number];

/** In points. */
const THICKEST_LINE = 4;
const SHORTEST_LINE = 1;
/** In numbers. A longer one is a drawing, and is taken to be all curves. */
const LONGEST_PATH = 400_000;
/** A line may lean by this much over its length. */
const LEAN = 1.5;

type Paint = {
  readonly matrix: Matrix;
  readonly isStroked: boolean;
  readonly isFilled: boolean;
  readonly lineWidth: number;
};
type Point = readonly [x: number, y: number];
/** `curves`: the points to which a curve leads. */
type Outline = { readonly points: Point[]; readonly curves: Set<Point> };

export function linesOfPath(
  path: Float32Array,
  paint: Paint,
): { readonly lines: readonly RulingLine[]; readonly curves: number } {
  if (path.length > LONGEST_PATH) return { lines: [], curves: Math.floor(path.length / 7) };
  const { outlines, curves } = outlinesOf(path, paint.matrix);
  const strokes = paint.isStroked ? outlines.flatMap((outline) => strokesOf(outline, paint)) : [];
  const areas = paint.isFilled ? outlines.filter((outline) => outline.curves.size === 0) : [];
  return { lines: [...strokes, ...areas.flatMap(({ points }) => linesOfArea(points))], curves };
}

/** The line that a thin box looks like. */
export function lineOfBox([x0, y0, x1, y1]: Box): RulingLine | undefined {
  const width = x1 - x0;
  const height = y1 - y0;
  if (Math.min(width, height) > THICKEST_LINE || Math.max(width, height) < SHORTEST_LINE) return undefined;
  return width < height
    ? { vertical: true, at: (x0 + x1) / 2, from: y0, to: y1, drawn: true }
    : { vertical: false, at: (y0 + y1) / 2, from: x0, to: x1, drawn: true };
}

/** `first`, then `second`, as pdf.js's `Util.transform` has it. */
export const multiply = (first: Matrix, second: Matrix): Matrix => [
  first[0] * second[0] + first[2] * second[1],
  first[1] * second[0] + first[3] * second[1],
  first[0] * second[2] + first[2] * second[3],
  first[1] * second[2] + first[3] * second[3],
  first[0] * second[4] + first[2] * second[5] + first[4],
  first[1] * second[4] + first[3] * second[5] + first[5],
];

/** What a box takes up on the page. */
export function shownBox(matrix: Matrix, [x0, y0, x1, y1]: Box): Box {
  const corners = [
    shown(matrix, x0, y0),
    shown(matrix, x1, y0),
    shown(matrix, x0, y1),
    shown(matrix, x1, y1),
  ];
  return boxAround(corners);
}

const shown = (m: Matrix, x: number, y: number): Point => [
  m[0] * x + m[2] * y + m[4],
  m[1] * x + m[3] * y + m[5],
];

/** pdf.js writes a path as numbers: 0 and 1 move and draw to a point, 2 and 3 are curves of three and two points, 4
 * closes. */
function outlinesOf(path: Float32Array, matrix: Matrix): { outlines: readonly Outline[]; curves: number } {
  const outlines: Outline[] = [];
  let outline: Outline = { points: [], curves: new Set() };
  let curves = 0;
  const number = (at: number) => path[at] ?? 0;
  const open = (first: Point | undefined) => {
    if (outline.points.length > 1) outlines.push(outline);
    outline = { points: first ? [first] : [], curves: new Set() };
  };
  for (let at = 0; at < path.length; ) {
    const step = number(at);
    const last = at + (POINTS_OF_STEP[step] ?? 0) * 2;
    if (step === 4) {
      const [first] = outline.points;
      if (first) outline.points.push(first);
    } else {
      const point = shown(matrix, number(last - 1), number(last));
      if (step === 0) open(point);
      else outline.points.push(point);
      if (step > 1) {
        outline.curves.add(point);
        curves += 1;
      }
    }
    at = last + 1;
  }
  open(undefined);
  return { outlines, curves };
}
const POINTS_OF_STEP: readonly number[] = [1, 1, 3, 2, 0];

/** A stroke as broad as a row is an area of colour. */
function strokesOf({ points, curves }: Outline, { matrix, lineWidth }: Paint): readonly RulingLine[] {
  const width = lineWidth * Math.sqrt(Math.abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]));
  const lines: RulingLine[] = [];
  for (let at = 1; at < points.length; at++) {
    const [a, b] = [points[at - 1], points[at]];
    if (!a || !b || curves.has(b)) continue;
    const [x0, y0, x1, y1] = boxAround([a, b]);
    if (Math.min(x1 - x0, y1 - y0) > LEAN) continue;
    if (width <= THICKEST_LINE) {
      const line = lineOfBox([x0, y0, x1, y1]);
      if (line) lines.push(line);
      continue;
    }
    const [right, down] = x1 - x0 > y1 - y0 ? [0, width / 2] : [width / 2, 0];
    lines.push(...edgesOf([x0 - right, y0 - down, x1 + right, y1 + down]));
  }
  return lines;
}

/** Of a box, as corners in any order; other shapes have none. */
function linesOfArea(points: readonly Point[]): readonly RulingLine[] {
  if (points.length < 2 || points.length > 6) return [];
  const box = boxAround(points);
  const [x0, y0, x1, y1] = box;
  const isBox = points.every(
    ([x, y]) => Math.min(x - x0, x1 - x) < SHORTEST_LINE && Math.min(y - y0, y1 - y) < SHORTEST_LINE,
  );
  if (!isBox) return [];
  const line = lineOfBox(box);
  return line ? [line] : edgesOf(box);
}

const edgesOf = ([x0, y0, x1, y1]: Box): readonly RulingLine[] => [
  { vertical: false, at: y0, from: x0, to: x1, drawn: false },
  { vertical: false, at: y1, from: x0, to: x1, drawn: false },
  { vertical: true, at: x0, from: y0, to: y1, drawn: false },
  { vertical: true, at: x1, from: y0, to: y1, drawn: false },
];

function boxAround(points: readonly Point[]): Box {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  return [x0, y0, x1, y1];
}
