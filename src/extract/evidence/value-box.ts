import { around } from '../../readers/box.ts';
import type { Box } from '../../readers/document.ts';
import { type Layer, type Piece, piecesIn, type Range } from './document-index.ts';

/**
 * The box of a part of a page's text: the smallest that holds it. Of a span that it holds in part, the box is cut as if
 * all of its characters were equally wide, which is a few points wrong; of one that is written from right to left or
 * downwards it is the whole.
 */
export function boxOf(layer: Layer, range: Range): Box | undefined {
  const boxes = piecesIn(layer, range).flatMap((piece) =>
    piece.box ? [cut(piece, piece.box, range, layer)] : [],
  );
  return boxes.length > 0 ? around(boxes) : undefined;
}

function cut(piece: Piece, box: Box, { start, end }: Range, layer: Layer): Box {
  const [first, last] = [Math.max(start, piece.start), Math.min(end, piece.end)];
  const length = piece.end - piece.start;
  const [x0, y0, x1, y1] = box;
  const isDownwards = length > 2 && y1 - y0 > 2 * (x1 - x0);
  if (isDownwards || RIGHT_TO_LEFT.test(layer.text.slice(piece.start, piece.end))) return box;
  const width = x1 - x0;
  return [
    x0 + (width * (first - piece.start)) / length,
    y0,
    x0 + (width * (last - piece.start)) / length,
    y1,
  ];
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** 0 to 100: of the word in the range that OCR was least sure of. Undefined where none of them says. */
export function leastConfidence(layer: Layer, range: Range): number | undefined {
  const known = piecesIn(layer, range).flatMap(({ confidence }) =>
    confidence === undefined ? [] : [confidence],
  );
  return known.length > 0 ? Math.min(...known) : undefined;
}
