import type { Range } from './document-index.ts';

/** Of how many characters of a quote one letter may differ. Of words that Tesseract was sure of, about one letter in
 * fifty is wrong; what differs more is another text. */
const CHARACTERS_PER_ERROR = 8;

/**
 * Where the wanted text stands when some letters were read wrongly: at most one in eight characters is another, too many
 * or missing. Digits, and the signs that belong to numbers, never differ. Both texts are folded.
 *
 * One of the parts of the wanted text stands there as it is, since there are more parts than errors: only around those
 * is compared. Overlapping matches count once.
 */
export function nearMatches(text: string, wanted: string): readonly Range[] {
  const errors = Math.floor(wanted.length / CHARACTERS_PER_ERROR);
  if (errors === 0) return [];
  const found: Range[] = [];
  const seen = new Set<number>();
  for (const part of partsOf(wanted, errors + 1)) {
    const word = wanted.slice(part.start, part.end);
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      const start = Math.max(0, at - part.start - errors);
      if (seen.has(start)) continue;
      seen.add(start);
      if (seen.size > MOST_TRIES) return found;
      const match = compare(text.slice(start, at - part.start + wanted.length + errors), wanted, errors);
      if (match) found.push({ start: start + match.start, end: start + match.end });
    }
  }
  return apart(found);
}

/** A part such as `the` stands everywhere; the time has a bound. */
const MOST_TRIES = 500;

function partsOf(text: string, count: number): readonly Range[] {
  const cut = (part: number) => Math.round((part * text.length) / count);
  return Array.from({ length: count }, (_, part) => ({ start: cut(part), end: cut(part + 1) }));
}

function apart(ranges: readonly Range[]): readonly Range[] {
  const kept: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    if (range.start >= (kept.at(-1)?.end ?? 0)) kept.push(range);
  }
  return kept;
}

/** What may be read wrongly: letters, and signs that do not belong to a number. */
const mayDiffer = (unit: string | undefined): boolean => !!unit && /[\p{L}:;!?]/u.test(unit);

type Path = { readonly errors: number; readonly start: number };

/** The part of a window that is nearest to the wanted text (Sellers: an alignment that may begin and end anywhere). */
function compare(window: string, wanted: string, most: number): Range | undefined {
  let row: readonly Path[] = Array.from({ length: window.length + 1 }, (_, start) => ({ errors: 0, start }));
  for (const unit of wanted.split('')) {
    const cost = mayDiffer(unit) ? 1 : Number.POSITIVE_INFINITY;
    const next: Path[] = [];
    for (const [at, above] of row.entries()) {
      const other = window[at - 1];
      const isOther = other !== unit;
      const diagonal = row[at - 1];
      const left = next[at - 1];
      next.push(
        best(
          { ...above, errors: above.errors + cost },
          diagonal && {
            ...diagonal,
            errors: diagonal.errors + (isOther ? (mayDiffer(other) ? cost : Number.POSITIVE_INFINITY) : 0),
          },
          left && { ...left, errors: left.errors + (mayDiffer(other) ? 1 : Number.POSITIVE_INFINITY) },
        ),
      );
    }
    row = next;
  }
  const errors = Math.min(...row.map((path) => path.errors));
  const end = row.findIndex((path) => path.errors === errors);
  const start = row[end]?.start ?? 0;
  return errors <= most && end > start ? { start, end } : undefined;
}

const best = (...paths: readonly (Path | undefined)[]): Path =>
  paths.reduce<Path>((least, path) => (path && path.errors < least.errors ? path : least), {
    errors: Number.POSITIVE_INFINITY,
    start: 0,
  });
