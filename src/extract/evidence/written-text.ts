import { hasColumnGap } from './column-gap.ts';
import { type Layer, piecesIn, type Range } from './document-index.ts';
import { foldWithHyphens } from './fold-text.ts';

/** Of a number in groups that a text may have where the claim has none, as an IBAN has; in letters and digits. */
const SHORTEST_GROUPED = 8;

/**
 * Whether what stands apart on the page is one in the value: `1 2` is not `12`, and nothing joins over the bar of a
 * table, the end of a cell, or, of digits, the end of a line.
 */
export function isGlued(wanted: string, layer: Layer, range: Range): boolean {
  const text = layer.text.slice(range.start, range.end);
  if (layer.hasCells && piecesIn(layer, range).length > 1) return true;
  if (/[|¦│┃]/.test(text) && !/[|¦│┃]/.test(wanted)) return true;
  const isLong = text.replace(/[^\p{L}\p{N}]/gu, '').length >= SHORTEST_GROUPED;
  const isGrouped = numbersIn(text).join(' ') === numbersIn(wanted).join(' ');
  return [...text.matchAll(APART)].some(({ 0: between, index }) => {
    if (between.replace(/\p{Cf}/gu, '') === '') return false;
    if (/[\n\r\v\f\u2028\u2029|¦│┃]/.test(between)) return true;
    const start = range.start + index;
    if (hasColumnGap(layer, { start, end: start + between.length })) return true;
    return between.trim() === '' ? !isLong || between.length > 1 : !isGrouped;
  });
}

/** What folding takes away, between two digits. */
const APART = /(?<=\p{N})[\s\p{Cf}\p{Cc}'"`´‘’‚‛“”„‟«»‹›′″|¦│┃]+(?=\p{N})/gu;

const numbersIn = (text: string): readonly string[] => text.replace(/\p{Cf}/gu, '').match(/\p{N}+/gu) ?? [];

/** At the end of a line, where it may stand for a parted word. */
const LINE_END = /[-‐‑\u00ad][^\S\n]*\r?\n\s*/g;
const KEPT = '-';

/** Whether the hyphens of a value with digits stand elsewhere in the text, but for those at the end of a line. */
export function hasOtherHyphens(wanted: string, text: string): boolean {
  if (!/\p{N}/u.test(wanted)) return false;
  const [own, kept, joined] = [wanted, text.replace(LINE_END, KEPT), text.replace(LINE_END, '')].map(
    foldWithHyphens,
  );
  // Letters may differ where they were read from a picture.
  const others = [kept, joined].map((one) => one?.replace(/[^\p{N}-]/gu, ''));
  return !others.includes(own?.replace(/[^\p{N}-]/gu, '')) || isMoved(own ?? '', [kept ?? '', joined ?? '']);
}

/** Whether the letters are the same, and the hyphens among them are not. */
const isMoved = (own: string, others: readonly string[]): boolean =>
  !others.includes(own) && others.some((other) => other.replaceAll('-', '') === own.replaceAll('-', ''));

/** The text as the document has it, in one line: a word that a line parted is whole, with its hyphen where the claim,
 * which has the same letters, keeps it. */
export function asWritten(wanted: string, text: string): string {
  const kept = inOneLine(text.replace(LINE_END, KEPT));
  const joined = inOneLine(text.replace(PARTED, '$1').replace(LINE_END, KEPT));
  return foldWithHyphens(kept) === foldWithHyphens(wanted) ? kept : joined;
}

/** A hyphen before a small letter; before a capital or a digit it belongs to the word. */
const PARTED = /(\p{L}\p{M}*)[-‐‑\u00ad][^\S\n]*\r?\n\s*(?=\p{Ll})/gu;

const inOneLine = (text: string): string =>
  text
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/\s+/g, ' ');

/** What a model says, without white space and quotation marks that stand around all of it. */
export function withoutQuotationMarks(text: string): string {
  const [, inner] = /^["'`´‘’‚‛“”„‟«»‹›](.*)["'`´‘’‚‛“”„‟«»‹›]$/su.exec(text.trim()) ?? [];
  return (inner === undefined || MARK.test(inner) ? text : inner).trim();
}

const MARK = /["“”„‟«»]/u;

/** Signs that folding takes from the ends of a text, and that a value keeps: `*urgent*`, `1.`, `Inc.`. */
const LEADING = /^[.…_=*:;,"'`´‘’‚‛“”„‟«»‹›′″‐‑‒–—―−-]+/u;
const TRAILING = /[.…_=*:;,"'`´‘’‚‛“”„‟«»‹›′″‐‑‒–—―−-]+$/u;

/** The range with the signs at its ends that both the text and the claim have there. */
export function withEdges(wanted: string, text: string, { start, end }: Range): Range {
  const [leading = ''] = LEADING.exec(wanted) ?? [];
  const [trailing = ''] = TRAILING.exec(wanted) ?? [];
  const [first, last] = [start - leading.length, end + trailing.length];
  return {
    start:
      first >= 0 && text.startsWith(leading, first) && !/[\p{L}\p{N}]/u.test(text.charAt(first - 1))
        ? first
        : start,
    end: text.startsWith(trailing, end) && !/[\p{L}\p{N}]/u.test(text.charAt(last)) ? last : end,
  };
}
