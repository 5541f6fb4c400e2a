import { around } from '../../box.ts';
import type { Box, Span } from '../../document.ts';
import type { TextItem } from '../text-items.ts';
import { hasWideGap, type Line, spaceBetween, toLines } from './lines.ts';
import { toBlocks } from './reading-order.ts';
import { toFrames } from './runs.ts';

export type PageText = {
  /** In reading order. */
  readonly text: string;
  /** Each stands in `text`, in this order, as it is written here. It ends where a word does, and at the end of its
   * column at the latest. */
  readonly spans: readonly Span[];
  readonly isRightToLeft: boolean;
  /** How many lines have a gap as wide as that between columns, seen over the whole width of the page. */
  readonly linesWithGaps: number;
};

/** Upright text first, then what runs down, upside down and up. */
export function toPageText(items: readonly TextItem[]): PageText {
  const frames = toFrames(items);
  const lines = frames.flatMap((frame) => toBlocks(frame).flatMap(toLines));
  const pieces = lines.map(toPieces);
  return {
    text: pieces.map((line) => line.map(({ before, span }) => before + span.text).join('')).join('\n'),
    spans: pieces.flat().map(({ span }) => span),
    isRightToLeft: frames.flat().some((run) => run.isRtl),
    linesWithGaps: frames.flatMap(toLines).filter(hasWideGap).length,
  };
}

type Piece = { readonly before: string; readonly span: Span & { readonly box: Box } };

/** Runs that are parts of one word become one span. */
function toPieces({ runs }: Line): readonly Piece[] {
  const pieces: Piece[] = [];
  runs.forEach((run, index) => {
    const previous = runs[index - 1];
    const gap = previous ? spaceBetween(previous, run) : '';
    const isApart = gap !== '' || !previous || /\s$/.test(previous.text) || /^\s/.test(run.text);
    const last = isApart ? undefined : pieces.pop();
    if (last) pieces.push({ before: last.before, span: join(last.span, run) });
    else pieces.push({ before: previous ? gap || ' ' : '', span: { text: run.text.trim(), box: run.box } });
  });
  return pieces;
}

function join(
  span: Piece['span'],
  { text, box }: { readonly text: string; readonly box: Box },
): Piece['span'] {
  return { text: span.text + text.trimEnd(), box: around([span.box, box]) };
}
