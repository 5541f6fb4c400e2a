import type { Table } from '../../../src/readers/document.ts';
import type { RulingLine } from '../../../src/readers/pdf/page-geometry.ts';
import type { TextItem } from '../../../src/readers/pdf/text-items.ts';
import { findTables, type TablePage } from '../../../src/readers/pdf-tables/find-tables.ts';

export const WIDTH = 600;
export const HEIGHT = 800;
const SIZE = 10;

/** An upright piece of text whose letters are half as wide as they are high, with its left edge at `x`. */
export function item(text: string, x: number, baseline: number, more: Partial<TextItem> = {}): TextItem {
  const size = more.size ?? SIZE;
  const box = [x, baseline - 0.8 * size, x + (text.length * size) / 2, baseline + 0.2 * size] as const;
  return { text, box, baseline, size, angle: 0, vertical: false, direction: 'ltr', endsLine: false, ...more };
}

/** With its right edge at `x`. */
export const endingAt = (text: string, x: number, baseline: number): TextItem =>
  item(text, x - (text.length * SIZE) / 2, baseline);

/** Rows of texts: the first column begins at `xs[0]`, the others end at the other ones. `''` leaves a place empty. */
export function rowsOfItems(
  rows: readonly (readonly string[])[],
  {
    xs,
    from = 100,
    pitch = 14,
  }: { readonly xs: readonly number[]; readonly from?: number; readonly pitch?: number },
): readonly TextItem[] {
  return rows.flatMap((row, at) =>
    row.flatMap((text, column) => {
      if (text === '') return [];
      const x = xs[column] ?? 0;
      return [column === 0 ? item(text, x, from + at * pitch) : endingAt(text, x, from + at * pitch)];
    }),
  );
}

/** Texts with their left edges at `xs`. */
export const rowsFromLeft = (
  rows: readonly (readonly string[])[],
  {
    xs,
    from = 100,
    pitch = 14,
  }: { readonly xs: readonly number[]; readonly from?: number; readonly pitch?: number },
): readonly TextItem[] =>
  rows.flatMap((row, at) =>
    row.flatMap((text, column) => (text ? [item(text, xs[column] ?? 0, from + at * pitch)] : [])),
  );

export const across = (at: number, from: number, to: number, drawn = true): RulingLine => ({
  vertical: false,
  at,
  from,
  to,
  drawn,
});
export const down = (at: number, from: number, to: number, drawn = true): RulingLine => ({
  vertical: true,
  at,
  from,
  to,
  drawn,
});

/** All lines between all of `xs` and `ys`. */
export const gridLines = (xs: readonly number[], ys: readonly number[]): readonly RulingLine[] => [
  ...ys.map((y) => across(y, xs[0] ?? 0, xs.at(-1) ?? 0)),
  ...xs.map((x) => down(x, ys[0] ?? 0, ys.at(-1) ?? 0)),
];

export const tablesOf = (
  items: readonly TextItem[],
  { lines = [], ...page }: Partial<TablePage> & { readonly lines?: readonly RulingLine[] } = {},
): readonly Table[] => findTables({ items, geometry: { lines }, width: WIDTH, height: HEIGHT, ...page });

/** Lines of prose of about `letters` letters, none the same. */
export function prose(count: number, letters: number): readonly string[] {
  const words =
    'the quick brown fox jumps over a lazy dog while nobody in town sees what it wants from them'.split(' ');
  return Array.from({ length: count }, (_, line) => {
    let text = '';
    for (let at = line * 7; text.length < letters - 3; at++)
      text += `${text ? ' ' : ''}${words[at % words.length]}`;
    return text;
  });
}
