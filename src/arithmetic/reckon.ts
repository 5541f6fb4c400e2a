import { Fraction } from 'fraction.js';
import { ExpressionProblem } from './expression-tokens.ts';

/** Longer numbers come of powers and of many divisions, and would hold up the program. */
const MAX_BITS = 4000;
const MAX_PLACES = 20;

/** Undefined where there are too many values, or wrong ones. */
type Reckon = (values: readonly Fraction[]) => Fraction | undefined;

const sum: Reckon = (values) => values.reduce((total, value) => checked(total.add(value)), new Fraction(0));
const average: Reckon = (values) => sum(values)?.div(values.length);
const most =
  (sign: 1 | -1): Reckon =>
  (values) =>
    values.reduce((best, value) => (value.compare(best) * sign > 0 ? value : best));

const FUNCTIONS: ReadonlyMap<string, Reckon> = new Map<string, Reckon>([
  ['sum', sum],
  ['average', average],
  ['avg', average],
  ['mean', average],
  ['min', most(-1)],
  ['max', most(1)],
  ['abs', ([value, ...more]) => (more.length === 0 ? value?.abs() : undefined)],
  ['round', ([value, places, ...more]) => (value && more.length === 0 ? round(value, places) : undefined)],
]);
const USAGE = 'write sum(1.50, 2.25), average(1, 2), min(1, 2), max(1, 2), abs(-2) or round(2.345, 2).';

export const isFunction = (name: string): boolean => FUNCTIONS.has(name.toLowerCase());

/** The value of a function by its name in any case. */
export function call(name: string, values: readonly Fraction[]): Fraction {
  const value = values.length > 0 ? FUNCTIONS.get(name.toLowerCase())?.(values) : undefined;
  if (!value) throw new ExpressionProblem(`${name} cannot be calculated of these values: ${USAGE}`);
  return value;
}

export const unknownName = (name: string): ExpressionProblem =>
  new ExpressionProblem(`"${name.slice(0, 40)}" is not known here: ${USAGE}`);

export function divide(value: Fraction, by: Fraction): Fraction {
  if (by.equals(0)) throw new ExpressionProblem('A number is divided by zero, which has no value.');
  return checked(value.div(by));
}

export function power(base: Fraction, exponent: Fraction): Fraction {
  // fraction.js looks for the prime factors of the base of a root, which has no end.
  if (exponent.d !== 1n) throw new ExpressionProblem('Only whole exponents can be calculated, such as 2^10.');
  if (exponent.s < 0n && base.equals(0)) return divide(exponent, base);
  const isWhole = base.d === 1n && exponent.s >= 0n;
  if (BigInt(Math.max(bits(base.n), bits(base.d)) - 1) * exponent.n > MAX_BITS) {
    throw isWhole ? tooLarge() : tooManyDigits();
  }
  const value = base.pow(exponent);
  if (isTooLong(value) && !isWhole) throw tooManyDigits();
  return checked(value);
}

/** Half away from zero, as on invoices. */
export const roundTo = (value: Fraction, places: number): Fraction => value.abs().round(places).mul(value.s);

function round(value: Fraction, places = new Fraction(0)): Fraction | undefined {
  const count = places.valueOf();
  return Number.isInteger(count) && count >= 0 && count <= MAX_PLACES ? roundTo(value, count) : undefined;
}

/** The value, where it is not too long to go on with. */
export function checked(value: Fraction): Fraction {
  if (isTooLong(value)) throw tooLarge();
  return value;
}

const isTooLong = ({ n, d }: Fraction): boolean => Math.max(bits(n), bits(d)) > MAX_BITS;

/** The number itself may be small: 1.01^1000 is 20959.16 and 2000 digits more. */
const tooManyDigits = () =>
  new ExpressionProblem('Too many digits to reckon exactly; use a smaller exponent. Nothing was calculated.');

const tooLarge = () => new ExpressionProblem('The numbers become too large. Nothing was calculated.');

const bits = (value: bigint): number => value.toString(2).length;
