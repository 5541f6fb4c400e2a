import type { Page, Picture, Problem, Table } from '../document.ts';
import { problem } from '../document.ts';
import { buildTable, type CellDraft, plainTable, rowKeeper, tableText } from '../text/build-table.ts';
import { type Block, flowPage, tableBlock, textBlock } from '../text/flow-page.ts';
import { cellText } from './cell-text.ts';
import type { Zip } from './open-zip.ts';
import { relationshipsOf } from './relationships.ts';
import type { SheetFacts } from './sheet-facts.ts';
import { attribute, elementsOf, readXmlPart, walkXml } from './zip-xml.ts';

type SheetContent = {
  readonly number: number;
  readonly label: string;
  readonly part: string;
  readonly facts: SheetFacts;
  readonly rows: readonly (readonly unknown[])[];
  readonly warnings: readonly Problem[];
};

/** A sheet as one table, with its comments below it. */
export function sheetPage(zip: Zip, { number, label, part, facts, rows, warnings }: SheetContent): Page {
  const texts = textRows(rows, facts);
  const kept = rowKeeper();
  for (const row of texts) kept.add(row);
  const rest = texts.slice(kept.rows.length);
  const blocks = [
    ...(texts.length > 0 ? [tableBlock(tableOf(kept.rows, facts))] : []),
    ...(rest.length > 0 ? [textBlock(tableText({ rows: rest }))] : []),
    ...comments(zip, part),
  ];
  const drawings = relationshipsOf(zip, part).filter(({ type }) => type === 'drawing');
  const shown = drawings.flatMap(({ target = '' }) => relationshipsOf(zip, target));
  const pictures = shown
    .filter(({ type }) => type === 'image')
    .map((): Picture => ({ width: 0, height: 0, read: false }));
  const charts = shown.some(({ type }) => type === 'chart') ? [CHARTS] : [];
  return flowPage({ number, label, pictures, warnings: [...warnings, ...kept.cut(), ...charts] }, blocks);
}

const CHARTS = problem('part-not-read', 'The charts of this sheet were not read.');

/** Rows to the last one that holds something. */
function textRows(rows: readonly (readonly unknown[])[], { texts: own }: SheetFacts): readonly string[][] {
  const texts = rows.map((row) => row.map(cellText));
  for (const { row, column, text } of own) {
    while (texts.length <= row) texts.push([]);
    const line = texts[row] ?? [];
    while (line.length < column) line.push('');
    line[column] = text;
  }
  return texts.slice(0, texts.findLastIndex((row) => row.some((text) => text !== '')) + 1);
}

/** What a merged cell covers is left out; the table lays the rest around it. */
function tableOf(texts: readonly (readonly string[])[], { merges }: SheetFacts): Table {
  const width = texts.reduce((most, row) => Math.max(most, row.findLastIndex((text) => text !== '') + 1), 0);
  const spans = new Map<string, CellDraft>();
  const covered = new Set<string>();
  for (const { row, column, rowSpan, columnSpan } of merges.slice(0, MOST_MERGES)) {
    const span = {
      text: '',
      rowSpan: Math.min(rowSpan, texts.length - row),
      columnSpan: Math.min(columnSpan, width - column),
    };
    if (span.rowSpan < 1 || span.columnSpan < 1 || span.rowSpan * span.columnSpan > MOST_MERGED) continue;
    spans.set(`${row} ${column}`, span);
    for (let below = row; below < row + span.rowSpan; below += 1)
      for (let right = column; right < column + span.columnSpan; right += 1) covered.add(`${below} ${right}`);
  }
  if (spans.size === 0)
    return plainTable(texts.map((row) => (row.length > width ? row.slice(0, width) : row)));
  const drafts = texts.map((row, at) =>
    Array.from({ length: width }, (_, column) => ({ text: row[column] ?? '', column }))
      .filter(
        ({ text, column }) => text !== '' || spans.has(`${at} ${column}`) || !covered.has(`${at} ${column}`),
      )
      .map(({ text, column }): CellDraft => ({ ...spans.get(`${at} ${column}`), text })),
  );
  return buildTable(drafts);
}

const MOST_MERGES = 20_000;
const MOST_MERGED = 20_000;

function comments(zip: Zip, part: string): readonly Block[] {
  const target = relationshipsOf(zip, part).find(({ type }) => type === 'comments')?.target;
  const root = target === undefined ? undefined : readXmlPart(zip, target);
  if (!root) return [];
  return elementsOf(root, 'comment').map((comment) => {
    let text = '';
    walkXml(comment, { enter: () => true, text: (piece) => (text += piece) });
    return textBlock(`Comment (${attribute(comment, 'ref')}): ${text.trim()}`);
  });
}
