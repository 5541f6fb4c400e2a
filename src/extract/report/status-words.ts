import type { Field, Scalar, Value } from '../extraction.ts';
import { escapeName, escapeText, shorten } from './html.ts';

type Shown = { readonly name: string; readonly sign: string; readonly words: string };

/** How a status is shown: by a sign and a word, never by a colour alone. */
export function shownStatus({ status, review, source, page }: Value): Shown {
  if (status === 'rejected') return { name: 'rejected', sign: '✕', words: 'rejected by a person' };
  if (status === 'missing') return { name: 'missing', sign: '–', words: 'not stated' };
  if (status === 'unverified') return { name: 'unverified', sign: '!', words: 'unverified' };
  if (review) return { name: 'verified', sign: '✓', words: `${review.decision} by a person` };
  if (source === 'invoice-xml') {
    const words = page === undefined ? 'only in the invoice’s XML' : 'from the invoice’s XML';
    return { name: 'verified', sign: '✓', words };
  }
  return { name: 'verified', sign: '✓', words: 'verified' };
}

export function statusChip(value: Value): string {
  const { name, sign, words } = shownStatus(value);
  return `<span class="chip ${name}"><b aria-hidden="true">${sign}</b> ${words}</span>`;
}

/** In a table of many values the word is for who cannot see the sign. */
export function statusSign(value: Value): string {
  const { name, sign, words } = shownStatus(value);
  return `<span class="sign ${name}" role="img" aria-label="${words}" title="${words}">${sign}</span>`;
}

const LONGEST_VALUE = 400;

export function shownValue({ value, original, status }: Value, field: Field): string {
  if (status === 'missing') return '';
  if (value === null)
    return original === undefined ? '' : `<q>${escapeText(shorten(original, LONGEST_VALUE))}</q>`;
  return escapeText(shorten(scalarText(value, field), LONGEST_VALUE));
}

function scalarText(value: Scalar, { type }: Field): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string' || type !== 'amount') return String(value);
  return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 20 });
}

/** Why it is not verified, who decided about it, and what else the document says. */
export function valueNotes({ problem, review, others = [] }: Value, field: Field): string {
  const notes = [
    ...(problem === undefined ? [] : [escapeText(problem)]),
    ...(review ? [`A person ${review.decision} it on ${escapeName(review.at.slice(0, 10))}.`] : []),
    ...others.map((other) => {
      const place = other.page === undefined ? 'Elsewhere' : `On page ${other.page}`;
      return `${place} it says ${shownValue(other, field) || 'nothing'}.`;
    }),
  ];
  return notes.map((note) => `<p class="note">${note}</p>`).join('');
}
