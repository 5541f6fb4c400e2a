import type { Conventions } from './conventions.ts';
import { foldMarks } from './fold-marks.ts';
import { type Digits, findDigits, type NumberToken, toToken } from './number-tokens.ts';
import { plainNumbers, toExactNumber } from './number-values.ts';

export type Amount = {
  readonly start: number;
  readonly end: number;
  readonly value: number;
  readonly isInDoubt?: true;
  readonly isPercent: boolean;
};

/** Every number of a text that stands for itself and can be kept exactly. */
export const findAmounts = (text: string, conventions: Conventions): readonly Amount[] =>
  findTokens(foldMarks(text)).flatMap(({ token, isInDoubt }) => {
    const { start, end, isPercent } = token;
    const values = valuesOf(token, conventions);
    const isDouble = isInDoubt || values.length > 1;
    return values.map((value) => ({ start, end, value, isPercent, ...(isDouble && { isInDoubt: true }) }));
  });

/** Those that a number may mean, and that can be kept exactly. */
function valuesOf(token: NumberToken, conventions: Conventions): readonly number[] {
  const plain = plainNumbers(token.digits, conventions).map(toExactNumber);
  if (plain.includes(undefined)) return [];
  return plain.flatMap((value = 0) => {
    if (token.sign === 'plus' || value === 0) return [value];
    return token.sign === 'minus' ? [-value] : [-value, value];
  });
}

/** The decimal marks of numbers that show them: with both marks, with a currency or a percent sign, with many groups. A
 * bare `3.10` can be the number of a section. */
export const voteForMark = (text: string): readonly string[] =>
  findTokens(foldMarks(text)).flatMap(({ token, isInDoubt }) => {
    const { digits, hasCurrency, isPercent } = token;
    if (isInDoubt) return [];
    const number = digits.replace(/['’\u00a0\u202f ]/g, '');
    if (/^\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})$/.test(number)) return ['point'];
    if (/^\d{1,3}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})$/.test(number)) return ['comma'];
    if (!hasCurrency && !isPercent) return [];
    const [, mark] = /^\d+([.,])(?:\d|\d\d|\d{4,})$/.exec(number) ?? [];
    return mark === undefined ? [] : [mark === '.' ? 'point' : 'comma'];
  });

/** More would not be kept exactly. */
const MOST_GROUPS = 5;

type FoundToken = { readonly token: NumberToken; readonly isInDoubt: boolean };

/** Where an ordinary space may stand between groups of digits or between two numbers, both are found, in doubt. */
function findTokens(text: string): readonly FoundToken[] {
  return chainsOf(text, findDigits(text)).flatMap((chain) => {
    const isShort = chain.length > 1 && chain.length <= MOST_GROUPS;
    const whole = isShort ? toToken(text, join(text, chain)) : undefined;
    if (whole && (whole.hasBeginning || standsAlone(text, whole)))
      return [{ token: whole, isInDoubt: false }];
    const parts = chain
      .slice(-MOST_GROUPS, -1)
      .map((_, at, { length }) => join(text, chain.slice(at - length - 1)));
    return [...chain, ...parts]
      .map((digits) => toToken(text, digits))
      .filter((token) => token !== undefined)
      .map((token) => ({ token, isInDoubt: chain.length > 1 }));
  });
}

/** The digits, those together between which there is one ordinary space, and that could be groups of one number. */
function chainsOf(text: string, all: readonly Digits[]): readonly (readonly Digits[])[] {
  const chains: Digits[][] = [];
  for (const digits of all) {
    const chain = chains.at(-1);
    const last = chain?.at(-1);
    const follows =
      chain !== undefined &&
      last !== undefined &&
      digits.start === last.end + 1 &&
      text[last.end] === ' ' &&
      /^\d{3}(?:[.,]\d+)?$/.test(digits.digits) &&
      (chain.length === 1 ? /^[1-9]\d{0,2}$/ : /^\d{3}$/).test(last.digits);
    if (follows) chain.push(digits);
    else chains.push([digits]);
  }
  return chains;
}

function join(text: string, chain: readonly Digits[]): Digits {
  const [start, end] = [chain[0]?.start ?? 0, chain.at(-1)?.end ?? 0];
  return { digits: text.slice(start, end), start, end };
}

/** Alone on its line, in its cell, or behind a colon. */
const standsAlone = (text: string, { start, end }: NumberToken): boolean =>
  /(?:^|[\n|:=])[ \t]*$/.test(text.slice(Math.max(0, start - 4), start)) &&
  /^[ \t]*(?:$|[\n|])/.test(text.slice(end, end + 4));
