/**
 * How a document writes its numbers and dates, by those of its own that can be read in one way only. One page says of
 * the other what `03.04.2026` and `1,234` mean in it.
 */
import type { Document } from '../../readers/document.ts';
import { voteForMark } from './read-amount.ts';
import { voteForCurrency } from './read-currency.ts';
import { voteForOrder } from './read-date.ts';

/** What is absent is not decided by the document: nothing speaks for it, or its parts contradict each other. */
export type Conventions = {
  readonly decimalMark?: 'point' | 'comma';
  readonly dateOrder?: 'day-first' | 'month-first';
  /** A code of ISO 4217: the only one that the document names. */
  readonly currency?: string;
};

export function conventionsOf(document: Document): Conventions {
  const texts = document.pages.flatMap(({ text, fields }) => [text, ...fields.map(({ value }) => value)]);
  const [decimalMark, dateOrder, currency] = [voteForMark, voteForOrder, voteForCurrency].map((vote) =>
    unanimous(texts.flatMap((text) => [...vote(text)])),
  );
  return {
    ...(decimalMark !== undefined && { decimalMark }),
    ...(dateOrder !== undefined && { dateOrder }),
    ...(currency !== undefined && { currency }),
  } as Conventions;
}

function unanimous(votes: readonly string[]): string | undefined {
  const [first, ...others] = new Set(votes);
  return others.length === 0 ? first : undefined;
}
