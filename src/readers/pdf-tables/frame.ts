/** A page turned so that the text of one direction is upright: tables may lie on their side. */
import type { Box } from '../document.ts';
import type { RulingLine } from '../pdf/page-geometry.ts';
import type { TextItem } from '../pdf/text-items.ts';
import { splitAtSpaces } from './letter-widths.ts';

/** Quarter turns clockwise by which the text of a frame runs on the page as it is shown. */
export type Angle = 0 | 1 | 2 | 3;
export type Size = { readonly width: number; readonly height: number };

/** A piece of text without wide gaps in it: from one letter to a line of prose. Its box is in the frame. */
export type Word = {
  readonly text: string;
  readonly box: Box;
  /** The y of the line that its letters stand on. */
  readonly baseline: number;
  readonly size: number;
  readonly rightToLeft: boolean;
  readonly upright: boolean;
  /** Its place in the order of the page's program. */
  readonly order: number;
};

export type Frame = Size & {
  readonly angle: Angle;
  readonly words: readonly Word[];
  readonly lines: readonly RulingLine[];
};

export function toFrame(
  page: Size & { readonly items: readonly TextItem[]; readonly lines: readonly RulingLine[] },
  angle: Angle,
): Frame {
  const isSideways = angle % 2 === 1;
  return {
    angle,
    width: isSideways ? page.height : page.width,
    height: isSideways ? page.width : page.height,
    words: page.items.flatMap((item, order) =>
      wordsOf(item, order, (box) => turnBox(box, angle, page), angle),
    ),
    lines: page.lines.map((line) => turnLine(line, angle, page)),
  };
}

/** A box of a frame, on the page as it is shown. */
export const onPage = (box: Box, frame: Frame): Box => turnBox(box, ((4 - frame.angle) % 4) as Angle, frame);

/** `size` is that of the page before it is turned. */
export function turnBox([x0, y0, x1, y1]: Box, angle: Angle, { width, height }: Size): Box {
  if (angle === 0) return [x0, y0, x1, y1];
  if (angle === 1) return [y0, width - x1, y1, width - x0];
  if (angle === 2) return [width - x1, height - y1, width - x0, height - y0];
  return [height - y1, x0, height - y0, x1];
}

function turnLine(line: RulingLine, angle: Angle, size: Size): RulingLine {
  if (angle === 0) return line;
  const { at, from, to } = line;
  const [x0, y0, x1, y1] = turnBox(line.vertical ? [at, from, at, to] : [from, at, to, at], angle, size);
  const vertical = line.vertical !== (angle % 2 === 1);
  return vertical
    ? { ...line, vertical, at: x0, from: y0, to: y1 }
    : { ...line, vertical, at: y0, from: x0, to: x1 };
}

function wordsOf(item: TextItem, order: number, turn: (box: Box) => Box, angle: Angle): readonly Word[] {
  if (item.text.trim() === '') return [];
  const box = turn(item.box);
  const upright = item.angle === angle && !item.vertical;
  // Fonts claim descents of every size; a fifth below the baseline is what letters have.
  const baseline = upright ? turnedBaseline(item, turn) : box[3];
  const word: Word = {
    text: item.text.trim(),
    box,
    baseline,
    size: item.size,
    rightToLeft: item.direction === 'rtl',
    upright,
    order,
  };
  return upright ? splitAtSpaces({ ...word, text: item.text }) : [word];
}

function turnedBaseline({ baseline, angle, box }: TextItem, turn: (box: Box) => Box): number {
  const [x0, y0, x1, y1] = box;
  return turn(angle % 2 === 0 ? [x0, baseline, x1, baseline] : [baseline, y0, baseline, y1])[1];
}
