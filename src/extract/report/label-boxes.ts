import type { Box, Span } from '../../readers/document.ts';
import type { EvidenceEntry } from '../table/evidence-of.ts';
import type { Size } from './crop.ts';
import { quoteContext } from './quote-context.ts';

/**
 * Where the words stand that the quote has before its value on the same line, such as `Total`, far to the left: without
 * them a picture of the value proves nothing. Where the page's words have no places any more, as far as the margin.
 */
export function labelBoxes(
  { value }: EvidenceEntry,
  { spans, size: [width] }: { readonly spans: readonly Span[]; readonly size: Size },
): readonly Box[] {
  const { box, quote = '', original } = value;
  if (!box) return [];
  const { quote: parts } = quoteContext({ quote, ...(original !== undefined && { original }) }, undefined);
  const before = parts[0].trim();
  if (before === '' || parts[1] === '') return [];
  const [, y0, x1, y1] = box;
  if (spans.length === 0) return [[width * MARGIN, y0, x1, y1]];
  return spans.flatMap((span) => {
    const isLabel = span.text.trim() !== '' && before.includes(span.text.trim());
    return span.box && isLabel && isOnLine(span.box, box) ? [span.box] : [];
  });
}

const MARGIN = 0.06;

/** Whether its middle lies at the height of the value, and it begins before it. */
function isOnLine([x0, y0, , y1]: Box, value: Box): boolean {
  const middle = (y0 + y1) / 2;
  return middle > value[1] && middle < value[3] && x0 < value[0];
}
