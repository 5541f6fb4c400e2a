import type { Box } from '../../readers/document.ts';
import type { Layer, PageIndex, Range } from './document-index.ts';
import { type Cell, isLabel, isStatement, isValueCell, lineCells } from './line-cells.ts';

type At = {
  readonly page: PageIndex;
  readonly layer: Layer;
  readonly line: Range;
  /** Of the line, and which of them holds the value. */
  readonly cells: readonly Cell[];
  readonly at: number;
};

/** Lines above the value in which its head is looked for. */
const MOST_LINES = 400;

/** The words that head the column of a value, or stand above it: by its box, else by bars, else by the lines' characters. */
export function headAbove(place: At, box: Box | undefined): string | undefined {
  const { layer, line } = place;
  if (layer.hasCells) return headOfColumn(place);
  if (layer.text.slice(line.start, line.end).includes('|')) return headOfBars(place);
  return box ? headOfBox(place.page, box) : headOfCharacters(place);
}

function* linesAbove(text: string, start: number): Generator<Range> {
  let end = start - 1;
  for (let count = 0; end >= 0 && count < MOST_LINES; count += 1) {
    const from = text.lastIndexOf('\n', end - 1) + 1;
    yield { start: from, end };
    end = from - 1;
  }
}

/** The uppermost words of the column, as far as lines with bars go: a table's head is its first row. */
function headOfBars({ layer, line, cells, at }: At): string | undefined {
  let head: string | undefined;
  for (const { start, end } of linesAbove(layer.text, line.start)) {
    const above = layer.text.slice(start, end);
    if (!above.includes('|')) break;
    const cell = lineCells(layer, { start, end }).find(({ column }) => column === cells[at]?.column);
    if (cell && isLabel(cell.text)) head = cell.text;
  }
  return head;
}

/** Of a file of values: its first row. */
function headOfColumn({ layer: { text, pieces }, line, cells, at }: At): string | undefined {
  const first = pieces.find(({ column }) => column === cells[at]?.column);
  const head = first && first.start < line.start ? text.slice(first.start, first.end) : '';
  return isLabel(head) ? head : undefined;
}

/** The nearest words above the value, past the values of its column. */
function headOfBox({ spans }: PageIndex, box: Box): string | undefined {
  const above = spans
    .flatMap(({ text, box: other }) =>
      other && text.trim() !== '' && isAbove(other, box) ? [{ text, box: other }] : [],
    )
    .toSorted((one, other) => other.box[3] - one.box[3]);
  const first = above.find(({ text }) => isLabel(text));
  if (!first || isStatement(first.text) || labelsBeside(spans, first)) return undefined;
  const height = first.box[3] - first.box[1];
  const beside = (other: Box) => Math.abs(other[1] - first.box[1]) < height / 2;
  // A head of several words, or of two lines.
  const parts = above.filter(
    ({ text, box: other }) =>
      isLabel(text) && first.box[1] - other[3] < height / 2 && other[3] <= first.box[3] + height / 2,
  );
  return parts
    .toSorted((one, other) =>
      beside(one.box) && beside(other.box) ? one.box[0] - other.box[0] : one.box[1] - other.box[1],
    )
    .map(({ text }) => text)
    .join(' ');
}

/** Whether words with a colon have their value beside them, as words of a picture are apart: `Net:` and `5`. */
function labelsBeside(
  spans: PageIndex['spans'],
  { text, box }: { readonly text: string; readonly box: Box },
) {
  const height = box[3] - box[1];
  const isBeside = (other: Box) =>
    Math.abs(other[1] - box[1]) < height / 2 && other[0] >= box[2] && other[0] - box[2] < 3 * height;
  return (
    /[:=]\s*$/.test(text) &&
    spans.some((other) => other.box && isValueCell(other.text) && isBeside(other.box))
  );
}

/** Above it, and over a good part of its width, or flush with it. */
function isAbove(other: Box, [x0, y0, x1, y1]: Box): boolean {
  if (other[3] > y0 + (y1 - y0) * 0.3) return false;
  const shared = Math.min(other[2], x1) - Math.max(other[0], x0);
  return shared >= 0.3 * Math.min(other[2] - other[0], x1 - x0);
}

/** As plain text is laid out: what stands over the value's characters in a line above; or the line above alone. */
function headOfCharacters({ layer, line, cells, at }: At): string | undefined {
  const cell = cells[at];
  if (!cell) return undefined;
  const [from, to] = [cell.start - line.start, cell.end - line.start];
  let isFirst = true;
  for (const { start, end } of linesAbove(layer.text, line.start)) {
    const above = lineCells(layer, { start, end });
    if (above.length === 0) break;
    if (cells.length === 1 || above.length === 1) {
      const [only] = above;
      return isFirst &&
        at === 0 &&
        above.length === 1 &&
        only &&
        isLabel(only.text) &&
        !isStatement(only.text)
        ? only.text
        : undefined;
    }
    isFirst = false;
    const over = above.find((other) => other.start - start < to && from < other.end - start);
    if (over && isLabel(over.text)) return over.text;
  }
  return undefined;
}
