import type { Field } from '../extraction.ts';
import { isCurrencyCode } from '../values/currency-signs.ts';
import type { Layer, Range } from './document-index.ts';
import { wordsOf } from './field-words.ts';
import { beginsWithUnit, isUnit } from './unit-words.ts';

const IS_MONEY = 'This is written as money, and nothing beside it calls it a quantity.';
const IS_QUANTITY = 'This is written as a quantity, and nothing beside it calls it money.';

/** Why a number cannot be the quantity or the money that its field asks for; for numbers that no label speaks for. */
export function measureProblem(field: Field, { text }: Layer, range: Range): string | undefined {
  if (isQuantity(field)) return isWrittenAsMoney(text, range) ? IS_MONEY : undefined;
  if (!isMoney(field) || hasCurrency(text, range)) return undefined;
  return beginsWithUnit(text.slice(range.end, range.end + LONGEST_UNIT)) ? IS_QUANTITY : undefined;
}

const isNumber = ({ type }: Field): boolean => type === 'amount' || type === 'integer';

const isQuantity = (field: Field): boolean => isNumber(field) && wordsOf(field).name.has('quantity');

const MONEY: ReadonlySet<string> = new Set([
  'amount',
  'price',
  'total',
  'net',
  'tax',
  'discount',
  'shipping',
]);

/** Whether a field asks for money, by its name. */
export function isMoney(field: Field): boolean {
  const { name } = wordsOf(field);
  return isNumber(field) && !name.isDisjointFrom(MONEY) && !name.has('quantity') && !name.has('rate');
}

/** Whether a label says of a field that asks for money that it counts something: the head `Pages`. */
export const countsInstead = (label: string, field: Field): boolean => isUnit(label) && isMoney(field);

/** With a currency, or with two decimals and no unit: `7.50 hours` is none. */
function isWrittenAsMoney(text: string, range: Range): boolean {
  if (hasCurrency(text, range)) return true;
  const hasCents = /[.,]\p{N}{2}[)-]?$/u.test(text.slice(range.start, range.end));
  return hasCents && !beginsWithUnit(text.slice(range.end, range.end + LONGEST_UNIT));
}

const LONGEST_UNIT = 20;

/** Directly before or behind the number. */
function hasCurrency(text: string, { start, end }: Range): boolean {
  const before = text.slice(Math.max(0, start - 6), start);
  const behind = text.slice(end, end + 6);
  if (/\p{Sc}/u.test(text.slice(start, end)) || /\p{Sc}[ \u00a0]?$/u.test(before)) return true;
  if (/^[ \u00a0]?\p{Sc}/u.test(behind)) return true;
  const codes = [
    /(?<!\p{L})(\p{Lu}{3})[ \u00a0]?$/u.exec(before),
    /^[ \u00a0]?(\p{Lu}{3})(?!\p{L})/u.exec(behind),
  ];
  return codes.some((code) => isCurrencyCode(code?.[1] ?? ''));
}
