import type { Box } from '../../readers/document.ts';
import { type Layer, type Piece, piecesIn, type Range } from './document-index.ts';

/** Shares of the height of the number's text. */
const [SMALLEST, HIGHEST, WIDEST_GAP] = [0.8, 0.2, 0.2];
/** Between a number and the digits that touch it, in UTF-16 units of the text. */
const REACH = 2;

/**
 * Whether digits in or at a number are clearly smaller, or stand higher or lower than the others: the cents of a price or
 * the number of a note, and the text does not say which. Seen only where they are pieces of their own.
 */
export function hasRaisedDigits(layer: Layer, { start, end }: Range): boolean {
  const near = piecesIn(layer, { start: start - REACH, end: end + REACH });
  const digits = near.flatMap((piece) =>
    piece.box && /\p{N}/u.test(layer.text.slice(piece.start, piece.end)) ? [{ piece, box: piece.box }] : [],
  );
  const own = digits.filter(({ piece }) => isIn(piece, { start, end }));
  const [main] = own.toSorted((one, other) => heightOf(other.box) - heightOf(one.box));
  if (!main) return false;
  const height = Math.max(...digits.map(({ box }) => heightOf(box)));
  return digits.some(
    ({ piece, box }) =>
      piece !== main.piece &&
      (isIn(piece, { start, end }) || own.some((part) => gapBetween(part.box, box) < WIDEST_GAP * height)) &&
      (Math.min(heightOf(box), heightOf(main.box)) < SMALLEST * height ||
        Math.abs(box[3] - main.box[3]) > HIGHEST * height) &&
      // On the line above or below.
      Math.min(box[3], main.box[3]) > Math.max(box[1], main.box[1]),
  );
}

const isIn = (piece: Piece, { start, end }: Range): boolean => piece.start < end && start < piece.end;
const heightOf = ([, y0, , y1]: Box): number => y1 - y0;
const gapBetween = (one: Box, other: Box): number => Math.max(one[0], other[0]) - Math.min(one[2], other[2]);
