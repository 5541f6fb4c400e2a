/** Digits that are no number of anything: of dates, times and telephone numbers. */
import { exists, findDateTokens } from './date-tokens.ts';
import { foldMarks } from './fold-marks.ts';
import { monthsOf } from './month-names.ts';

type Range = { readonly start: number; readonly end: number };

/** Groups of digits with spaces, strokes, dashes and brackets between them; an amount has decimals. */
const GROUPS = String.raw`\d+(?:(?:[ \u00a0]|[ \u00a0]?[()/-]{1,2}[ \u00a0]?)\d+)*(?!\d|[.,]\d)`;
const TELEPHONES = [
  new RegExp(
    String.raw`(?<![\p{L}\p{N}])(?:tel|telefon|telephone|téléphone|teléfono|telefono|phone|fax|telefax|mobile|mobil|mobiel|handy|cell|portable)\.?(?: ?(?:no|nr)\.?)?[^\S\n]{0,2}[:.]?[^\S\n]{0,3}\+?\(?${GROUPS}`,
    'giu',
  ),
  new RegExp(String.raw`(?<![\p{L}\p{N}.,])(?:\+|00)\d{1,3}[ \u00a0()/-]{1,3}${GROUPS}`, 'gu'),
  new RegExp(String.raw`(?<![\p{L}\p{N}.,])\(0\d{1,5}\)[ \u00a0/-]{0,3}${GROUPS}`, 'gu'),
  /(?<![\p{L}\p{N}.,])0\d{1,4} \d{5,}(?!\d|[.,]\d)/gu,
];
const FEWEST_DIGITS = 6;
const TIME = /^[^\S\n]?(?:Uhr|[ap]\.?m(?!\p{L})|o['’]clock|h\d\d)/iu;
const SHORT_MONTH = /^(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)$/i;

/** Whether a number of the text is a part of such digits. `text`: as it stands. */
export function findOtherDigits(raw: string): (range: Range) => boolean {
  const text = foldMarks(raw);
  if (!/\d/.test(text)) return () => false;
  const dates = findDateTokens(text).filter(
    ({ start, end, days }) => days.some(exists) && !/^\d+$/.test(text.slice(start, end)),
  );
  const telephones = TELEPHONES.flatMap((pattern) => [...text.matchAll(pattern)])
    .filter(([whole]) => whole.replace(/\D/g, '').length >= FEWEST_DIGITS)
    .map(({ 0: whole, index }) => ({ start: index, end: index + whole.length }));
  const others: readonly Range[] = [...dates, ...telephones];
  return (range) =>
    others.some(({ start, end }) => range.start < end && start < range.end) || isOfTime(text, range);
}

/** `10 Uhr`, `12. May`, `March 2026`. */
function isOfTime(text: string, { start, end }: Range): boolean {
  if (TIME.test(text.slice(end, end + 12))) return true;
  const number = text.slice(start, end);
  if (!/^(?:\d{1,2}|(?:19|20)\d\d)$/.test(number)) return false;
  const [, next = ''] = /^\.?[- ]?(\p{L}{3,15})(?!\p{L})/u.exec(text.slice(end, end + 20)) ?? [];
  const [, last = ''] =
    /(?<!\p{L})(\p{L}{3,15})\.?[- ]$/u.exec(text.slice(Math.max(0, start - 20), start)) ?? [];
  return [number.length < 4 ? next : '', last].some(isMonth);
}

/** Short ones of other languages are words of this one: `1 set`, `5 out`. */
const isMonth = (word: string): boolean =>
  SHORT_MONTH.test(word) || (word.length > 3 && monthsOf(word).length > 0);
