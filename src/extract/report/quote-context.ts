import type { Page } from '../../readers/document.ts';
import { pageLines } from '../../readers/pages-text.ts';

/** A quote between what stands before and behind it on its page; the value in the quote apart. */
export type QuoteContext = {
  readonly before: string;
  readonly quote: readonly [before: string, value: string, behind: string];
  readonly behind: string;
};

const AROUND = 100;

export function quoteContext(
  { quote, original }: { quote: string; original?: string },
  page: Page | undefined,
): QuoteContext {
  const folded = fold(quote);
  const text = page ? fold(pageLines(page).join('\n')) : '';
  const at = folded === '' ? -1 : text.indexOf(folded);
  const parts = splitAtValue(folded, original === undefined ? '' : fold(original));
  if (at < 0) return { before: '', quote: parts, behind: '' };
  const end = at + folded.length;
  return {
    before: startAtWord(text.slice(Math.max(0, at - AROUND), at), at > AROUND),
    quote: parts,
    behind: endAtWord(text.slice(end, end + AROUND), text.length > end + AROUND),
  };
}

/** The last place where it stands as a word of its own: `2` is not the end of `40092`. */
function splitAtValue(quote: string, value: string): readonly [string, string, string] {
  if (value === '') return [quote, '', ''];
  const word = new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(value)}(?![\\p{L}\\p{N}])`, 'gu');
  const at = [...quote.matchAll(word)].at(-1)?.index;
  return at === undefined ? [quote, '', ''] : [quote.slice(0, at), value, quote.slice(at + value.length)];
}

const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();

const startAtWord = (text: string, isCut: boolean): string =>
  isCut ? `… ${text.replace(/^\S*\s/, '')}` : text;
const endAtWord = (text: string, isCut: boolean): string =>
  isCut ? `${text.replace(/\s\S*$/, '')} …` : text;
