import type { Conventions } from './conventions.ts';
import { currenciesOf, isCurrencyCode } from './currency-signs.ts';
import { foldWords } from './fold-words.ts';
import type { Normalised } from './normalise.ts';
import { findCurrencies, namesCurrency } from './read-currency.ts';
import { isTurned } from './turned-words.ts';

type Found<Value> = {
  readonly start: number;
  readonly end: number;
  readonly value: Value;
  readonly isInDoubt?: true;
};

const TRUE = 'true yes ja oui si sim tak ano igen da да так wahr vrai vero cierto jah taip kylla evet';
const FALSE = 'false no nein non nee nej nei nao nie ne nem не нет ні falsch faux falso hayir ei';
const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...TRUE.split(' ').map((word): [string, boolean] => [foldWords(word), true]),
  ...FALSE.split(' ').map((word): [string, boolean] => [foldWords(word), false]),
]);
const MARKS: ReadonlyMap<string, boolean> = new Map([
  ...[...'☑☒✓✔🗹'].map((mark): [string, boolean] => [mark, true]),
  ...[...'☐'].map((mark): [string, boolean] => [mark, false]),
]);

export function normaliseBoolean(text: string): Normalised {
  const value = MARKS.get(text.trim()) ?? WORDS.get(foldWords(text));
  if (value !== undefined) return { ok: true, value };
  return { ok: false, problem: `"${text}" says neither yes nor no.` };
}

/** Every word and mark that says yes or no; not the `No` before a number, nor what the words and boxes around it turn. Of
 * several boxes on a line, none speaks for itself. */
export const findBooleans = (text: string): readonly Found<boolean>[] =>
  [...text.matchAll(/(?!No\.?\s?[#\d])(?<![\p{L}\p{M}])[\p{L}\p{M}]+|[☑☒✓✔🗹☐]/giu)].flatMap(
    ({ 0: word, index }) => {
      const value = MARKS.get(word) ?? WORDS.get(foldWords(word));
      const place = { start: index, end: index + word.length };
      return value === undefined || isTurned(text, place, WORDS.has(foldWords(word)))
        ? []
        : [{ ...place, value }];
    },
  );

/** The literal of the schema, whatever its case and the signs between its words. Where all choices are currencies, also
 * the one that a sign can mean. */
export function normaliseChoice(
  text: string,
  choices: readonly string[],
  conventions: Conventions,
): Normalised {
  const [choice, ...others] = choicesLike(text, choices);
  if (choice !== undefined && others.length === 0) return { ok: true, value: choice };
  const [currency, ...more] = currenciesAmong(currenciesOf(text.trim()), choices, conventions);
  if (currency !== undefined && more.length === 0) return { ok: true, value: currency };
  return { ok: false, problem: `"${text}" is none of the choices: ${choices.join(', ')}.` };
}

/** Every place where one of the choices stands, at the bounds of words, and where nothing around it turns it. Codes of
 * currencies may be words. */
export function findChoices(
  text: string,
  choices: readonly string[],
  conventions: Conventions,
): readonly Found<string>[] {
  const tokens = [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
    folded: foldWords(word),
  }));
  const found = choices.flatMap((value) => {
    const words = foldWords(value).split(' ').filter(Boolean);
    return tokens.flatMap(({ start }, at): readonly Found<string>[] => {
      const last = tokens[at + words.length - 1];
      const isIt = words.length > 0 && words.every((word, offset) => tokens[at + offset]?.folded === word);
      return isIt && last && !isTurned(text, { start, end: last.end })
        ? [{ start, end: last.end, value }]
        : [];
    });
  });
  if (!choices.every(isCurrencyCode)) return found;
  const named = found.filter(({ start, value }) => namesCurrency(text, start, value));
  return named.length > 0 ? named : findSigns(text, choices, conventions);
}

function findSigns(
  text: string,
  choices: readonly string[],
  conventions: Conventions,
): readonly Found<string>[] {
  const found = findCurrencies(text, conventions).filter(
    (sign) => choices.includes(sign.value) && !isTurned(text, sign),
  );
  const places = Map.groupBy(found, ({ start }) => start);
  return found.map(({ start, end, value }) => ({
    start,
    end,
    value,
    ...((places.get(start)?.length ?? 0) > 1 && { isInDoubt: true as const }),
  }));
}

/** Exactly one first, so that choices that differ in case alone are told apart. */
function choicesLike(text: string, choices: readonly string[]): readonly string[] {
  if (choices.includes(text)) return [text];
  const folded = foldWords(text);
  if (folded === '') return choices.filter((choice) => choice.trim() === text.trim());
  return choices.filter((choice) => foldWords(choice) === folded);
}

function currenciesAmong(
  meant: readonly string[],
  choices: readonly string[],
  { currency }: Conventions,
): readonly string[] {
  if (!choices.every(isCurrencyCode)) return [];
  const among = meant.filter((code) => choices.includes(code));
  return currency !== undefined && among.includes(currency) ? [currency] : among;
}
