import type { Field } from '../extraction.ts';
import { wordsOf } from './field-words.ts';
import { meansAnother } from './label-roles.ts';
import { meaningsOf, weightOf } from './label-words.ts';
import { countsInstead } from './measure-check.ts';

/** How a label speaks of a field: `for` it, `against` it, since it fits another one better, or `neither`. */
export type Verdict = {
  readonly says: 'for' | 'against' | 'neither';
  /** How much better than any other it fits; more is better. */
  readonly lead: number;
};

/** Compares what a label says with the names and descriptions of the fields that may have the same kind of value. */
export function judgeLabel(
  label: string,
  field: Field,
  siblings: readonly Field[],
  isInRow: boolean,
): Verdict {
  if (countsInstead(label, field) || meansAnother(label, field, isInRow))
    return { says: 'against', lead: -1 };
  const said = meaningsOf(label);
  const own = fitOf(said, field);
  const others = siblings.filter((other) => other.path !== field.path && isComparable(field, other));
  // A description speaks of other things too: only a name can take a label away.
  const named = others.filter((other) => !wordsOf(other).name.isDisjointFrom(said));
  const best = Math.max(0, ...named.map((other) => fitOf(said, other)));
  if (contradicts(said, field) && others.some((other) => isPartOf(said, other))) {
    return { says: 'against', lead: -1 };
  }
  if (own >= best) return { says: own > 0 ? 'for' : 'neither', lead: own - best };
  return { says: 'against', lead: own - best };
}

const KINDS: Readonly<Record<Field['type'], string>> = {
  amount: 'number',
  integer: 'number',
  date: 'date',
  text: 'text',
  choice: 'text',
  currency: 'currency',
  boolean: 'boolean',
};

const isComparable = (one: Field, other: Field): boolean => KINDS[one.type] === KINDS[other.type];

/** A word of the name counts more than one of the description, which speaks of other things too. */
const [NAME_FACTOR, DESCRIPTION_FACTOR] = [2, 0.5];
/** For a word of the name that the label lacks: `Date` is rather `date` than `dueDate`. */
const MISSING_FACTOR = 0.25;

function fitOf(said: ReadonlySet<string>, field: Field): number {
  const { name, description } = wordsOf(field);
  const sum = (words: Iterable<string>) => [...words].reduce((total, word) => total + weightOf(word), 0);
  const score =
    NAME_FACTOR * sum(name.intersection(said)) +
    DESCRIPTION_FACTOR * sum(description.difference(name).intersection(said));
  return score > 0 ? Math.max(0.01, score - MISSING_FACTOR * sum(name.difference(said))) : 0;
}

/** Parts of a sum: a number that is called one of them is none of the others, whatever else its label says. */
const PARTS_OF_SUM: ReadonlySet<string> = new Set(['net', 'tax', 'total']);

/** Whether a label names another part of the sum than the field's name does: `Total` for `amountWithoutTax`. */
function contradicts(said: ReadonlySet<string>, field: Field): boolean {
  const own = wordsOf(field).name.intersection(PARTS_OF_SUM);
  return own.size > 0 && own.isDisjointFrom(said) && !said.isDisjointFrom(PARTS_OF_SUM);
}

/** Whether the field is the part of the sum that the label names, by its name or its description. */
function isPartOf(said: ReadonlySet<string>, field: Field): boolean {
  const { name, description } = wordsOf(field);
  return !said.intersection(PARTS_OF_SUM).isDisjointFrom(name.union(description));
}
