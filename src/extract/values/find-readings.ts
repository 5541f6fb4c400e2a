/**
 * What in a text can be a number, a date, a currency, and so on: every place, with the value that stands there. Whether
 * it is the value that a field asks for is not decided here.
 */

import type { Field, FieldType, Scalar } from '../extraction.ts';
import type { Conventions } from './conventions.ts';
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
};

/** A field's type; or the field itself, which knows its choices, and whether it asks for percentages. */
export type Wanted = FieldType | Pick<Field, 'type' | 'path' | 'description' | 'choices'>;

/**
 * In the order of the text. Numbers within other things are left out: parts of dates, times, order numbers and telephone
 * numbers with dashes, `5 million`. So are percentages, but for a field that asks for them. Of `text` nothing is found.
 */
export function findReadings(wanted: Wanted, text: string, conventions: Conventions): readonly Reading[] {
  const field = typeof wanted === 'string' ? undefined : wanted;
  const type = typeof wanted === 'string' ? wanted : wanted.type;
  switch (type) {
    case 'amount':
    case 'integer':
      return findAmounts(text, conventions)
        .filter(({ isPercent, value }) => fits(value, type) && (!isPercent || asksForPercent(field)))
        .map(toReading);
    case 'date':
      return findDates(text, conventions).map(toReading);
    case 'currency':
      return findCurrencies(text, conventions).map(toReading);
    case 'boolean':
      return findBooleans(text);
    case 'choice':
      return findChoices(text, field?.choices ?? [], conventions);
    case 'text':
      return [];
  }
}

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

const toReading = ({ start, end, value, isInDoubt }: Reading): Reading => ({
  start,
  end,
  value,
  ...(isInDoubt && { isInDoubt }),
});
