/** What a label calls a value where that is known, and excludes what a field's name asks for: a due date is no invoice date,
 * whether or not the schema asks for a due date too. */
import type { Field } from '../extraction.ts';
import { lastName, wordsOf } from './field-words.ts';
import { isIdentifier } from './identifier-check.ts';
import { meaningsOf } from './label-words.ts';

/** The meanings that exclude each other, for values of one kind. */
const SUMS = ['net', 'tax', 'total', 'discount', 'paid', 'shipping', 'forward'];
const DATES = ['invoice', 'due', 'shipping', 'order', 'birth'];
const NUMBERS = ['invoice', 'order', 'customer', 'seller', 'shipping', 'tax', 'account', 'bic', 'phone'];
const PARTIES = ['seller', 'customer'];

/** Whether the label has a known meaning that is another one than the field's: `Tax` for `total`, `Order number` for
 * `number`. A field asks for what its name says, and for what its description says, where that is one thing. */
export function meansAnother(label: string, field: Field, isInRow: boolean): boolean {
  const said = rolesOf(meaningsOf(label), field);
  if (said.size === 0) return false;
  const own = ownRoles(field);
  // A line of an invoice costs what it costs without the tax, most often; its columns are told apart by each other.
  if (isInRow && own.has('total') && said.has('net')) return false;
  return own.size > 0 && own.isDisjointFrom(said);
}

const known = new WeakMap<Field, ReadonlySet<string>>();

function ownRoles(field: Field): ReadonlySet<string> {
  const before = known.get(field);
  if (before) return before;
  const { name, description } = wordsOf(field);
  const last = rolesOf(meaningsOf(lastName(field)), field);
  const named = last.size > 0 ? last : rolesOf(name, field);
  const described = rolesOf(description, field);
  const roles = named.size === 0 || described.size === 1 ? named.union(described) : named;
  const own = roles.size === 0 && BARE.test(field.path) ? new Set(['invoice']) : roles;
  known.set(field, own);
  return own;
}

/** A date or a number of the document itself, which is an invoice where its labels tell an invoice's date from others. */
const BARE = /^(?:date|datum|fecha|data|number|nummer|numero|no|nr)$/i;

/** Of what is said, the meanings that exclude others, where the field has a kind that has such. */
function rolesOf(said: ReadonlySet<string>, field: Field): ReadonlySet<string> {
  const among = (kinds: readonly string[]) => new Set(kinds.filter((kind) => said.has(kind)));
  if (isIdentifier(field)) return among(NUMBERS);
  switch (field.type) {
    case 'amount':
    case 'integer':
      return wordsOf(field).name.has('number') ? among(NUMBERS) : sumsIn(said, among(SUMS));
    case 'date':
      return said.has('due') ? new Set(['due']) : among(DATES);
    case 'text':
      return among(PARTIES);
    default:
      return new Set();
  }
}

/** `Total tax` is the tax, and `Net total` the net: beside other words, `total` says nothing. What is due is the total. */
function sumsIn(said: ReadonlySet<string>, roles: ReadonlySet<string>): ReadonlySet<string> {
  const others = roles.difference(new Set(['total']));
  if (!said.has('due') || others.size > 1) return others.size > 0 ? others : roles;
  if (others.size === 0) return new Set(['total']);
  return others.has('net') ? new Set(['net', 'total']) : others;
}
