import type { Field, Scalar } from '../extraction.ts';
import { doubtOfDirection } from '../values/beside-value.ts';
import type { Conventions } from '../values/conventions.ts';
import { findReadings } from '../values/find-readings.ts';
import { partsByColumn } from './column-gap.ts';
import type { Layer, Range } from './document-index.ts';
import { isWithinWord } from './find-quote.ts';
import { foldQuote } from './fold-text.ts';
import { lineCells } from './line-cells.ts';
import { nearMatches } from './near-matches.ts';
import { asWritten, hasOtherHyphens, isGlued, withEdges } from './written-text.ts';

/** A place that states a value. */
export type Statement = Range & {
  readonly value: Scalar;
  /** Whether it can be read in another way too. */
  readonly isInDoubt: boolean;
  /** One sentence why, where it is known. */
  readonly doubt?: string;
};

export type Within = Range & { readonly layer: Layer; readonly isNear: boolean };

/** Around a quote, so that a number is read whole; lines of some formats have no end. */
const SURROUNDINGS = 200;

/** Every number, date, currency, choice, yes or no that stands within the range: as the document has it, not as the
 * quote gives it. A number that the range holds in part is not one of them. */
export function readingsWithin(field: Field, within: Within, conventions: Conventions): readonly Statement[] {
  const { layer, start, end } = within;
  const around = surroundings(layer.text, within);
  const parts = READ_BY_CELL.has(field.type) ? cellsOfLines(layer, around) : [around];
  return parts
    .filter((part) => part.start < end && start < part.end)
    .flatMap((part) => {
      const from = Math.max(0, part.start - SURROUNDINGS);
      const context = layer.text.slice(from, part.end + SURROUNDINGS);
      const inContext = { start: part.start - from, end: part.end - from };
      return findReadings(field, context, conventions, inContext).map(
        ({ start, end, value, isInDoubt, doubt }) => ({
          ...coreOf(layer.text, { start: from + start, end: from + end }, field),
          value,
          isInDoubt: isInDoubt === true,
          ...(doubt && { doubt }),
        }),
      );
    })
    .filter((reading) => reading.start >= start && reading.end <= end);
}

/** Spaces part groups of digits: two numbers side by side must not be read as one, nor a number and a date. */
const READ_BY_CELL: ReadonlySet<Field['type']> = new Set(['amount', 'integer', 'currency', 'date']);

/** Of an amount, its number: a quote may end before the currency. */
function coreOf(text: string, { start, end }: Range, { type }: Field): Range {
  if (type !== 'amount' && type !== 'integer') return { start, end };
  const reading = text.slice(start, end);
  const core = /[-+−–―⁻➖(]?\p{N}(?:.*[\p{N}%)-])?/su.exec(reading);
  return core ? { start: start + core.index, end: start + core.index + core[0].length } : { start, end };
}

/** The lines of the range, as far as they go. */
function surroundings(text: string, { start, end }: Range): Range {
  const [from, to] = [Math.max(0, start - SURROUNDINGS), Math.min(text.length, end + SURROUNDINGS)];
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  return { start: Math.max(from, line), end: next < 0 ? to : Math.min(to, next) };
}

function cellsOfLines(layer: Layer, { start, end }: Range): readonly Range[] {
  let at = start;
  return layer.text
    .slice(start, end)
    .split('\n')
    .flatMap((line) => {
      const range = { start: at, end: at + line.length };
      at = range.end + 1;
      return lineCells(layer, range).flatMap((cell) => partsByColumn(layer, cell));
    });
}

/** Where a text stands within the range, at the bounds of words: folded as quotes are, see `fold-text.ts`. */
export function textsWithin(wanted: string, within: Within): readonly Statement[] {
  const { layer, isNear } = within;
  const value = foldQuote(wanted);
  if (!/[\p{L}\p{N}\p{S}]/u.test(value)) return [];
  const { text, starts, ends } = layer.folded;
  const [first, last] = [countBelow(starts, within.start), countBelow(starts, within.end)];
  const part = text.slice(first, last);
  const matches = [...exact(part, value)];
  const found = matches.length > 0 || !isNear ? matches : nearMatches(part, value);
  return found.flatMap((match): readonly Statement[] => {
    const [from, to] = [first + match.start, first + match.end];
    const range = { start: starts[from] ?? 0, end: ends[to - 1] ?? 0 };
    const isOther = isPartOfWord(layer.text, range) || isGlued(wanted, layer, range);
    if (isOther || hasOtherHyphens(wanted, layer.text.slice(range.start, range.end))) return [];
    const whole = withEdges(wanted, layer.text, range);
    const doubt = doubtOfDirection(layer.text, whole);
    return [
      {
        ...whole,
        value: asWritten(wanted, layer.text.slice(whole.start, whole.end)),
        isInDoubt: doubt !== undefined,
        ...(doubt && { doubt }),
      },
    ];
  });
}

function* exact(text: string, wanted: string): Generator<Range> {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    yield { start: at, end: at + wanted.length };
  }
}

/** How many of the ascending offsets are below this one. */
function countBelow(offsets: Uint32Array, offset: number): number {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Within a word, or a part of an identifier: `2023` in `INV/2023/08`. */
function isPartOfWord(text: string, { start, end }: Range): boolean {
  const value = text.slice(start, end);
  if (isWordBound(text, start) || isWordBound(text, end)) return true;
  if (!/\p{N}/u.test(value)) return false;
  return (
    /[\p{L}\p{N}][-/_\\]$/u.test(text.slice(Math.max(0, start - 2), start)) ||
    /^[-/_\\][\p{L}\p{N}]/u.test(text.slice(end, end + 2))
  );
}

const isWordBound = (text: string, offset: number): boolean =>
  isWithinWord(text, offset) && !/[\p{Sc}(%)]/u.test(text.slice(Math.max(0, offset - 1), offset + 1));
