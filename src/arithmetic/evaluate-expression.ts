import { Fraction } from 'fraction.js';
import { ExpressionProblem, type Token, toTokens } from './expression-tokens.ts';
import { isInDoubt } from './read-number.ts';
import { call, checked, divide, isFunction, power, unknownName } from './reckon.ts';

/** `text`: as it was written. */
export type Reading = { readonly text: string; readonly plain: string };

export type Evaluated = {
  /** Exact. */
  readonly value: Fraction;
  /** The numbers that were written in another way than `plain`; where there are none, those that may have a point before
   * thousands. A grouped number shows that they have not. */
  readonly readings: readonly Reading[];
};

const MAX_DEPTH = 50;

/** The value of an expression as people and models write it. Throws `ExpressionProblem`. */
export function evaluateExpression(expression: string): Evaluated {
  const tokens = toTokens(expression, isFunction);
  if (tokens.length === 0) throw new ExpressionProblem('The expression is empty.');
  const cursor = { tokens, at: 0, depth: 0 };
  const { value } = additive(cursor);
  if (cursor.at < tokens.length) throw unexpected(cursor);
  const numbers = tokens.filter((token) => token.type === 'number');
  const others = numbers.filter(({ text, plain }) => text !== plain);
  return { value, readings: others.length > 0 ? others : numbers.filter(({ text }) => isInDoubt(text, '.')) };
}

type Cursor = { readonly tokens: readonly Token[]; at: number; depth: number };
type Operand = { readonly value: Fraction; readonly isPercent?: boolean };

function additive(cursor: Cursor): Operand {
  let left = multiplicative(cursor);
  for (let sign = takeIf(cursor, '+', '-'); sign; sign = takeIf(cursor, '+', '-')) {
    const right = multiplicative(cursor);
    if (right.isPercent && !left.isPercent) throw new ExpressionProblem(percentProblem(sign, right));
    const value = checked(sign === '+' ? left.value.add(right.value) : left.value.sub(right.value));
    left = { value, isPercent: left.isPercent === true && right.isPercent === true };
  }
  return left;
}

function multiplicative(cursor: Cursor): Operand {
  let left = signed(cursor);
  for (let sign = takeFactorSign(cursor, left); sign; sign = takeFactorSign(cursor, left)) {
    const right = signed(cursor);
    left = { value: sign === '/' ? divide(left.value, right.value) : checked(left.value.mul(right.value)) };
  }
  return left;
}

const takeFactorSign = (cursor: Cursor, { isPercent }: Operand): string | undefined =>
  takeIf(cursor, '*', '/', ...(isPercent ? ['of'] : []));

function signed(cursor: Cursor): Operand {
  let isNegative = false;
  for (let sign = takeIf(cursor, '+', '-'); sign; sign = takeIf(cursor, '+', '-')) {
    if (sign === '-') isNegative = !isNegative;
  }
  const operand = raised(cursor);
  return isNegative ? { ...operand, value: operand.value.neg() } : operand;
}

function raised(cursor: Cursor): Operand {
  const operand = primary(cursor);
  if (takeIf(cursor, '%')) return { value: operand.value.div(100), isPercent: true };
  if (!takeIf(cursor, '^')) return operand;
  return { value: power(operand.value, nested(cursor, signed).value) };
}

function primary(cursor: Cursor): Operand {
  const token = cursor.tokens[cursor.at];
  if (token?.type === 'number') {
    cursor.at += 1;
    return { value: checked(new Fraction(token.plain)) };
  }
  if (token?.type === 'name') {
    if (!isFunction(token.text)) throw unknownName(token.text);
    cursor.at += 1;
    expect(cursor, '(');
    return callWith(token.text, list(cursor, ')'));
  }
  expect(cursor, '(');
  const operand = nested(cursor, additive);
  expect(cursor, ')');
  return operand;
}

/** A percentage among amounts may be meant of them. The places of `round` are no amount. */
function callWith(name: string, operands: readonly Operand[]): Operand {
  const percent = operands.find(({ isPercent }) => isPercent);
  if (percent && name.toLowerCase() !== 'round' && !operands.every(({ isPercent }) => isPercent)) {
    throw new ExpressionProblem(mixedProblem(percent));
  }
  const value = call(
    name,
    operands.map((operand) => operand.value),
  );
  return { value, isPercent: operands[0]?.isPercent === true };
}

/** The values up to the bracket that ends them; a list in square brackets is so many values. */
function list(cursor: Cursor, end: ')' | ']'): readonly Operand[] {
  const values: Operand[] = [];
  while (takeIf(cursor, end) === undefined) {
    if (takeIf(cursor, '[')) values.push(...nested(cursor, (inner) => list(inner, ']')));
    else values.push(nested(cursor, additive));
    if (!isNext(cursor, end)) expect(cursor, ',');
  }
  return values;
}

function nested<Value>(cursor: Cursor, read: (cursor: Cursor) => Value): Value {
  if (cursor.depth === MAX_DEPTH)
    throw new ExpressionProblem('The expression has too many brackets in brackets.');
  cursor.depth += 1;
  const value = read(cursor);
  cursor.depth -= 1;
  return value;
}

function isNext({ tokens, at }: Cursor, ...texts: readonly string[]): boolean {
  const token = tokens[at];
  return token !== undefined && token.type !== 'number' && texts.includes(token.text);
}

const takeIf = (cursor: Cursor, ...texts: readonly string[]): string | undefined =>
  isNext(cursor, ...texts) ? cursor.tokens[cursor.at++]?.text : undefined;

function expect(cursor: Cursor, text: string): void {
  if (takeIf(cursor, text) === undefined) throw unexpected(cursor);
}

function unexpected({ tokens, at }: Cursor): ExpressionProblem {
  const next = tokens.slice(at, at + 3).map(({ text }) => text);
  const place = next.length > 0 ? `at "${next.join(' ')}"` : 'at its end';
  return new ExpressionProblem(
    `The expression cannot be read ${place}. Write it like (12.50 + 7) * 1.19 or sum(12.50, 7.25).`,
  );
}

const percentProblem = (sign: string, { value }: Operand): string =>
  `"${sign} ${value.mul(100)}%" can be read in two ways. Write * ${sign === '+' ? value.add(1) : value.neg().add(1)}, or ${sign} ${value}.`;

const mixedProblem = ({ value }: Operand): string =>
  `"${value.mul(100)}%" among other numbers can be read in two ways. Write ${value}, or what it is of: ${value.mul(100)}% of 200.`;
