import type { JsonObject } from '../messages.ts';
import { integerGrammar } from './integer-grammar.ts';

/** A limit as its digits; `strict` leaves the limit itself out. */
type Limit = { readonly digits: string; readonly strict: boolean };
type Bound = { readonly value: number; readonly strict: boolean };
/** None: anything goes. */
type Range = { readonly low: Limit | undefined; readonly high: Limit | undefined };

const ANY_DIGITS = '[0-9]{0,15}';
const FREE_FRACTION = '("." [0-9]{1,15})?';

/**
 * GBNF for the numbers that a schema's limits allow, up to 15 digits before the point and without an exponent: an
 * alternation without its parentheses. Undefined where there are no limits but a minimum of 0, no such number, or limits
 * of another size.
 */
export function decimalGrammar(schema: JsonObject): string | undefined {
  const low = tighter(schema.minimum, schema.exclusiveMinimum, Math.max);
  const high = tighter(schema.maximum, schema.exclusiveMaximum, Math.min);
  const isFree = !high && (!low || (low.value === 0 && !low.strict));
  if (isFree || [low, high].some((bound) => bound && !isPlain(bound.value))) return undefined;
  const zero: Bound = { value: 0, strict: false };
  const isNegative = low === undefined || low.value < 0;
  const isPositive = high === undefined || high.value > 0 || (high.value === 0 && !high.strict);
  const negated = (bound: Bound | undefined) => bound && { ...bound, value: Math.abs(bound.value) };
  const alternatives = [
    ...(isNegative
      ? positives(high && high.value <= 0 ? negated(high) : zero, negated(low)).map((range) => `"-" ${range}`)
      : []),
    ...(isPositive ? positives(low && low.value >= 0 ? low : zero, high) : []),
  ];
  return alternatives.length > 0 ? alternatives.join(' | ') : undefined;
}

function tighter(
  limit: unknown,
  strictLimit: unknown,
  pick: (a: number, b: number) => number,
): Bound | undefined {
  if (typeof strictLimit !== 'number')
    return typeof limit === 'number' ? { value: limit, strict: false } : undefined;
  if (typeof limit !== 'number') return { value: strictLimit, strict: true };
  const value = pick(limit, strictLimit);
  return { value, strict: value === strictLimit };
}

/** Whether a number is written without an exponent and with few digits. */
const isPlain = (value: number) => /^-?\d{1,15}(\.\d{1,15})?$/.test(String(value));

/** The numbers from `low` on, both 0 or more, by their whole part. */
function positives(low: Bound = { value: 0, strict: false }, high?: Bound): string[] {
  const [lowWhole, lowLimit] = split(low);
  if (!high) return [...whole(lowWhole, { low: lowLimit, high: undefined }), ...wholes(lowWhole + 1)];
  const [highWhole, highLimit] = split(high);
  if (lowWhole > highWhole) return [];
  if (lowWhole === highWhole) return whole(lowWhole, { low: lowLimit, high: highLimit });
  return [
    ...whole(lowWhole, { low: lowLimit, high: undefined }),
    ...wholes(lowWhole + 1, highWhole - 1),
    ...whole(highWhole, { low: undefined, high: highLimit }),
  ];
}

function split({ value, strict }: Bound): readonly [whole: number, fraction: Limit] {
  const [whole, digits = ''] = String(value).split('.');
  return [Number(whole), { digits, strict }];
}

/** Whole parts between the limits, with any fraction. */
function wholes(minimum: number, maximum?: number): string[] {
  if (maximum !== undefined && minimum > maximum) return [];
  const range = integerGrammar({ minimum, ...(maximum !== undefined && { maximum }) });
  return range === undefined ? [] : [`(${range}) ${FREE_FRACTION}`];
}

/** One whole part with the fractions of a range. */
function whole(part: number, range: Range): string[] {
  const [first, ...others] = digitsOf(range, true);
  const fraction = first === undefined ? '' : `"." (${[first, ...others].join(' | ')})`;
  if (holdsZero(range)) return [`"${part}" ${fraction && `(${fraction})?`}`.trimEnd()];
  return fraction ? [`"${part}" ${fraction}`] : [];
}

/** The digits of a fraction within a range, as alternatives; `isFirst`: there has to be one. */
function digitsOf({ low, high }: Range, isFirst = false): string[] {
  const any = isFirst ? '[0-9]{1,15}' : ANY_DIGITS;
  if (!low && !high) return [any];
  if (!high && low?.digits === '') return low.strict ? ['"0"{0,14} [1-9] [0-9]{0,14}'] : [any];
  if (high?.digits === '' && (!low || low.digits === ''))
    return high.strict || low?.strict ? [] : [isFirst ? '"0"{1,15}' : '"0"{0,15}'];
  const from = Number(low?.digits[0] ?? 0);
  const to = high ? Number(high.digits[0] ?? 0) : 9;
  if (from > to) return [];
  const follow = (digit: number) => ({
    low: low && digit === from ? tail(low) : undefined,
    high: high && digit === to ? tail(high) : undefined,
  });
  const ends = new Set([...(low ? [from] : []), ...(high ? [to] : [])]);
  const alternatives = [...ends].flatMap((digit) => {
    const rest = digitsOf(follow(digit));
    return rest.length > 0 ? [`"${digit}" (${rest.join(' | ')})`] : [];
  });
  const [first, last] = [low ? from + 1 : from, high ? to - 1 : to];
  if (first <= last) alternatives.push(`[${first}-${last}] ${ANY_DIGITS}`);
  return isFirst || !holdsZero({ low, high }) ? alternatives : ['""', ...alternatives];
}

const tail = ({ digits, strict }: Limit): Limit => ({ digits: digits.slice(1), strict });
const isZero = ({ digits }: Limit) => /^0*$/.test(digits);
const holdsZero = ({ low, high }: Range): boolean =>
  !(low && (!isZero(low) || low.strict)) && !(high && isZero(high) && high.strict);
