import type { Box } from '../document.ts';
import type { PageGeometry } from './page-geometry.ts';
import type { TextItem } from './text-items.ts';

/**
 * What a page is by what stands on it:
 * - text: letters enough.
 * - ocr-layer: a picture, and letters over it that cannot be seen.
 * - garbled: letters that are stored as no letters.
 * - scanned: a picture nearly alone.
 * - mixed: little text, and pictures large enough to hold words.
 * - drawn: neither, but lines or small pictures. empty: nothing at all.
 */
export type PageClass = 'text' | 'ocr-layer' | 'garbled' | 'scanned' | 'mixed' | 'drawn' | 'empty';

/** Fewer letters than this are a stamp or a page number. */
const FEW_LETTERS = 25;
/** A page with fewer is not full of text: what else is on it may be its content. */
const SOME_LETTERS = 400;
/** Of the page: a picture of this size may hold words. */
export const NOTABLE_SHARE = 0.03;
const LARGE_SHARE = 0.5;

export type Letters = { readonly count: number; readonly bad: number };

/** Bad are letters that no reader knows: control characters, those of private use, and the replacement character. */
export function countLetters(items: readonly TextItem[]): Letters {
  let [count, bad] = [0, 0];
  for (const { text } of items) {
    count += text.replace(/\s+/g, '').length;
    bad += text.match(BAD_LETTERS)?.length ?? 0;
  }
  return { count, bad };
}

const BAD_LETTERS = /[^\P{Cc}\s]|\uFFFD|\p{Co}/gu;

export const isGarbled = ({ count, bad }: Letters): boolean => count >= FEW_LETTERS && bad / count > 0.2;

/** Whether text alone makes the page one of text, as long as there are no pictures. */
export const isClearlyText = (letters: Letters): boolean =>
  letters.count >= CLEARLY_TEXT && !isGarbled(letters);
const CLEARLY_TEXT = 100;

export function classifyPage(letters: Letters, geometry: PageGeometry): PageClass {
  const covered = pictureShare(geometry);
  if (isGarbled(letters)) return 'garbled';
  if (letters.count > 0 && geometry.invisibleText > 0.8 && covered > LARGE_SHARE) return 'ocr-layer';
  if (letters.count < FEW_LETTERS && covered > LARGE_SHARE) return 'scanned';
  if (letters.count >= FEW_LETTERS)
    return letters.count < SOME_LETTERS && notablePictures(geometry).length > 0 ? 'mixed' : 'text';
  if (letters.count > 0) return isDrawn(geometry) ? 'drawn' : 'text';
  const isEmpty = geometry.pictures.length === 0 && geometry.paths === 0 && geometry.textOperators === 0;
  return isEmpty ? 'empty' : 'drawn';
}

/** Letters may be drawn as shapes, or be a picture of some size. */
function isDrawn(geometry: PageGeometry): boolean {
  return geometry.paths > 400 || geometry.curves > 300 || pictureShare(geometry) > 0.05;
}

/** In parts of the page, laid over each other or not. */
export function pictureShare({ pictures, width, height }: PageGeometry): number {
  const filled = new Set<number>();
  const toCell = (value: number, side: number) => Math.max(0, Math.min(CELLS, (value / side) * CELLS));
  for (const { box } of pictures) {
    const [x0, x1] = [Math.floor(toCell(box[0], width)), Math.ceil(toCell(box[2], width))];
    const [y0, y1] = [Math.floor(toCell(box[1], height)), Math.ceil(toCell(box[3], height))];
    for (let y = y0; y < y1; y += 1) for (let x = x0; x < x1; x += 1) filled.add(y * CELLS + x);
    if (filled.size === CELLS * CELLS) break;
  }
  return filled.size / (CELLS * CELLS);
}
const CELLS = 48;

export function notablePictures({ pictures, width, height }: PageGeometry): PageGeometry['pictures'] {
  return pictures.filter(({ box }) => area(box) >= NOTABLE_SHARE * width * height);
}

const area = ([x0, y0, x1, y1]: Box): number => Math.max(0, x1 - x0) * Math.max(0, y1 - y0);
