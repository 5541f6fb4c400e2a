/** Dates as they stand in a text, whole ones with day, month and year, before it is decided what their numbers mean. */
import { foldMarks } from './fold-marks.ts';
import { monthsOf } from './month-names.ts';

/** 1-based month; `year` in full. They may be of no day that there is. */
export type Day = { readonly year: number; readonly month: number; readonly day: number };
export type DateOrder = 'day-first' | 'month-first' | 'year-first';
export type DateToken = {
  readonly start: number;
  readonly end: number;
  /** What it can mean. */
  readonly days: readonly (Day & { readonly order?: DateOrder })[];
  /** Of one written in digits alone. */
  readonly mark?: string;
};

/** Years that a date may have: others are of another calendar, or numbers of something else. */
const [FIRST_YEAR, LAST_YEAR] = [1800, 2199];
/** Two digits are a year of 1970 to 2069. */
const FIRST_OF_CENTURY = 70;

/** A date may follow another one's dash, as in `1.2.2026-3.2.2026`; an order number may not. */
const BEFORE = String.raw`(?<![\p{L}\p{N}_]|\p{N}[.,:/]|\p{L}[-/]|(?<![./]\d{4})(?<=\p{N})-)`;
const BEHIND = String.raw`(?![\p{L}\p{N}_]|[.,:/]\p{N}|-\p{L}|-(?!\d{1,2}[./]\d{1,2}[./]\d)\p{N})`;
const YEAR_FIRST = new RegExp(
  String.raw`${BEFORE}(?<year>\d{4})(?<mark>-|/|\.|\. )(?<month>\d{1,2})\k<mark>(?<day>\d{1,2})(?:(?=T\d)|${BEHIND})`,
  'gu',
);
const YEAR_LAST = new RegExp(
  String.raw`${BEFORE}(?<one>\d{1,2})(?<mark>[-/.]|\. )(?<two>\d{1,2})\k<mark>(?<year>\d{4}|\d\d)${BEHIND}`,
  'gu',
);
const COMPACT = new RegExp(
  String.raw`${BEFORE}(?<year>(?:19|20)\d\d)(?<month>\d\d)(?<day>\d\d)${BEHIND}`,
  'gu',
);
const EAST_ASIAN =
  /(?<!\d)(?<year>\d{4}) ?(?:年|년) ?(?<month>\d{1,2}) ?(?:月|월) ?(?<day>\d{1,2}) ?(?:日|號|号|일)/gu;

const NAME = String.raw`(?<name>[\p{L}\p{M}]{3,15})`;
const LINK = String.raw`(?:(?:of|de|del|di|do|den)[ \u00a0\u202f]|d['’])?`;
const ORDINAL = '(?:st|nd|rd|th|er|º|ª|°|:?e)?';
/** Between the parts of a date: one sign, of one line and one cell. */
const GAP = String.raw`(?:\.?[ \u00a0\u202f]|[-/.])`;
const DAY_NAME_YEAR = new RegExp(
  String.raw`${BEFORE}(?<day>\d{1,2})${ORDINAL}${GAP}?${LINK}${NAME}(?:,?${GAP}|\.?,)?${LINK}(?<year>\d{4}${BEHIND}|(?<=[-/.])\d\d${BEHIND}|['’]\d\d${BEHIND}|\d\d(?=\s*(?:$|[\n|;)])|[.,](?!\s*\d)))`,
  'gu',
);
const NAME_DAY_YEAR = new RegExp(
  String.raw`(?<![\p{L}\p{N}])${NAME}${GAP}(?<day>\d{1,2})(?:st|nd|rd|th)?(?:,[ \u00a0\u202f]?|[- \u00a0\u202f])(?<year>\d{4})${BEHIND}`,
  'gu',
);
const YEAR_NAME_DAY = new RegExp(
  String.raw`${BEFORE}(?<year>\d{4})${GAP}${NAME}(?:\.?,?[ \u00a0\u202f]|-)(?<day>\d{1,2})${BEHIND}`,
  'gu',
);

export function findDateTokens(text: string): readonly DateToken[] {
  const folded = foldMarks(text);
  return [
    ...tokensBy(folded, YEAR_FIRST, fixed),
    ...tokensBy(folded, YEAR_LAST, byOrder),
    ...tokensBy(folded, COMPACT, fixed),
    ...tokensBy(folded, EAST_ASIAN, fixed),
    ...[DAY_NAME_YEAR, NAME_DAY_YEAR, YEAR_NAME_DAY].flatMap((pattern) => tokensBy(folded, pattern, named)),
  ].sort((one, other) => one.start - other.start);
}

/** Whether the calendar has that day, in a year that a document may speak of. */
export const exists = ({ year, month, day }: Day): boolean =>
  year >= FIRST_YEAR &&
  year <= LAST_YEAR &&
  month >= 1 &&
  month <= 12 &&
  day >= 1 &&
  day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

type Groups = Readonly<Record<string, string | undefined>>;

const tokensBy = (
  text: string,
  pattern: RegExp,
  read: (groups: Groups) => DateToken['days'],
): readonly DateToken[] =>
  [...text.matchAll(pattern)].flatMap(({ 0: whole, index: start, groups = {} }) => {
    const days = read(groups);
    const { mark } = groups;
    return days.length === 0 ? [] : [{ start, end: start + whole.length, days, ...(mark && { mark }) }];
  });

const fixed = ({ year, month, day }: Groups): DateToken['days'] => [
  { year: Number(year), month: Number(month), day: Number(day) },
];

const named = ({ name = '', year = '', day }: Groups): DateToken['days'] =>
  monthsOf(name).map((month) => ({ year: fullYear(year.replace(/\D/g, '')), month, day: Number(day) }));

/** Where dots stand, the day is first in every language; with dashes, a year of two digits may be. */
function byOrder({ one = '', two = '', year = '', mark = '' }: Groups): DateToken['days'] {
  const [first, second] = [Number(one), Number(two)];
  const last = fullYear(year);
  return [
    { year: last, month: second, day: first, order: 'day-first' },
    { year: last, month: first, day: second, order: 'month-first' },
    ...(mark === '-' && year.length === 2 && one.length === 2
      ? [{ year: fullYear(one), month: second, day: Number(year), order: 'year-first' } as const]
      : []),
  ];
}

const fullYear = (digits: string): number =>
  digits.length === 2 ? Number(digits) + (Number(digits) < FIRST_OF_CENTURY ? 2000 : 1900) : Number(digits);
