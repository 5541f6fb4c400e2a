import { locateValue } from '../evidence/locate-value.ts';
import type { VerifyContext } from '../evidence/verify-claim.ts';
import type { Field, Scalar, Value } from '../extraction.ts';

export type Located = {
  readonly place: Value;
  /** Whether the pages print the amount with the other sign than the XML has it. */
  readonly isOpposite: boolean;
};

/** Where the pages show what an invoice's XML states; undefined where they do not. A credit note is mostly printed with
 * minus signs, which its XML has not, or the other way round: what is not there as it is, is looked for so too. */
export function locateStated(field: Field, value: Scalar, context: VerifyContext): Located | undefined {
  const place = locateValue(field, value, context);
  if (place) return { place, isOpposite: false };
  const opposite = oppositeOf(field, value);
  const other = opposite === undefined ? undefined : locateValue(field, opposite, context);
  return other && { place: other, isOpposite: true };
}

/** Whether two readings of an amount are the same but for the sign. */
export const isOpposite = (field: Field, one: Scalar | null, other: Scalar | null): boolean =>
  one !== null && other !== null && oppositeOf(field, one) === other;

/** Of an amount that is not 0: a number of another kind has no sign that could be turned. */
const oppositeOf = ({ type }: Field, value: Scalar): number | undefined =>
  (type === 'amount' || type === 'integer') && typeof value === 'number' && value !== 0 ? -value : undefined;
