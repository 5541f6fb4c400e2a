import type { JsonObject } from '../messages.ts';

/** Up to 15 digits: every one is exact in a JavaScript number. */
const LARGEST = 999_999_999_999_999;

/**
 * GBNF for the integers that an integer schema's minimum and maximum allow, none beyond 15 digits: an alternation
 * without its parentheses, or undefined where there is no such integer.
 */
export function integerGrammar(schema: JsonObject): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const low = Math.max(
    -LARGEST,
    ceiling(minimum),
    typeof exclusiveMinimum === 'number' ? above(exclusiveMinimum) : -LARGEST,
  );
  const high = Math.min(
    LARGEST,
    floor(maximum),
    typeof exclusiveMaximum === 'number' ? -above(-exclusiveMaximum) : LARGEST,
  );
  if (low > high) return undefined;
  const negative = low < 0 ? naturals(Math.max(1, -high), -low).map((range) => `"-" ${range}`) : [];
  return [...negative, ...(high >= 0 ? naturals(Math.max(0, low), high) : [])].join(' | ');
}

const ceiling = (limit: unknown) => (typeof limit === 'number' ? Math.ceil(limit) : -LARGEST);
const floor = (limit: unknown) => (typeof limit === 'number' ? Math.floor(limit) : LARGEST);
const above = (limit: number) => Math.floor(limit) + 1;

/** The numbers from `low` to `high`, both 0 or more, as alternatives by their count of digits. */
function naturals(low: number, high: number): string[] {
  const alternatives: string[] = [];
  for (let digits = String(low).length; digits <= String(high).length; digits++) {
    const smallest = digits === 1 ? 0 : 10 ** (digits - 1);
    const from = String(Math.max(low, smallest));
    const to = String(Math.min(high, 10 ** digits - 1));
    alternatives.push(...sameLength(from, to));
  }
  return alternatives;
}

/** The numbers between two of the same length. */
function sameLength(low: string, high: string): string[] {
  if (low === '') return [''];
  const [first = '', last = ''] = [low[0], high[0]];
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  const zeros = '0'.repeat(lowRest.length);
  const nines = '9'.repeat(lowRest.length);
  if (lowRest === zeros && highRest === nines) return [`${digit(first, last)}${anyDigits(lowRest.length)}`];
  if (first === last) return sameLength(lowRest, highRest).map((rest) => `"${first}" ${rest}`);
  const [second, beforeLast] = [Number(first) + 1, Number(last) - 1];
  return [
    ...sameLength(lowRest, nines).map((rest) => `"${first}" ${rest}`),
    ...(second <= beforeLast ? [`${digit(second, beforeLast)}${anyDigits(lowRest.length)}`] : []),
    ...sameLength(zeros, highRest).map((rest) => `"${last}" ${rest}`),
  ];
}

const digit = (from: string | number, to: string | number) => (from === to ? `"${from}"` : `[${from}-${to}]`);
const anyDigits = (count: number) => (count === 0 ? '' : ` [0-9]{${count}}`);
