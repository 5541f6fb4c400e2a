import type { Conventions } from './conventions.ts';
import { currenciesOf, currencyPattern, isCurrencyCode } from './currency-signs.ts';
import { foldMarks } from './fold-marks.ts';
import type { Normalised } from './normalise.ts';

type Found = {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly isInDoubt?: true;
};

/** Signs that all the world takes for one currency, though others write it at home. */
const USUAL: ReadonlyMap<string, string> = new Map([['£', 'GBP']]);
/** Behind these words a code stands for itself, without a number. */
const NAMED =
  /(?:currency|curr\.?|währung|waehrung|devise|monnaie|moneda|moeda|valuta|waluta|valuutta|\bin|\ben)\W{1,3}$/i;
const LONGEST_NAMED = 20;
const MOST_NAMED = 3;

let everywhere: RegExp | undefined;

/** Codes and signs; a sign of several currencies once for each, in doubt, unless the document names one of them. */
export function findCurrencies(text: string, conventions: Conventions): readonly Found[] {
  const folded = foldMarks(text);
  everywhere ??= new RegExp(`(?<!\\p{L})(?:${currencyPattern()})(?!\\p{L})`, 'gu');
  const signs = [...folded.matchAll(everywhere)]
    .filter(({ 0: sign, index }) => /\p{Sc}/u.test(sign) || namesCurrency(folded, index, sign))
    .map(({ 0: sign, index }) => ({ sign, index }));
  return [...signs, ...findNames(folded)]
    .sort((one, other) => one.index - other.index)
    .flatMap(({ sign, index: start }): readonly Found[] => {
      const place = { start, end: start + sign.length };
      const meant = decide(sign, currenciesOf(sign), conventions);
      if (meant.length === 1) return meant.map((value) => ({ ...place, value }));
      return meant.map((value) => ({ ...place, value, isInDoubt: true }));
    });
}

/** What the whole text names. */
export function normaliseCurrency(text: string, conventions: Conventions): Normalised {
  const sign = foldMarks(text).trim();
  const candidates = currenciesOf(isCurrencyCode(sign.toUpperCase()) ? sign.toUpperCase() : sign);
  const meant = decide(sign, candidates, conventions);
  const [value] = meant;
  if (value === undefined) return { ok: false, problem: `"${text}" is no currency that is known.` };
  if (meant.length === 1) return { ok: true, value };
  const more = meant.length > MOST_NAMED ? ` or another of ${meant.length}` : '';
  const named = sortByUse(meant).slice(0, MOST_NAMED);
  const list = more ? named.join(', ') : `${named.slice(0, -1).join(', ')} or ${named.at(-1)}`;
  return { ok: false, problem: `"${text}" can be ${list}${more}, and the document names none of them.` };
}

/** The codes that the text states an amount in, or that it says it is in. Signs do not vote. */
export function voteForCurrency(text: string): readonly string[] {
  const folded = foldMarks(text);
  const codes = folded.matchAll(/(?<!\p{L})[A-Z]{3}(?!\p{L})/gu);
  return [...codes]
    .filter(({ 0: code, index }) => isCurrencyCode(code) && isNamed(folded, index, code))
    .map(([code]) => code);
}

const isNamed = (text: string, index: number, code: string): boolean =>
  isBesideNumber(text, index, code) || NAMED.test(text.slice(Math.max(0, index - LONGEST_NAMED), index));

/** Whether letters that may be a word (`TRY`, `ALL`, `real`) are a currency here: beside a number, behind a word for it, or
 * alone on their line, in their cell, in brackets or behind a colon. */
export function namesCurrency(text: string, index: number, sign: string): boolean {
  if (isNamed(text, index, sign)) return true;
  const before = text.slice(Math.max(0, index - 4), index);
  const behind = text.slice(index + sign.length, index + sign.length + 4);
  if (isCurrencyCode(sign) && /[([]$/.test(before) && /^[)\]]/.test(behind)) return true;
  return /(?:^|[\n\t|:=]| {2})[ \t]{0,3}$/.test(before) && /^[ \t]{0,3}(?:$|[\n\t|]| {2})/.test(behind);
}

const isBesideNumber = (text: string, index: number, sign: string): boolean =>
  /\d(?:[.,]?-{1,2})?\)?[^\S\n]{0,2}$/.test(text.slice(Math.max(0, index - 6), index)) ||
  BEFORE_NUMBER.test(text.slice(index + sign.length, index + sign.length + 9)) ||
  (!WORD_LIKE.has(sign) && BEHIND_LABEL.test(text.slice(index + sign.length, index + sign.length + 9)));

/** `GBP 5`, `USD $5`. */
const BEFORE_NUMBER = /^[^\S\n]{0,2}\(?[-+.]?\p{Sc}?[-+.]?\d/u;
/** `Total GBP: 5`; but not `FOR ALL: 5`. */
const BEHIND_LABEL = /^\)?[^\S\n]?:[^\S\n]{0,3}\(?[-+.]?\p{Sc}?[-+.]?\d/u;
const WORD_LIKE: ReadonlySet<string> = new Set('ALL TRY TOP CUP PEN MOP MAD BAM GEL SOS'.split(' '));

function decide(sign: string, candidates: readonly string[], { currency }: Conventions): readonly string[] {
  if (candidates.length < 2) return candidates;
  if (currency !== undefined && candidates.includes(currency)) return [currency];
  const usual = USUAL.get(sign);
  return usual === undefined ? candidates : [usual];
}

/** Names in words, such as `Euro` or `Swiss Francs`: one word or two. */
function findNames(text: string): readonly { readonly sign: string; readonly index: number }[] {
  const found: { readonly sign: string; readonly index: number }[] = [];
  for (const { 0: sign, index } of text.matchAll(/(?<!\p{L})\p{Lu}?\p{Ll}{3,}(?!\p{L})/gu)) {
    if (currenciesOf(sign).length > 0 && namesCurrency(text, index, sign)) found.push({ sign, index });
  }
  for (const match of text.matchAll(/(?<!\p{L})(?=(\p{L}{2,}[- ]\p{L}{3,})(?!\p{L}))/gu)) {
    const sign = match[1] ?? '';
    if (currenciesOf(sign).length > 0) found.push({ sign, index: match.index });
  }
  return found;
}

const MOST_USED = ['USD', 'CAD', 'AUD', 'JPY', 'CNY', 'SEK', 'NOK', 'DKK', 'INR'];

const sortByUse = (codes: readonly string[]): readonly string[] =>
  codes.toSorted((one, other) => place(one) - place(other));

const place = (code: string): number =>
  MOST_USED.includes(code) ? MOST_USED.indexOf(code) : MOST_USED.length;
