import { mergeRanges, type PageRange } from '../src/readers/page-ranges.ts';
export type ParsedPages =
  /** Ascending, without overlap; absent: all pages. */
  { readonly ok: true; readonly ranges?: readonly PageRange[] } | { readonly ok: false };

/** Larger than any page number, and safe to count with. */
const NO_END = 1_000_000_000;
const ALL = /^(|\*|-|all|any|every|everything|whole|none|null)$/;

/**
 * Pages as models write them: `3`, `2-5`, `1,4-6`, and what means the same beyond doubt (`page 2 of 7`, `2 to 5`, `[1, 2]`,
 * `5-`, `all`).
 */
export function parsePages(text: string): ParsedPages {
  const plain = text
    .toLowerCase()
    .replace(/["'`[\](){}]/g, ' ')
    .replace(/\bof \d+/g, ' ')
    .replace(/\b(pages?|pp?\.)/g, ' ')
    .trim()
    .replace(/\s*(-|–|—|\.\.+|\bto\b|\bthrough\b|\buntil\b)\s*/g, '-')
    .replace(/-(end|last)\b/g, '-')
    .replace(/\s*(,|;|&|\band\b|\s)\s*/g, ',');
  if (ALL.test(plain)) return { ok: true };
  const ranges = plain.split(',').filter(Boolean).map(parseRange);
  if (ranges.length === 0 || !ranges.every((range) => range !== undefined)) return { ok: false };
  return { ok: true, ranges: mergeRanges(ranges) };
}

function parseRange(text: string): PageRange | undefined {
  const [, first = '', dash, last] = /^(\d{1,9})(?:(-)(\d{1,9})?)?$/.exec(text) ?? [];
  const from = Number(first);
  const to = last ? Number(last) : dash ? NO_END : from;
  if (from < 1 || to < 1) return undefined;
  return from <= to ? [from, to] : [to, from];
}
