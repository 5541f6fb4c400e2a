import { isWanted, type PageRange } from '../../readers/page-ranges.ts';
import type { DocumentIndex, Layer, PageIndex, Range } from './document-index.ts';
import { foldQuote } from './fold-text.ts';
import { nearMatches } from './near-matches.ts';

/** Where a quote stands: the range of the layer's text goes out to the ends of its words. */
export type Place = Range & {
  /** Whether the quote itself began and ended with words. */
  readonly isWhole: boolean;
  /** Whether it began or ended between letters or digits of one word or number. */
  readonly isCut: boolean;
  readonly page: PageIndex;
  readonly layer: Layer;
  /** Whether letters differ, as they may on a page that was read from a picture. */
  readonly isNear: boolean;
};

export type FoundQuote =
  | { readonly ok: true; readonly places: readonly Place[] }
  /** One sentence. */
  | { readonly ok: false; readonly problem: string };

/** A quote is the words that state a value. What is longer says nothing about where the value stands. */
export const LONGEST_QUOTE = 400;
/** Of a quote: one letter may stand on hundreds of places, and none of the further ones tells more. */
const MOST_PLACES = 200;

/**
 * All places of a quote on the given pages (default: all), in order. A text that stands in more than one layer of a
 * page is given from the first of them. Tolerance for letters (`near-matches.ts`) only on recognized pages, and only
 * where no page has the quote as it is.
 */
export function findQuote(
  { pages }: DocumentIndex,
  quote: string,
  wanted: readonly PageRange[] | undefined,
): FoundQuote {
  const text = quote.trim();
  if (text.length > LONGEST_QUOTE) {
    return { ok: false, problem: `The quote is longer than ${LONGEST_QUOTE} characters.` };
  }
  const folded = foldQuote(text);
  if (!/[\p{L}\p{N}\p{S}]/u.test(folded)) return { ok: false, problem: NO_QUOTE };
  const asked = pages.filter(({ number }) => isWanted(number, wanted));
  const places = allPlaces(asked, (layer) => exactMatches(layer, folded), false);
  if (places.length > 0) return { ok: true, places: wholeOnes(places) };
  const recognized = asked.filter(({ isRecognized }) => isRecognized);
  const near = allPlaces(recognized, (layer) => nearMatches(layer.folded.text, folded), true);
  if (near.length > 0) return { ok: true, places: near };
  const others = pages.filter(({ number }) => !isWanted(number, wanted));
  const [other] = allPlaces(others, (layer) => exactMatches(layer, folded), false);
  return { ok: false, problem: other ? elsewhere(other.page.number) : NOT_FOUND };
}

const NO_QUOTE = 'The model gave no words of the document for it.';
const NOT_FOUND = 'The quoted words do not stand in the document.';
const elsewhere = (page: number): string =>
  `The quoted words stand on page ${page}, which is not where the value was looked for.`;

function allPlaces(
  pages: readonly PageIndex[],
  matches: (layer: Layer) => Iterable<Range>,
  isNear: boolean,
): readonly Place[] {
  const places: Place[] = [];
  for (const page of pages) {
    for (const layer of page.layers) {
      const before = places.length;
      for (const match of matches(layer)) {
        const range = asItStands(layer, match);
        const words = toWords(layer.text, range);
        const isWhole = words.start === range.start && words.end === range.end;
        const added = layer.text.slice(words.start, range.start) + layer.text.slice(range.end, words.end);
        places.push({ page, layer, isNear, isWhole, isCut: !isNear && PARTED.test(added), ...words });
        if (places.length >= MOST_PLACES) return places;
      }
      if (places.length > before) break;
    }
  }
  return places;
}

/** Other scripts do not part their words. */
const PARTED = /[\p{N}\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{sc=Arab}\p{sc=Hebr}\p{sc=Hang}]/u;

/** `Total 12` is a part of `Subtotal 12` too, which is another thing: so only where it stands nowhere else. */
function wholeOnes(places: readonly Place[]): readonly Place[] {
  const whole = places.filter(({ isWhole }) => isWhole);
  return whole.length > 0 ? whole : places;
}

function* exactMatches({ folded: { text } }: Layer, wanted: string): Generator<Range> {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    yield { start: at, end: at + wanted.length };
  }
}

const asItStands = ({ folded: { starts, ends } }: Layer, { start, end }: Range): Range => ({
  start: starts[start] ?? 0,
  end: ends[end - 1] ?? 0,
});

/** A quote that was cut within a word or a number holds all of it: `12` of `12.50` is no number of the document. */
function toWords(text: string, { start, end }: Range): Range {
  let [first, last] = [start, end];
  while (first > 0 && isWithinWord(text, first)) first -= 1;
  while (last < text.length && isWithinWord(text, last)) last += 1;
  return { start: first, end: last };
}

/** Whether a word, a number or its sign goes on over this offset. */
export function isWithinWord(text: string, offset: number): boolean {
  const [before, after] = [text.slice(Math.max(0, offset - 2), offset), text.slice(offset, offset + 2)];
  if (
    /[\p{L}\p{N}\p{M}\ud800-\udfff\xad]$/u.test(before) &&
    /^[\p{L}\p{N}\p{M}\ud800-\udfff\xad]/u.test(after)
  ) {
    return true;
  }
  // `12|.50`, `12.|50`, `1'|000`; `-|12`, `€|12`, `12|%`.
  if (/\p{N}$/u.test(before) && /^[.,'’:/-]\p{N}/u.test(after)) return true;
  if (/\p{N}[.,'’:/-]$/u.test(before) && /^\p{N}/u.test(after)) return true;
  return /[-+−–(\p{Sc}]$/u.test(before)
    ? /^[\p{N}\p{Sc}]/u.test(after)
    : /[\p{N}\p{Sc}]$/u.test(before) && /^[%)\p{Sc}-]/u.test(after);
}
