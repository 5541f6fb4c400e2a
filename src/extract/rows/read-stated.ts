import type { Field } from '../extraction.ts';
import type { Conventions } from '../values/conventions.ts';
import { type Normalised, normalise } from '../values/normalise.ts';
import { showValue } from './merge-values.ts';

/** As the XML of invoices writes numbers, whatever the pages do. */
const OF_XML: Conventions = { decimalMark: 'point', dateOrder: 'day-first' };

/** What an invoice's XML states of a field, as the field's type has it. The XML has one way to write a number or a date:
 * another one is not guessed at. */
export function readStated(field: Field, text: string): Normalised {
  const isNumber = field.type === 'amount' || field.type === 'integer';
  if (isNumber && !DECIMAL.test(text.trim())) {
    return {
      ok: false,
      problem: `The invoice's XML has ${showValue(text)}, which is no number as XML writes it.`,
    };
  }
  if (field.type === 'date' && !DAY.test(text.trim())) {
    return {
      ok: false,
      problem: `The invoice's XML has ${showValue(text)}, which is no date as XML writes it.`,
    };
  }
  const normalised = normalise(field, text, OF_XML);
  if (!normalised.ok) {
    const problem = `The invoice's XML has ${showValue(text)}, which cannot be used: ${normalised.problem}`;
    return { ok: false, problem };
  }
  return isNumber ? { ok: true, value: Number(text) } : normalised;
}

/** `xs:decimal`. */
const DECIMAL = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
