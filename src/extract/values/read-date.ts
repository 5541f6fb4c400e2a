import type { Conventions } from './conventions.ts';
import { type DateToken, type Day, exists, findDateTokens } from './date-tokens.ts';
import type { Normalised } from './normalise.ts';

type Found = {
  readonly start: number;
  readonly end: number;
  /** YYYY-MM-DD. */
  readonly value: string;
  readonly isInDoubt?: true;
};

/** Every date that states its day, month and year, and that the calendar has. */
export const findDates = (text: string, conventions: Conventions): readonly Found[] =>
  findDateTokens(text).flatMap((token) => {
    const { start, end } = token;
    const values = valuesOf(token, conventions);
    return values.map((value) => ({
      start,
      end,
      value,
      ...(values.length > 1 && { isInDoubt: true as const }),
    }));
  });

/** What may stand around a date without changing it: a day of the week, a time, `den`. */
const BEFORE = /^[\s(]*(?:[\p{L}\p{M}]{2,13}\.?,?\s+)?$/u;
const BEHIND =
  /^[\s).,]*(?:[гр]\.?|\([\p{L}]{1,9}\))?(?:[T\s,]*(?:um|at|à|kl\.?)?\s*\d\d?:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:Z|[ap]m|[-+]\d\d:?\d\d|Uhr)?)?[\s).]*$/iu;

/** The one date that a text is. */
export function normaliseDate(text: string, conventions: Conventions): Normalised {
  const tokens = findDateTokens(text).filter(
    ({ start, end }) => BEFORE.test(text.slice(0, start)) && BEHIND.test(text.slice(end)),
  );
  const [value, other, third] = new Set(tokens.flatMap((token) => valuesOf(token, conventions)));
  if (value === undefined) {
    const why = tokens.length > 0 ? 'is no day of the calendar' : 'is no date with day, month and year';
    return { ok: false, problem: `"${text}" ${why}.` };
  }
  if (other === undefined) return { ok: true, value };
  const choices = third === undefined ? `${value} or ${other}` : `${value}, ${other} or ${third}`;
  return { ok: false, problem: `"${text}" can be ${choices}.` };
}

/** The orders of dates that can be read in one way only, such as `24/08/2026`. A dotted one with a year of two digits
 * can be a version or a section. */
export const voteForOrder = (text: string): readonly string[] =>
  findDateTokens(text).flatMap(({ start, end, days, mark }) => {
    const [only, ...others] = days.filter(exists);
    const isDate =
      mark === '/' || mark === '-' || (mark === '.' && /\p{N}{4}$/u.test(text.slice(start, end)));
    return isDate && others.length === 0 && only?.order ? [only.order] : [];
  });

function valuesOf({ days, mark }: DateToken, { dateOrder }: Conventions): readonly string[] {
  const possible = days.filter(exists);
  const isDotted = mark?.startsWith('.') ?? false;
  const order = dateOrder ?? (isDotted ? 'day-first' : undefined);
  // A dotted date says itself that its day is first: against it, what the document does elsewhere decides nothing.
  const isContradicted = isDotted && dateOrder === 'month-first';
  const chosen = isContradicted ? [] : possible.filter((day) => day.order === order);
  const isOpen = possible.some((day) => day.order !== undefined) && possible.length > 1;
  return [...new Set((isOpen && chosen.length === 1 ? chosen : possible).map(toIso))];
}

const toIso = ({ year, month, day }: Day): string =>
  `${year}-${`${month}`.padStart(2, '0')}-${`${day}`.padStart(2, '0')}`;
