import type { Element } from '@xmldom/xmldom';
import { type CellDraft, tableText } from '../text/build-table.ts';
import type { Block } from '../text/flow-page.ts';
import { attribute } from './zip-xml.ts';

/** A table whose rows are being read. `repeat`: how often the row at hand stands there. */
export type OpenTable = { readonly rows: CellDraft[][]; repeat: number };

/** How often a row or a cell may say that it comes again. */
const MOST_REPEATS = 1000;

export const repeatsOf = (element: Element, name: string): number =>
  Math.max(1, Math.min(Number(attribute(element, name)) || 1, MOST_REPEATS));

export function draftsOf(cell: Element, blocks: readonly Block[]): readonly CellDraft[] {
  const text = blocks
    .map((block) => (block.type === 'text' ? block.text : tableText(block.table)))
    .join('\n');
  const draft: CellDraft = {
    text,
    rowSpan: Number(attribute(cell, 'number-rows-spanned')) || 1,
    columnSpan: Number(attribute(cell, 'number-columns-spanned')) || 1,
  };
  return Array.from({ length: repeatsOf(cell, 'number-columns-repeated') }, () => draft);
}

export function repeatRow(table: OpenTable | undefined): void {
  const row = table?.rows.at(-1);
  if (!table || !row || row.every(({ text }) => text === '')) return;
  for (let done = 1; done < table.repeat; done += 1) table.rows.push(row);
}

export const withoutEmptyEnd = (rows: readonly CellDraft[][]): readonly CellDraft[][] =>
  rows.slice(0, rows.findLastIndex((row) => row.some(({ text }) => text !== '')) + 1);
