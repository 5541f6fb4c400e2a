import { isWanted } from '../../readers/page-ranges.ts';
import type { Field, Scalar, Value } from '../extraction.ts';
import type { Layer, PageIndex, Range } from './document-index.ts';
import { findQuote, LONGEST_QUOTE } from './find-quote.ts';
import { readingsWithin, textsWithin } from './find-values.ts';
import { bestOf, type Judged, judgeStatement } from './judge-statement.ts';
import { boxOf } from './value-box.ts';
import type { VerifyContext } from './verify-claim.ts';

/** Places of one value, such as `1`, of which the best is taken. */
const MOST_STATEMENTS = 100;

/**
 * Looks for a value that is known from elsewhere, such as the invoice's XML: where the pages state it, best where the
 * label fits. Undefined where they do not, or only under the label of another field. The value is said to be
 * `invoice-xml`'s, and verified; its quote is the part of the line that ends with it.
 */
export function locateValue(field: Field, value: Scalar, context: VerifyContext): Value | undefined {
  const best = bestOf(judgedPlaces(field, value, context));
  if (!best || best.verdict.says === 'against') return undefined;
  const { page, within, statement } = best;
  const { text } = within.layer;
  const box = boxOf(within.layer, statement);
  const start = Math.max(within.start, statement.end - LONGEST_QUOTE);
  return {
    value,
    status: 'verified',
    source: 'invoice-xml',
    original: text.slice(statement.start, statement.end),
    quote: text.slice(start, statement.end).trim().replace(/\s+/g, ' '),
    page: page.number,
    ...(box && { box }),
    via: page.via,
  };
}

function judgedPlaces(field: Field, value: Scalar, context: VerifyContext): readonly Judged[] {
  const { index, conventions, pages, siblings } = context;
  const judged: Judged[] = [];
  const places =
    field.type === 'text' ? placesOfText(String(value), context) : placesOfLines(value, index.pages);
  for (const { page, layer, ...range } of places) {
    if (!isWanted(page.number, pages)) continue;
    const within = { ...range, layer, isNear: false };
    const statements =
      field.type === 'text'
        ? textsWithin(String(value), within)
        : readingsWithin(field, within, conventions).filter((reading) => reading.value === value);
    for (const statement of statements) {
      judged.push(judgeStatement(page, within, statement, { field, siblings, isInRow: false }));
      if (judged.length >= MOST_STATEMENTS) return judged;
    }
  }
  return judged;
}

type Line = Range & { readonly page: PageIndex; readonly layer: Layer };

function placesOfText(value: string, { index, pages }: VerifyContext): readonly Line[] {
  const found = findQuote(index, value, pages);
  return found.ok ? found.places : [];
}

/** Lines that have the digits of a number or a date at all: reading all lines of a book as dates would take minutes. */
function* placesOfLines(value: Scalar, pages: readonly PageIndex[]): Generator<Line> {
  const wanted = digitsOf(value);
  for (const page of pages) {
    for (const layer of page.layers) {
      let start = 0;
      for (const line of layer.text.split('\n')) {
        const end = start + line.length;
        const digits = line.normalize('NFKC').replace(/[^\p{N}\n]/gu, '');
        if (wanted.every((part) => digits.includes(part))) yield { start, end, page, layer };
        start = end + 1;
      }
    }
  }
}

/** Of a date, the last digits of its year and its day; of a number, those before the point. */
function digitsOf(value: Scalar): readonly string[] {
  const date = /^\d\d(\d\d)-\d\d-0?(\d+)$/.exec(String(value));
  if (date) return date.slice(1);
  return typeof value === 'number' ? [String(Math.trunc(Math.abs(value)))] : [];
}
