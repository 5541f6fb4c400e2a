/** Text as words that are looked for, in every language. */
import { foldText } from '../tool/fold-text.ts';

const RUN = /[\p{L}\p{M}\p{N}]+/gu;
const IDEOGRAPHIC = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u;
/** Scripts that are written without spaces between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const SYLLABIC = /\p{sc=Hangul}/u;

/** One for all: to make it takes longer than to use it. */
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** The words of a text, folded, in order: runs of letters and digits, those of unspaced scripts told apart by Unicode. */
export const wordsOf = (text: string): readonly string[] => wordsOfFolded(foldText(text));

/** As `wordsOf`, of a text that `foldText` gave. */
export function wordsOfFolded(folded: string): readonly string[] {
  const runs = folded.match(RUN) ?? [];
  return runs.flatMap((run) =>
    UNSPACED.test(run) ? [...segmenter.segment(run)].map(({ segment }) => segment) : [run],
  );
}

/** How well a word of a text answers one that is looked for, from 0 to 1: it is the word, it begins with it, it has it
 * within (`nummer` in `Rechnungsnummer`), or it is its beginning (`invoice` for `invoices`). */
export function likeness(wanted: string, word: string): number {
  if (word === wanted) return 1;
  if (wanted.length >= leastPart(wanted)) {
    if (word.startsWith(wanted)) return 0.6;
    if (word.includes(wanted)) return 0.4;
  }
  if (word.length < leastWhole(word)) return 0;
  if (wanted.startsWith(word)) return 0.5;
  // What stands together in the one text is told apart in the other.
  return UNSPACED.test(word) && wanted.includes(word) ? 0.4 : 0;
}

/** What a folded text has to hold one of, so that a word in it can be like this one: to tell at once that none is. */
export function tracesOf(wanted: string): readonly string[] {
  const length = leastWhole(wanted);
  if (!UNSPACED.test(wanted) || wanted.length <= length) return [wanted.slice(0, length)];
  return Array.from({ length: wanted.length - length + 1 }, (_, at) => wanted.slice(at, at + length));
}

/** A shorter word counts only where it stands alone: `art` is not in `start`. */
function leastPart(word: string): number {
  if (IDEOGRAPHIC.test(word)) return 1;
  return SYLLABIC.test(word) ? 2 : 4;
}

/** Of a word of a text that is a part of the one that is looked for: one sign says too little. */
const leastWhole = (word: string): number => Math.max(2, leastPart(word));
