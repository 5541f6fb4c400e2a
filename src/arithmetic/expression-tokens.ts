import { isInDoubt, readNumber, twoWays } from './read-number.ts';

/** Why an expression has no value, in a sentence for the model. */
export class ExpressionProblem extends Error {}

export type Token =
  | { readonly type: 'number'; readonly text: string; readonly plain: string }
  | { readonly type: 'name' | 'sign'; readonly text: string };

const TOKEN =
  /\s*(?:(?<number>(?:\d|\.\d)(?:[\d.,'’\u00a0\u202f]*\d)?)|(?<name>\p{L}+)|(?<sign>\*\*|\p{Sc}|[-+*/^%()[\],;×·÷−–]))/uy;
/** Signs and codes of one currency. */
const CURRENCIES: ReadonlyMap<string, string> = new Map([
  ['€', 'EUR'],
  ['$', 'USD'],
  ['£', 'GBP'],
]);
const SAME_SIGNS: ReadonlyMap<string, string> = new Map([
  ['**', '^'],
  ['×', '*'],
  ['·', '*'],
  ['x', '*'],
  ['÷', '/'],
  ['−', '-'],
  ['–', '-'],
  [';', ','],
]);

type Found = { readonly number?: string; readonly name?: string; readonly sign?: string };

/** The tokens of an expression without its currencies. Throws `ExpressionProblem`. */
export function toTokens(expression: string, isFunction: (name: string) => boolean): readonly Token[] {
  const tokens: Token[] = [];
  const currencies = new Set<string>();
  // Where a list shows how it is divided, a comma between digits belongs to its number.
  const isDivided = /,\s|;/.test(expression);
  const brackets: Bracket[] = [];
  for (const { number, name = '', sign = '' } of split(expression)) {
    if (number !== undefined) {
      const within = isDivided ? 'group' : (brackets.at(-1) ?? 'group');
      tokens.push(...toNumbers(number, within, tokens.at(-1)));
    } else if (/^[A-Z]{3}$/.test(name) && !isFunction(name)) currencies.add(name);
    else if (/^\p{Sc}$/u.test(sign)) currencies.add(CURRENCIES.get(sign) ?? sign);
    else {
      if (sign === '(' || sign === '[') brackets.push(bracketOf(sign, tokens.at(-1)));
      else if (sign === ')' || sign === ']') brackets.pop();
      const same = SAME_SIGNS.get(name || sign);
      if (name && !same) tokens.push({ type: 'name', text: name });
      else tokens.push({ type: 'sign', text: same ?? sign });
    }
  }
  if (currencies.size > 1) {
    throw new ExpressionProblem(
      `${[...currencies].join(' and ')} cannot be calculated together: convert them first.`,
    );
  }
  checkMarks(tokens);
  return tokens;
}

/** What a bracket encloses: an expression, the values of a function, or those of `round`. */
type Bracket = 'group' | 'list' | 'round';

function bracketOf(sign: string, before: Token | undefined): Bracket {
  if (sign === '[') return 'list';
  if (before?.type !== 'name') return 'group';
  return before.text.toLowerCase() === 'round' ? 'round' : 'list';
}

function split(expression: string): readonly Found[] {
  const text = expression
    .trim()
    .replace(/^=|=\s*\??$/g, '')
    .trimEnd();
  checkForms(text);
  const found: Found[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const { groups } = TOKEN.exec(text) ?? {};
    if (!groups) {
      throw new ExpressionProblem(
        `The expression cannot be read at ${JSON.stringify(text.slice(at, at + 20))}.`,
      );
    }
    found.push(groups);
  }
  return found;
}

const HEXADECIMAL = /(?<![\d.,])0x[\da-f]+/i;
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const YEAR = '(?:19|20)\\d\\d';
const DATE = new RegExp(
  `(?<![\\d.,])(?:${YEAR}([-–−/])${DAY}\\1${DAY}|${DAY}([-–−/])${DAY}\\2${YEAR})(?![\\d.,])`,
);

/** Refuses what would be reckoned with, though it is most likely no calculation. */
function checkForms(text: string): void {
  const [hexadecimal] = HEXADECIMAL.exec(text) ?? [];
  if (hexadecimal) {
    throw new ExpressionProblem(
      `"${hexadecimal.slice(0, 40)}" is no decimal number: write it with the digits 0 to 9, and a product with *.`,
    );
  }
  const [date] = DATE.exec(text) ?? [];
  if (date) {
    throw new ExpressionProblem(
      `"${date}" can be a date, which cannot be calculated. Where it is none, write it with spaces: ${date.replace(/[-–−/]/g, ' $& ')}.`,
    );
  }
}

function toNumber(text: string): Token {
  const reading = readNumber(text);
  if (!reading.ok) throw new ExpressionProblem(reading.problem);
  return { type: 'number', text, plain: reading.plain };
}

/** One number, or several: `1,2` in a list may be both. */
function toNumbers(text: string, within: Bracket, before: Token | undefined): readonly Token[] {
  const parts = text.split(',');
  const isList = within !== 'group' && parts.length > 1 && parts.every((part) => readNumber(part).ok);
  if (!isList) return [toNumber(text)];
  // As in round(100/3,2), it is the last comma that stands before the places.
  const isPlaces = within === 'round' && before?.type === 'sign' && /[*/]/.test(before.text);
  if (isPlaces) return [toNumber(parts.slice(0, -1).join(',')), COMMA, toNumber(parts.at(-1) ?? '')];
  if (readNumber(text).ok || isInDoubt(text, ',')) {
    throw new ExpressionProblem(
      `"${text}" can be one number or several. Put a space behind each comma that divides numbers, and write numbers like 1234.56.`,
    );
  }
  return parts.flatMap((part, at) => (at > 0 ? [COMMA, toNumber(part)] : [toNumber(part)]));
}

const COMMA: Token = { type: 'sign', text: ',' };

/** Beside a number with a decimal comma, `1.234` may be a thousand. */
function checkMarks(tokens: readonly Token[]): void {
  const texts = tokens.flatMap((token) => (token.type === 'number' ? [token.text] : []));
  const hasComma = texts.some((text) => {
    const reading = readNumber(text);
    return reading.ok && reading.decimalMark === 'comma';
  });
  const doubtful = texts.find((text) => isInDoubt(text, '.'));
  if (hasComma && doubtful) throw new ExpressionProblem(twoWays(doubtful, doubtful, '.'));
}
