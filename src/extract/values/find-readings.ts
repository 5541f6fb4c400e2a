/**
 * What in a text can be a number, a date, a currency, and so on: every place, with the value that stands there. Whether
 * it is the value that a field asks for is not decided here.
 */

import type { Field, FieldType, Scalar } from '../extraction.ts';
import { doubtBeside } from './beside-value.ts';
import type { Conventions } from './conventions.ts';
import { findOtherDigits } from './other-digits.ts';
import { findAmounts } from './read-amount.ts';
import { findCurrencies } from './read-currency.ts';
import { findDates } from './read-date.ts';
import { findBooleans, findChoices } from './read-word.ts';

export type Reading = {
  /** In UTF-16 units; `end` is behind the last one. */
  readonly start: number;
  readonly end: number;
  readonly value: Scalar;
  /** Whether the same place can be read in another way too, which is a reading of its own. */
  readonly isInDoubt?: true;
  /** One sentence why, where it is for what stands beside the place. */
  readonly doubt?: string;
};

/** A field's type; or the field itself, which knows its choices, and whether it asks for percentages. */
export type Wanted = FieldType | Pick<Field, 'type' | 'path' | 'description' | 'choices'>;

/** What of a text is read; what stands around it may speak against a reading. */
export type Part = { readonly start: number; readonly end: number };

/**
 * In the order of the text. Numbers within other things are left out: parts of dates, times, order numbers and telephone
 * numbers, `5 million`. So are percentages, but for a field that asks for them. Of `text` nothing is found. Where signs
 * or words beside a value may change it (`minus 12`, `~12`, `not 12`) it is in doubt.
 */
export function findReadings(
  wanted: Wanted,
  text: string,
  conventions: Conventions,
  part: Part = { start: 0, end: text.length },
): readonly Reading[] {
  const field = typeof wanted === 'string' ? undefined : wanted;
  const type = typeof wanted === 'string' ? wanted : wanted.type;
  const slice = text.slice(part.start, part.end);
  const inText = <Found extends Part>(found: Found): Found => ({
    ...found,
    start: part.start + found.start,
    end: part.start + found.end,
  });
  switch (type) {
    case 'amount':
    case 'integer': {
      const amounts = findAmounts(slice, conventions).map(inText);
      const from = Math.max(0, part.start - NEAR);
      const isOther = findOtherDigits(amounts.length === 0 ? '' : text.slice(from, part.end + NEAR));
      return amounts
        .filter(
          ({ start, end, isPercent, value }) =>
            fits(value, type) &&
            (!(isPercent || PERCENT_BEHIND.test(text.slice(end, end + 5))) || asksForPercent(field)) &&
            !isOther({ start: start - from, end: end - from }),
        )
        .map((reading) => withDoubt(text, reading, true));
    }
    case 'date':
      return findDates(slice, conventions).map((reading) => withDoubt(text, inText(reading), false));
    case 'currency':
      return findCurrencies(slice, conventions).map((reading) => withDoubt(text, inText(reading), false));
    case 'boolean':
      return findBooleans(text).filter(isWithin(part));
    case 'choice':
      return findChoices(text, field?.choices ?? [], conventions).filter(isWithin(part));
    case 'text':
      return [];
  }
}

/** How far beyond a cell a date or a telephone number may go, in UTF-16 units. */
const NEAR = 40;

const isWithin =
  (part: Part) =>
  ({ start, end }: Part): boolean =>
    start >= part.start && end <= part.end;

/** Of a number whose cell ends before its sign. */
const PERCENT_BEHIND = /^[ \t\u00a0\u202f]{0,3}[%％]/;

const PERCENT =
  /%|per ?cent|prozent|pourcent|por ?cent|percentuale|procent|\brate\b|satz\b|\btaux\b|\btasa\b|\btipo\b|aliquota|rabatt|skonto/i;

/** By its name and description: `taxRate`, `Steuersatz`, `discount in %`. */
export const asksForPercent = (field: Pick<Field, 'path' | 'description'> | undefined): boolean =>
  field !== undefined &&
  PERCENT.test(
    `${field.path.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_.-]/g, ' ')} ${field.description}`,
  );

const fits = (value: number, type: 'amount' | 'integer'): boolean =>
  type === 'amount' || Number.isInteger(value);

function withDoubt(text: string, { start, end, value, isInDoubt }: Reading, isNumber: boolean): Reading {
  const doubt = doubtBeside(text, { start, end }, isNumber);
  return { start, end, value, ...((isInDoubt || doubt) && { isInDoubt: true }), ...(doubt && { doubt }) };
}
