import type { Box } from '../document.ts';
import { type PDFPageProxy, pdfjs } from './pdf-library.ts';

/** A piece of text as the page's program draws it, mostly a word or a line of one font. */
export type TextItem = {
  readonly text: string;
  readonly box: Box;
  /** Where the letters stand, in points: a y of upright text, an x of text that runs down or up. */
  readonly baseline: number;
  /** Of the font, in points. */
  readonly size: number;
  /** Quarter turns clockwise: 0 upright, 1 running down, 2 upside down, 3 running up. */
  readonly angle: 0 | 1 | 2 | 3;
  /** Letters one under the other, as Chinese and Japanese may be set. */
  readonly vertical: boolean;
  readonly direction: 'ltr' | 'rtl' | 'ttb';
  readonly endsLine: boolean;
  /** As the structure tree names its content. */
  readonly markedContentId?: string;
};

type Content = Awaited<ReturnType<PDFPageProxy['getTextContent']>>;
type Piece = Extract<Content['items'][number], { str: string }>;
type Marker = Exclude<Content['items'][number], Piece>;
type Style = Content['styles'][string];
type Viewport = ReturnType<PDFPageProxy['getViewport']>;
type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
type Place = { readonly viewport: Viewport; readonly id: string | undefined };
/** `scale`: how many units of the page's program one unit of the text is. */
type Letters = { readonly matrix: Matrix; readonly scale: number; readonly style: Style | undefined };

/** `viewport` is that of scale 1, and with it the items are in points from the top left, the page's rotation applied. */
export function toTextItems(
  { items, styles }: Pick<Content, 'items' | 'styles'>,
  viewport: Viewport,
): TextItem[] {
  const found: TextItem[] = [];
  const marked: (string | undefined)[] = [];
  for (const item of items) {
    if (!('str' in item)) follow(marked, item);
    else if (item.str !== '')
      found.push(toTextItem(item, styles[item.fontName], { viewport, id: marked.findLast(Boolean) }));
    else if (item.hasEOL) endLine(found);
  }
  return found;
}

function toTextItem(piece: Piece, style: Style | undefined, { viewport, id }: Place): TextItem {
  const [a, b, c, d] = piece.transform as unknown as Matrix;
  const matrix = pdfjs.Util.transform(viewport.transform, piece.transform) as unknown as Matrix;
  const scale = Math.hypot(a, b) || 1;
  const size = Math.hypot(c, d) || scale;
  const vertical = style?.vertical ?? false;
  const angle = vertical ? 0 : quarterTurns(matrix);
  return {
    text: piece.str,
    box: vertical ? columnBox(piece, matrix, size) : lineBox(piece, { matrix, scale, style }),
    baseline: angle % 2 === 0 ? matrix[5] : matrix[4],
    size,
    angle,
    vertical,
    direction: piece.dir as TextItem['direction'],
    endsLine: piece.hasEOL,
    ...(id === undefined ? {} : { markedContentId: id }),
  };
}

function quarterTurns([a, b]: Matrix): TextItem['angle'] {
  return (Math.round(Math.atan2(b, a) / (Math.PI / 2)) & 3) as TextItem['angle'];
}

function columnBox({ height }: Piece, [, , , , x, y]: Matrix, size: number): Box {
  return [x - size / 2, y, x + size / 2, y + height];
}

/** Around the four corners, since text may stand at any angle. */
function lineBox({ width }: Piece, { matrix, scale, style }: Letters): Box {
  const [a, b, c, d, x, y] = matrix;
  // In parts of the font's size. What fonts claim is not always so.
  const ascent = style && style.ascent > 0 ? Math.min(style.ascent, 1.2) : 0.8;
  const descent = style && style.descent < 0 ? Math.max(style.descent, -0.5) : -0.2;
  const [alongX, alongY] = [(a / scale) * width, (b / scale) * width];
  const xs = [x + c * ascent, x + c * descent, x + c * ascent + alongX, x + c * descent + alongX];
  const ys = [y + d * ascent, y + d * descent, y + d * ascent + alongY, y + d * descent + alongY];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function follow(marked: (string | undefined)[], { type, id }: Marker): void {
  if (type === 'endMarkedContent') marked.pop();
  else marked.push(type === 'beginMarkedContentProps' ? id : undefined);
}

/** The end of a line may come as a piece without text. */
function endLine(items: TextItem[]): void {
  const last = items.pop();
  if (last) items.push({ ...last, endsLine: true });
}
