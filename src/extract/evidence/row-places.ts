import type { Box } from '../../readers/document.ts';
import type { ListRow } from '../extraction.ts';
import type { StatedCell } from './row-block.ts';
import { boxOf } from './value-box.ts';

/** Where a row stands: its values by their paths. */
export type RowPlace = ReadonlyMap<
  string,
  { readonly page: number; readonly layer: object; readonly start: number; readonly box?: Box }
>;

const known = new WeakMap<ListRow, readonly RowPlace[]>();

/** Keeps where a row stands, every place that states it equally well: a row's values say pages, but not lines. */
export function rememberPlaces(row: ListRow, places: readonly (readonly StatedCell[])[]): void {
  known.set(
    row,
    places.filter((cells) => cells.length > 0).map((cells) => new Map(cells.map(placeOf))),
  );
}

/** None where a row's words stand nowhere. */
export const placesOf = (row: ListRow): readonly RowPlace[] => known.get(row) ?? [];

function placeOf({ field, stated: { page, within, statement } }: StatedCell) {
  const box = boxOf(within.layer, statement);
  const place = { page: page.number, layer: within.layer, start: statement.start, ...(box && { box }) };
  return [field.path, place] as const;
}

/** Whether all values that two rows share are the same words of the document. */
export function isSamePlace(one: RowPlace, other: RowPlace): boolean {
  const shared = [...one.keys()].filter((path) => other.has(path));
  return (
    shared.length > 0 &&
    shared.every((path) => {
      const [a, b] = [one.get(path), other.get(path)];
      if (!a || !b || a.page !== b.page) return false;
      return a.box && b.box ? overlap(a.box, b.box) : a.layer === b.layer && a.start === b.start;
    })
  );
}

/** Whether the middle of one box is in the other. */
const overlap = (one: Box, other: Box): boolean => holds(one, other) || holds(other, one);

const holds = ([x0, y0, x1, y1]: Box, other: Box): boolean => {
  const [x, y] = [(other[0] + other[2]) / 2, (other[1] + other[3]) / 2];
  return x0 <= x && x <= x1 && y0 <= y && y <= y1;
};
