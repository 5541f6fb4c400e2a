import type { List, ListRow, Value } from '../extraction.ts';
import { lineAt } from './find-labels.ts';
import { findQuote, type Place } from './find-quote.ts';
import { lineCells } from './line-cells.ts';
import { isOfWords, isOneRow, type StatedCell } from './row-block.ts';
import { rememberPlaces } from './row-places.ts';
import { type Verified, type VerifyContext, verifyAt, verifyClaim } from './verify-claim.ts';

/** A line of a list as a model gave it: its columns by their paths, those that it gave no value left out. */
export type RowClaim = { readonly quote: string; readonly values: Readonly<Record<string, string>> };

const MISSING: Value = { value: null, status: 'missing', source: 'model' };

type Row = { readonly row: ListRow; readonly cells: readonly StatedCell[] };

/**
 * Every column is looked for in one and the same place: a line of the quote that states them all; else the whole of a
 * place of the quote, where its values are one row (`row-block.ts`), and not verified where they may be of several.
 */
export function verifyListRow({ columns }: List, claim: RowClaim, context: VerifyContext): ListRow {
  const found = findQuote(context.index, claim.quote, context.pages);
  const asked = columns.filter(({ path }) => (claim.values[path] ?? '').trim() !== '');
  const rowOf = (verified: ReadonlyMap<string, Verified>): Row => ({
    row: Object.fromEntries(columns.map(({ path }) => [path, verified.get(path)?.value ?? MISSING])),
    cells: asked.flatMap((field) => {
      const stated = verified.get(field.path)?.stated;
      return stated ? [{ field, stated }] : [];
    }),
  });
  const claimOf = (path: string) => ({ quote: claim.quote, value: claim.values[path] ?? '' });
  if (!found.ok) {
    return rowOf(
      new Map(
        asked.map((field) => [field.path, { value: verifyClaim(field, claimOf(field.path), context) }]),
      ),
    ).row;
  }
  /** With its words from the whole place, and its numbers from a line of it. */
  const rowAt = (place: Place, line = place): Row =>
    rowOf(
      new Map(
        asked.map((field) => {
          const places = [isOfWords(field) ? place : line];
          return [field.path, verifyAt(field, claimOf(field.path), { ...context, places, isInRow: true })];
        }),
      ),
    );
  const isWhole = ({ cells }: Row): boolean => cells.length === asked.length;
  const rows = found.places.flatMap((place) => {
    const lines = linesOf(place);
    const inLine = lines.map((line) => rowAt(line)).filter(isWhole);
    if (inLine.length > 0) return inLine;
    const wrapped = lines
      .map((line) => rowAt(place, line))
      .filter((row) => isWhole(row) && isOneRow(row.cells));
    return wrapped.length > 0 ? wrapped : [inDoubtUnlessOne(rowAt(place))];
  });
  const most = Math.max(...rows.map(({ row }) => verifiedIn(row)));
  const equal = rows.filter(({ row }) => verifiedIn(row) === most);
  // `Coffee 3.50` is a part of `Irish Coffee 3.50` too, which is another row.
  const begun = equal.filter(({ cells }) => beginsCell(cells));
  const best = begun.length > 0 ? begun : equal;
  const row = best[0]?.row ?? {};
  rememberPlaces(
    row,
    best.map(({ cells }) => cells),
  );
  return row;
}

function beginsCell(cells: readonly StatedCell[]): boolean {
  const [first] = cells.map(({ stated }) => stated).toSorted((a, b) => a.statement.start - b.statement.start);
  if (!first) return false;
  const { start } = first.statement;
  const { layer } = first.within;
  return lineCells(layer, lineAt(layer.text, start)).some((cell) => cell.start === start);
}

/** The lines of a place, as far as it goes. */
function linesOf(place: Place): readonly Place[] {
  const lines: Place[] = [];
  for (let start = place.start; start < place.end; ) {
    const end = Math.min(place.end, lineAt(place.layer.text, start).end);
    if (end > start) lines.push({ ...place, start, end });
    start = end + 1;
  }
  return lines;
}

const SEVERAL_ROWS = 'The quoted words may be more than one row, and this value of another one.';

function inDoubtUnlessOne({ row, cells }: Row): Row {
  if (isOneRow(cells)) return { row, cells };
  const doubted = Object.entries(row).map(([path, value]): [string, Value] => [
    path,
    value.status === 'verified' ? { ...value, status: 'unverified', problem: SEVERAL_ROWS } : value,
  ]);
  return { row: Object.fromEntries(doubted), cells };
}

const verifiedIn = (row: ListRow): number =>
  Object.values(row).filter(({ status }) => status === 'verified').length;
