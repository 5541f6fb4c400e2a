import { foldText } from '../../tool/fold-text.ts';
import type { Scalar, Value } from '../extraction.ts';

/** Characters of a value as a sentence shows it. */
const LONGEST_SHOWN = 60;

/**
 * One value of what the passages of a document say of a field, in their order: a verified one beats an unverified one,
 * and any beats none. Verified ones that differ leave the first, unverified, with the others beside it.
 */
export function mergeValues(values: readonly Value[]): Value {
  const stated = values.filter(({ value }) => value !== null);
  const verified = stated.filter(({ status }) => status === 'verified');
  // What cannot be read as the field's type has no value, and is still what a model said.
  const first = verified[0] ?? stated[0] ?? values.find(({ status }) => status !== 'missing');
  if (!first) return missingValue(values.find(({ problem }) => problem !== undefined)?.problem);
  const unread = values.filter(({ value, status }) => value === null && status !== 'missing');
  const others = differing(first, verified.length > 0 ? verified : stated.length > 0 ? stated : unread);
  if (others.length === 0) return first;
  if (first.status !== 'verified') return { ...first, others };
  return { ...first, status: 'unverified', problem: disagreement(first, others), others };
}

export const missingValue = (problem?: string): Value => ({
  value: null,
  status: 'missing',
  source: 'model',
  ...(problem !== undefined && { problem }),
});

/** Texts are the same whatever their letters' case and their white space. */
export function isSameValue(one: Scalar | null, other: Scalar | null): boolean {
  if (typeof one !== 'string' || typeof other !== 'string') return one === other;
  return foldText(one).replace(/\s+/g, ' ').trim() === foldText(other).replace(/\s+/g, ' ').trim();
}

export function showValue(value: Scalar | null): string {
  const text = `${value}`;
  const shown = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN).trimEnd()}…` : text;
  return typeof value === 'string' ? `"${shown}"` : shown;
}

function differing(first: Value, values: readonly Value[]): readonly Value[] {
  const others: Value[] = [];
  for (const each of values) {
    if (![first, ...others].some((known) => isSameValue(wordsOf(known), wordsOf(each)))) others.push(each);
  }
  return others;
}

/** Of what cannot be read, the words are all that there is. */
const wordsOf = ({ value, original }: Value): Scalar | null => value ?? original ?? null;

function disagreement(first: Value, others: readonly Value[]): string {
  const said = others.map(({ value, page }) =>
    page === undefined || page === first.page ? showValue(value) : `page ${page} says ${showValue(value)}`,
  );
  const own = first.page === undefined ? 'The document' : `Page ${first.page}`;
  return `${own} says ${showValue(first.value)}, but ${others.some(({ page }) => page !== undefined && page !== first.page) ? '' : 'also '}${said.join(', and ')}.`;
}
