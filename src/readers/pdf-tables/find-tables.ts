import type { Box, Table } from '../document.ts';
import type { PageGeometry } from '../pdf/page-geometry.ts';
import type { TextItem } from '../pdf/text-items.ts';
import { type Found, isWithin } from './build-table.ts';
import { findColumnTables } from './column-tables.ts';
import { type Angle, type Frame, onPage, toFrame } from './frame.ts';
import { findRuledTables } from './ruled-tables.ts';
import { findTaggedTables, type StructureNode } from './tagged-tables.ts';

export type { StructureNode } from './tagged-tables.ts';

export type TablePage = {
  readonly items: readonly TextItem[];
  readonly geometry: Pick<PageGeometry, 'lines'>;
  /** What pdf.js's `getStructTree` gives; it needs items with `markedContentId`. */
  readonly structure?: StructureNode | null;
  /** In points. */
  readonly width: number;
  readonly height: number;
};

/**
 * The tables of a page, from top to bottom, each part of the page in one of them at most: as the document's structure
 * tells them, then by ruling lines, then by white space alone (`guessed`). Never throws for what stands in a page.
 */
export function findTables({ items, geometry, structure, width, height }: TablePage): readonly Table[] {
  const page = { items, lines: geometry.lines, width, height };
  const frames = anglesOf(items).map((angle) => toFrame(page, angle));
  const found: Box[] = [];
  const tables: Table[] = [];
  const keep = (frame: Frame, more: readonly Found[]) => {
    for (const { table, box } of more) {
      const onPageBox = onPage(box, frame);
      if (found.some((other) => doOverlap(other, onPageBox))) continue;
      found.push(onPageBox);
      tables.push(table);
    }
  };
  const [upright] = frames;
  if (upright && structure) keep(upright, findTaggedTables(upright, items, structure));
  const ruled = frames.map((frame) => ({ frame, ...findRuledTables(frame) }));
  for (const { frame, tables: more } of ruled) keep(frame, more);
  // In a diagram words stand on lines with each other by chance, and beside it too.
  const isGuessed = ruled.every(({ hasDiagram }) => !hasDiagram);
  for (const frame of isGuessed ? frames : []) {
    const words = frame.words.filter(
      ({ box }) => !found.some((taken) => isWithin(onPage(box, frame), taken)),
    );
    keep(frame, findColumnTables({ ...frame, words }));
  }
  return tables.sort((a, b) => top(a) - top(b) || left(a) - left(b));
}

/** Those in which the text runs, the most frequent first. */
function anglesOf(items: readonly TextItem[]): readonly Angle[] {
  const letters = ([0, 1, 2, 3] as const).map((angle) => ({
    angle,
    count: items.reduce(
      (sum, item) => sum + (item.angle === angle && !item.vertical ? item.text.length : 0),
      0,
    ),
  }));
  return letters
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ angle }) => angle);
}

const doOverlap = (a: Box, b: Box): boolean =>
  Math.min(a[2], b[2]) - Math.max(a[0], b[0]) > 1 && Math.min(a[3], b[3]) - Math.max(a[1], b[1]) > 1;

const top = ({ box }: Table): number => box?.[1] ?? 0;
const left = ({ box }: Table): number => box?.[0] ?? 0;
