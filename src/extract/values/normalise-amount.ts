import type { Field } from '../extraction.ts';
import type { Conventions } from './conventions.ts';
import { asksForPercent } from './find-readings.ts';
import { foldMarks } from './fold-marks.ts';
import type { Normalised } from './normalise.ts';
import { UNITS } from './number-tokens.ts';
import { findAmounts } from './read-amount.ts';

/** What may stand around a number without changing it. */
const REST = new RegExp(`^[\\s:;*|]*(?:${UNITS})?[\\s*|]*$`, 'u');

/** The one number that a text is, as `normalise` has it. */
export function normaliseAmount(
  field: Pick<Field, 'type' | 'path' | 'description'>,
  text: string,
  conventions: Conventions,
): Normalised {
  const folded = foldMarks(text);
  const found = findAmounts(folded, conventions).filter(
    ({ start, end }) => REST.test(folded.slice(0, start)) && REST.test(folded.slice(end)),
  );
  const [value, other] = new Set(found.map((amount) => amount.value));
  if (value === undefined) return { ok: false, problem: whyNone(text, folded) };
  if (other !== undefined) return { ok: false, problem: `"${text}" can be ${value} or ${other}.` };
  if (found.some(({ isPercent }) => isPercent) && !asksForPercent(field)) {
    return { ok: false, problem: `"${text}" is a percentage, and no amount.` };
  }
  if (field.type === 'integer' && !Number.isInteger(value)) {
    return { ok: false, problem: `"${text}" is no whole number.` };
  }
  return { ok: true, value };
}

const whyNone = (text: string, folded: string): string =>
  (folded.match(/\d/g)?.length ?? 0) > 15
    ? `"${text}" has more digits than can be kept exactly.`
    : `"${text}" is no single number.`;
