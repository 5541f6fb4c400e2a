import { Fraction } from 'fraction.js';
import { ExpressionProblem, type Token, toTokens } from './expression-tokens.ts';
import { call, checked, divide, isFunction, power, unknownName } from './reckon.ts';

export type Evaluated = {
  /** Exact. */
  readonly value: Fraction;
  /** The numbers that were written in another way than `plain`. */
  readonly readings: readonly { readonly text: string; readonly plain: string }[];
};

const MAX_DEPTH = 50;

/** The value of an expression as people and models write it. Throws `ExpressionProblem`. */
export function evaluateExpression(expression: string): Evaluated {
  const tokens = toTokens(expression, isFunction);
  if (tokens.length === 0) throw new ExpressionProblem('The expression is empty.');
  const cursor = { tokens, at: 0, depth: 0 };
  const { value } = additive(cursor);
  if (cursor.at < tokens.length) throw unexpected(cursor);
  const readings = tokens.flatMap((token) =>
    token.type === 'number' && token.text !== token.plain ? [{ text: token.text, plain: token.plain }] : [],
  );
  return { value, readings };
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
  const value = primary(cursor);
  if (takeIf(cursor, '%')) return { value: value.div(100), isPercent: true };
  if (!takeIf(cursor, '^')) return { value };
  return { value: power(value, nested(cursor, signed).value) };
}

function primary(cursor: Cursor): Fraction {
  const token = cursor.tokens[cursor.at];
  if (token?.type === 'number') {
    cursor.at += 1;
    return checked(new Fraction(token.plain));
  }
  if (token?.type === 'name') {
    if (!isFunction(token.text)) throw unknownName(token.text);
    cursor.at += 1;
    expect(cursor, '(');
    return call(token.text, list(cursor, ')'));
  }
  expect(cursor, '(');
  const { value } = nested(cursor, additive);
  expect(cursor, ')');
  return value;
}

/** The values up to the bracket that ends them; a list in square brackets is so many values. */
function list(cursor: Cursor, end: ')' | ']'): readonly Fraction[] {
  const values: Fraction[] = [];
  while (takeIf(cursor, end) === undefined) {
    if (takeIf(cursor, '[')) values.push(...nested(cursor, (inner) => list(inner, ']')));
    else values.push(nested(cursor, additive).value);
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
