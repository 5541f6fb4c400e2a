import type { Field, Scalar } from '../extraction.ts';
import type { Conventions } from './conventions.ts';
import { normaliseAmount } from './normalise-amount.ts';
import { normaliseCurrency } from './read-currency.ts';
import { normaliseDate } from './read-date.ts';
import { normaliseBoolean, normaliseChoice } from './read-word.ts';

export type Normalised =
  | { readonly ok: true; readonly value: Scalar }
  | {
      readonly ok: false;
      /** One sentence; it holds the text, which is untrusted. */
      readonly problem: string;
    };

/**
 * The value of a text that is one value and nothing else, as the field's type has it: amounts and integers as numbers,
 * dates as YYYY-MM-DD, currencies as codes of ISO 4217. What can be read in two ways is a problem, as is what cannot be
 * kept exactly in a number.
 */
export function normalise(
  field: Pick<Field, 'type' | 'path' | 'description' | 'choices'>,
  text: string,
  conventions: Conventions,
): Normalised {
  if (text.trim() === '') return { ok: false, problem: 'The value is empty.' };
  switch (field.type) {
    case 'amount':
    case 'integer':
      return normaliseAmount(field, text, conventions);
    case 'date':
      return normaliseDate(text, conventions);
    case 'currency':
      return normaliseCurrency(text, conventions);
    case 'boolean':
      return normaliseBoolean(text);
    case 'choice':
      return normaliseChoice(text, field.choices, conventions);
    case 'text':
      return { ok: true, value: text.normalize('NFC').trim().replace(/\s+/g, ' ') };
  }
}
