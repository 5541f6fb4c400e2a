/** What around a number changes what it says: signs, words and scales that its reading does not hold. */
import { foldMarks } from './fold-marks.ts';

const BESIDE = 'A sign or a word beside this number may change it.';
const SCALED = 'The number seems to be written in thousands, millions or another scale.';
const PARTED = 'The number seems to be parted: digits that may belong to it stand apart from it.';

/** How far around a number is looked, in UTF-16 units. */
const REACH = 48;
const LONGEST_LINE = 200;

const SIGN_BEFORE = /(?:[±∓~∼≈≃≅<>≤≥≦≧⁓〜～⁄][^\S\n]{0,3}|(?<![^\s|:=(\p{Sc}])-[ \t]{2,3}|\p{N} ?[+^] ?)$/u;
const WORD_BEFORE =
  /(?<![\p{L}\p{N}])(?:minus|negativ\p{L}{0,3}|moins|menos|meno|minder|less|abzgl|abzüglich|[cz]irca|zirka|environ|env|appr|approx|approximately|about|around|roughly|nearly|almost|etwa|ungefähr|rund|knapp|aprox|aproximadamente|up to|bis zu|at least|at most|(?:more|less) than|(?:mehr|weniger) als|mindestens|höchstens|maximal|minimal|plus de|au moins|au plus)[.:]{0,2}\s{1,3}$/iu;
/** `CA 94538` is in California. */
const CIRCA = /(?<![\p{L}\p{N}])[Cc]?ca\.?\s{1,3}$|(?<![\p{L}\p{N}])Ca\.?\s{1,3}$/u;
const SIGN_BEHIND =
  /^(?:⁄| ?[+^] ?\p{N}|\p{No}| ?[\u00bc-\u00be\u2150-\u215f\u2189]| \d{1,2}\/\d{1,2}(?![\d/]))/u;

const SCALES =
  'mio|mill|mln|mld|mlrd|mrd|mia|mil|mila|mille|milliers?|tsd|tys|tis|тыс\\p{L}*|млн|млрд|миллион\\p{L}*|mill?[io]\\p{L}+|mil[hj]\\p{L}+|billi\\p{L}+|trilli\\p{L}+|tusen|tusind|tuhat\\p{L}*|duizend|hundred|hundert|thousands?|tausend|lakhs?|lacs?|crores?|dozen|dutzend|bn|mn|tn|teur|k';
const SCALED_BEHIND = new RegExp(
  `^(?:\\s{0,3}(?:\\p{Sc}|\\p{Lu}{3}(?!\\p{L}))?[\\s(]{0,3}(?:${SCALES})(?![\\p{L}\\p{N}])|\\s{0,3}[万萬亿億兆千百십백천만억조]|\\s?['’]000)`,
  'iu',
);
const IN_THOUSANDS =
  /(?<!\p{L})(?:in|en) (?:thousands?|millions?|billions?|tausend|tsd|mio|mrd|millionen|milliarden|milliers|miles|millones|lakhs?|crores?)(?!\p{L})|['’]000(?!\d)/iu;

/** Those that are written in one word with a scale; of all, some would be words: `MWST` is no million of Samoa. */
const CURRENCY =
  '(?:EUR|USD|US\\$|CHF|GBP|SEK|NOK|DKK|PLN|CZK|HUF|RON|JPY|CNY|RMB|INR|AUD|CAD|NZD|BRL|R\\$|MXN|ZAR|RUB|HKD|SGD|\\p{Sc})';
/** `TEUR`, `k€`, `Mio. EUR`, `EURm`, `€m`. */
const SCALED_CURRENCY = new RegExp(
  `(?<!\\p{L})(?:(?:[kKTMm]|(?:Mio|Mrd|Tsd)\\.? ?|mn ?|bn ?)${CURRENCY}(?!\\p{L})|${CURRENCY}(?: ?(?:mn|bn|[mM]io|[mM]rd|[tT]sd|[mM]illion\\p{L}*|[tT]housands?)|[kKmMT])(?![\\p{L}\\p{N}²³]))`,
  'u',
);

/** One sentence where something does; `text` as it stands. */
export function besideNumber(
  raw: string,
  { start, end }: { readonly start: number; readonly end: number },
): string | undefined {
  const above = foldMarks(raw.slice(Math.max(0, start - LONGEST_LINE), start));
  const line = above.slice(above.lastIndexOf('\n') + 1);
  const before = foldMarks(raw.slice(Math.max(0, start - REACH), start));
  const behind = foldMarks(raw.slice(end, end + REACH));
  const number = foldMarks(raw.slice(start, end));
  if (SCALED_BEHIND.test(behind) || IN_THOUSANDS.test(line)) return SCALED;
  if (SCALED_CURRENCY.test(line) || startsWith(SCALED_CURRENCY, behind)) return SCALED;
  if (SIGN_BEFORE.test(before) || WORD_BEFORE.test(before) || CIRCA.test(before)) return BESIDE;
  if (SIGN_BEHIND.test(behind) || (number.startsWith('+') && /\p{N} ?$/u.test(before))) return BESIDE;
  if (isInBrackets(before, number, behind)) return BESIDE;
  return isParted(before, number, behind) ? PARTED : undefined;
}

const startsWith = (pattern: RegExp, behind: string): boolean => {
  const found = pattern.exec(behind);
  return found !== null && /^\s{0,3}$/.test(behind.slice(0, found.index));
};

/** `(  12.52 )`: a minus, where the reading does not hold the brackets. Around a rate they say nothing. */
const isInBrackets = (before: string, number: string, behind: string): boolean =>
  /\([ \t]*$/.test(before) && /^[ \t]*\)/.test(behind) && !/[%\p{L}]/u.test(number);

const HAS_DECIMALS = /[.,]\d\d(?!\d)/;

/** `12 .50`, `12\n.50`, `12, 50`: not where the first is the number of a list's line, `1. 50 pieces`. */
function isParted(before: string, number: string, behind: string): boolean {
  if (/^\s{1,3}[.,]\d/.test(behind) || (/^[.,]/.test(number) && /\d\s{1,3}$/.test(before))) return true;
  const first = /(?<![\p{L}\p{N}.,_-])\d+(?:[.,’']\d{3})*[^\S\n]{0,2}([.,])[^\S\n]{1,2}$/u.exec(before);
  if (/^\d{1,2}(?![\d.,])/.test(number) && first) {
    return first[1] === ',' || !beginsLine(before.slice(0, first.index)) || endsLine(behind);
  }
  const next = /^[^\S\n]{0,2}([.,])[^\S\n]{1,2}\d{1,2}(?!\d|[.,:/]\d)/.exec(behind);
  if (!next || HAS_DECIMALS.test(number)) return false;
  return next[1] === ',' || !beginsLine(before) || endsLine(behind.slice(next[0].length));
}

const beginsLine = (before: string): boolean => /(?:^|[\n|])[^\S\n]*$/.test(before);
const endsLine = (behind: string): boolean => /^[^\S\n]*(?:$|[\n|])/.test(behind);
