/** Numbers as they stand in a text, with what belongs to them: sign, brackets, currency, percent. */
import { currencyPattern } from './currency-signs.ts';

/** `start` and `end` in UTF-16 units. */
export type Digits = { readonly digits: string; readonly start: number; readonly end: number };

/** `start` and `end` hold all that belongs to the number. */
export type NumberToken = Digits & {
  /** `open`: it may be a minus or not, such as a dash with a space behind it, or `CR`. */
  readonly sign: 'plus' | 'minus' | 'open';
  readonly isPercent: boolean;
  readonly hasCurrency: boolean;
  /** Whether its sign, bracket or currency shows that a number begins here. */
  readonly hasBeginning: boolean;
};

/** How far signs and words before and behind a number are looked at, in UTF-16 units. */
const REACH = 24;
const ATOM = /(?<![\p{L}\p{N}.,])\.\d+|\d+(?:[.,'’]\d+|[\u00a0\u202f]\d{3}(?!\d))*/gu;
const SPACE = '[ \\u00a0\\u202f]?';
/** Units that may stand tight behind a number; other letters make it a part of a name. */
export const UNITS =
  '(?:kg|g|mg|t|l|ml|cm|mm|km|m²|m2|m³|m3|qm|h|hrs?|hours?|Std|Stunden?|min|days?|Tage?|pcs?|pieces?|Stk|Stück|St|x|×|kWh|MWh|kW|GB|MB|TB)(?![\\p{L}\\p{N}])\\.?';
const UNIT = new RegExp(`^${UNITS}`, 'u');
/** What multiplies the number: the digits alone are not the value. */
const MULTIPLE =
  /^ ?(?:(?:[kKMBT]|mn|MM|bn|Mio|Mill|Mrd|Mia|Tsd|tis|tys|mln|mld|lakhs?|lacs?|crores?|cr|hundred|thousand|[mb]illi\p{L}+|trilli\p{L}+|Milli\p{L}+|Tausend|Hundert|mille?|mila|dozen|Dtzd|Dutzend)(?![\p{L}\p{N}])|m(?![\p{L}\p{N}²³]))|^\s?‰/u;
const PERCENT = /^[ \t\u00a0\u202f]{0,3}(?:%|percent\b|per cent\b|pct\b|Prozent\b|v\. ?H\.|pour ?cent\b)/i;

/** The digits of a text and the marks among them, whatever they belong to. `text`: folded. */
export const findDigits = (text: string): readonly Digits[] =>
  [...text.matchAll(ATOM)].map(({ 0: digits, index }) => ({
    digits,
    start: index,
    end: index + digits.length,
  }));

/** Undefined where the digits belong to something that is no number: a word, a date, a time, an order number. */
export function toToken(text: string, { digits, start, end }: Digits): NumberToken | undefined {
  const head = readHead(text.slice(Math.max(0, start - REACH), start));
  const tail = readTail(text.slice(end, end + REACH));
  if (!head.isFree || !tail.isFree) return undefined;
  const isBracketed = head.bracket > 0 && tail.bracket > 0;
  const isSure = /[.,'’\s]/.test(digits) || head.hasCurrency || tail.hasCurrency;
  const signs = [head.sign, tail.sign, isBracketed ? (isSure ? 'minus' : 'open') : 'plus'] as const;
  return {
    digits: tail.decimals === '' ? digits : `${digits}${tail.decimals}`,
    start: start - head.length - (isBracketed ? head.bracket : 0),
    end: end + tail.length + (isBracketed ? tail.bracket : 0),
    sign: signs.find((sign) => sign === 'open') ?? signs.find((sign) => sign === 'minus') ?? 'plus',
    isPercent: tail.isPercent,
    hasCurrency: head.hasCurrency || tail.hasCurrency,
    hasBeginning: head.hasCurrency || head.sign === 'minus' || isBracketed,
  };
}

type Side = {
  readonly isFree: boolean;
  readonly sign: NumberToken['sign'];
  readonly hasCurrency: boolean;
  /** In UTF-16 units, without the bracket, which is counted by itself. */
  readonly length: number;
  readonly bracket: number;
};

let before: RegExp | undefined;
let behind: RegExp | undefined;

function readHead(left: string): Side {
  const sign = '(?<![\\p{L}\\p{N}).,%-])[-+] ?';
  before ??= new RegExp(
    `(?<bracket>\\([ \\t\\u00a0\\u202f]{0,3})?(?:(?<outer>${sign})?(?<currency>(?<!\\p{L})(?:${currencyPattern()})${SPACE})(?<inner>[-+] ?)?|(?<only>${sign}))?$`,
    'u',
  );
  const groups = before.exec(left)?.groups ?? {};
  const { bracket = '', outer = '', currency = '', inner = '', only = '' } = groups;
  const mark = outer || inner || only;
  const length = outer.length + currency.length + inner.length + only.length;
  return {
    isFree: isFree(left.slice(0, left.length - length - bracket.length)),
    sign: !mark.startsWith('-') ? 'plus' : mark.length > 1 ? 'open' : 'minus',
    hasCurrency: currency !== '',
    length,
    bracket: bracket.length,
  };
}

/** Not in a word, nor behind the dash of an order number, the stroke of a date, the colon of a time. */
const isFree = (rest: string): boolean =>
  !/(?:[\p{L}\p{N}_]|[\p{L}\p{N}][-/\\]|\p{N}[:.,'’٫٬]|--)$/u.test(rest);

/** `decimals`: what a dash instead of decimals stands for, as in `1.234,-`. */
function readTail(right: string): Side & { readonly isPercent: boolean; readonly decimals: string } {
  const minus = '-(?![\\p{L}\\p{N}-]| ?\\d)';
  behind ??= new RegExp(
    `^(?<dash>[.,] ?-{1,2}(?!\\d))?(?<early>${minus})?(?<currency>${SPACE}(?:${currencyPattern()})(?![\\p{L}\\p{N}]))?(?<late>${minus})?(?<open> -(?=\\s*(?:$|\\n|\\|))| ?(?:CR|Cr|DR|Dr)\\b\\.?)?(?<bracket>[ \\t\\u00a0\\u202f]{0,3}\\))?`,
    'u',
  );
  const groups = behind.exec(right)?.groups ?? {};
  const { dash = '', early = '', currency = '', late = '', open = '', bracket = '' } = groups;
  const length = dash.length + early.length + currency.length + late.length + open.length;
  const rest = right.slice(dash.length + early.length);
  const percent = currency === '' ? (PERCENT.exec(rest)?.[0] ?? '') : '';
  const isWord = length === 0 && percent === '' && /^[\p{L}\p{N}_]/u.test(right) && !UNIT.test(right);
  const isPart = /^(?:[-/\\]\p{N}|-\p{L}|:\p{N}|[.,'’٫٬]\p{N})/u.test(right);
  const isMultiple = MULTIPLE.test(rest) || MULTIPLE.test(right.slice(length));
  return {
    isFree: !isWord && !isPart && !isMultiple,
    sign: open !== '' ? 'open' : early || late ? 'minus' : 'plus',
    hasCurrency: currency !== '',
    length: length + percent.length,
    bracket: bracket.length,
    isPercent: percent !== '',
    decimals: dash === '' ? '' : `${dash[0]}00`,
  };
}
