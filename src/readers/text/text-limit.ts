import { type Problem, problem } from '../document.ts';

/** Characters that a text file gives at most: more would have to be copied again and again on its way. */
const MOST_CHARACTERS = 50_000_000;

/** The beginning of a text, and what to say when that is not all. */
export function tooMuchText(text: string): { readonly text: string; readonly limit?: Problem } {
  if (text.length <= MOST_CHARACTERS) return { text };
  const millions = MOST_CHARACTERS / 1_000_000;
  return {
    text: text.slice(0, MOST_CHARACTERS),
    limit: problem('too-much-text', `Only the first ${millions} million characters of this file were read.`),
  };
}
