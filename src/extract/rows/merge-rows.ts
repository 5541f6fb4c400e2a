import { isSamePlace, placesOf, type RowPlace } from '../evidence/row-places.ts';
import type { ListRow } from '../extraction.ts';

/**
 * The rows of a list from all passages, in their order, each line of the document once, however often a model gave it:
 * a row takes the first of its places that no other has. Of lines with the same words each is one; a row that has no
 * place left is one of those before it, and stands for it where it has more verified values. Rows that stand nowhere
 * come once.
 */
export function mergeRows(rows: readonly ListRow[]): readonly ListRow[] {
  const kept: { row: ListRow; readonly place?: RowPlace }[] = [];
  const met = new Set<string>();
  for (const row of rows) {
    const cells = Object.values(row).filter(({ status }) => status !== 'missing');
    if (cells.length === 0) continue;
    const places = placesOf(row);
    const takenBy = (place: RowPlace) => kept.find((other) => other.place && isSamePlace(other.place, place));
    const place = places.find((each) => !takenBy(each));
    const same = places[0] && takenBy(places[0]);
    const key = wordsOf(row);
    if (place) kept.push({ row, place });
    else if (same) same.row = verifiedIn(row) > verifiedIn(same.row) ? row : same.row;
    else if (!met.has(key)) kept.push({ row });
    met.add(key);
  }
  return kept.map(({ row }) => row);
}

/** The same for rows with the same words. */
const wordsOf = (row: ListRow): string =>
  JSON.stringify(Object.entries(row).map(([path, { value, quote }]) => [path, value, quote]));

const verifiedIn = (row: ListRow): number =>
  Object.values(row).filter(({ status }) => status === 'verified').length;
