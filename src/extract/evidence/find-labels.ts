import type { Layer, PageIndex, Piece, Range } from './document-index.ts';
import { headAbove } from './head-above.ts';
import {
  bareNumbers,
  type Cell,
  isLabel,
  isStatement,
  isValueCell,
  labelBehind,
  lastLabel,
  lineCells,
} from './line-cells.ts';

/** The words that a document puts to a value. */
export type Labels = {
  /** Before it on its line. */
  readonly row?: string;
  /** Whether nothing but those words is between the line's begin, or another value, and this one. */
  readonly isDirect: boolean;
  /** Above it: the head of its column, or the line above where it stands alone. */
  readonly head?: string;
  /** Right behind it, or, where nothing is before, behind or above it, alone on the line below. */
  readonly behind?: string;
  /** Whether it is one of several numbers behind one label, and which of them it may be: the last one. */
  readonly among?: 'last' | 'others';
  /** Whether it stands beside other values as in a table, so that the head says more than the line does. */
  readonly isInTable: boolean;
};

/** `box`: of the value, where the format has a geometry. */
export function findLabels(
  { page, layer }: { readonly page: PageIndex; readonly layer: Layer },
  value: Range,
  box: Piece['box'],
): Labels {
  const line = lineAt(layer.text, value.start);
  const cells = lineCells(layer, line);
  const at = cells.findIndex(({ end }) => end > value.start);
  const cell = cells[at];
  if (!cell) return { isDirect: false, isInTable: false };
  const within = lastLabel(layer.text.slice(cell.start, value.start));
  const isAlone = within.label === '' && !within.isBehindValue && isValueCell(cell.text);
  const beside = [cells[at - 1], cells[at + 1]];
  const isNamed = isBehindColon(layer.text, value.start);
  const isInTable =
    (within.label === '' && within.isBehindValue && !isNamed) ||
    (isAlone && beside.some((other) => other && isValueCell(other.text)));
  // Beside values parted by commas stand other values.
  const row = layer.hasCells
    ? undefined
    : within.label || (within.isBehindValue ? within.before : labelCell(cells.slice(0, at)));
  const head = headAbove({ page, layer, line, cells, at }, box);
  const isDirect = within.label !== '' || !within.isBehindValue;
  const behind = layer.hasCells ? '' : labelBehind(layer.text.slice(value.end, line.end));
  const isBare = !row && !head && behind === '' && cells.length === 1;
  const after = behind || (isBare ? labelBelow(layer, line) : '');
  const among = row === undefined ? undefined : amongOthers(layer.text, line, value);
  return {
    ...(row && { row }),
    ...(head && { head }),
    ...(after && { behind: after }),
    ...(among && { among }),
    isDirect,
    isInTable,
  };
}

function labelBelow(layer: Layer, { end }: Range): string {
  const [cell, ...others] = end < layer.text.length ? lineCells(layer, lineAt(layer.text, end + 1)) : [];
  return cell && others.length === 0 && isLabel(cell.text) && !isStatement(cell.text) ? cell.text : '';
}

function amongOthers(text: string, line: Range, { start, end }: Range): Labels['among'] {
  const [before, behind] = [text.slice(line.start, start), text.slice(end, line.end)];
  const { areSeveral, isLast } = bareNumbers(before, text.slice(start, end), behind);
  return areSeveral ? (isLast ? 'last' : 'others') : undefined;
}

/** `Total: 5`, `Total: CHF 5`. */
export const isBehindColon = (text: string, start: number): boolean =>
  /[:=]\s*(?:\p{Sc}|\p{Lu}{3})?\s*$/u.test(text.slice(Math.max(0, start - 10), start));

/** The nearest cell that is a label. */
const labelCell = (cells: readonly Cell[]): string | undefined =>
  cells.findLast(({ text }) => isLabel(text))?.text;

/** Offsets of the line that holds the offset. */
export function lineAt(text: string, offset: number): Range {
  const end = text.indexOf('\n', offset);
  return { start: text.lastIndexOf('\n', offset - 1) + 1, end: end < 0 ? text.length : end };
}
