import type { Field, List, ListRow, Value } from '../extraction.ts';
import { findQuote, type Place } from './find-quote.ts';
import { type VerifyContext, verifyAt, verifyClaim } from './verify-claim.ts';

/** A line of a list as a model gave it: its columns by their paths, those that it gave no value left out. */
export type RowClaim = { readonly quote: string; readonly values: Readonly<Record<string, string>> };

const MISSING: Value = { value: null, status: 'missing', source: 'model' };

/** Every column is looked for in one and the same place of the line's quote: the one that states most of them. */
export function verifyListRow({ columns }: List, claim: RowClaim, context: VerifyContext): ListRow {
  const found = findQuote(context.index, claim.quote, context.pages);
  const verify = (field: Field, text: string, place: Place | undefined): Value => {
    const ofField = { quote: claim.quote, value: text };
    if (!place) return verifyClaim(field, ofField, context);
    return verifyAt(field, ofField, { ...context, places: [place], isInRow: true });
  };
  const rowAt = (place: Place | undefined): ListRow =>
    Object.fromEntries(
      columns.map((field) => {
        const text = claim.values[field.path];
        return [field.path, text === undefined || text.trim() === '' ? MISSING : verify(field, text, place)];
      }),
    );
  const rows = found.ok ? found.places.map(rowAt) : [rowAt(undefined)];
  return rows.reduce((best, next) => (verifiedIn(next) > verifiedIn(best) ? next : best));
}

const verifiedIn = (row: ListRow): number =>
  Object.values(row).filter(({ status }) => status === 'verified').length;
