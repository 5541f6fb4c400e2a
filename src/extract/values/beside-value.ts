/** What stands around a value and makes it another one, or leaves open what it is. */
import { besideNumber } from './beside-number.ts';

const DIRECTION =
  'Signs beside this value change the direction of the writing: what is shown may be another.';
const DENIED = 'The words before this value deny it.';

/** Of any other direction than that of the letters; the marks U+200E and U+200F turn no digits. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/;
const OVERRIDING = /[\u202d\u202e]/;
const NOT =
  /(?<!\p{L})(?:not|\p{L}+n['’]t|cannot|nicht|kein(?:e[nmrs]?)?|pas|non|no (?:es|son)|niet|geen|ikke|inte|never|nie|nunca|jamais)(?:\s+(?:the|only|mehr|nur|die|der|das|de|more|yet|è|is|be))?[\s:]{1,3}$/iu;
const LONGEST_DENIAL = 40;
const LONGEST_LINE = 200;

/** One sentence why a number, date or currency of a text is in doubt, for what stands beside it; undefined where it is not. */
export function doubtBeside(
  text: string,
  range: { readonly start: number; readonly end: number },
  isNumber: boolean,
): string | undefined {
  const { start, end } = range;
  if (isTurnedAround(text, range)) return DIRECTION;
  if (NOT.test(text.slice(Math.max(0, start - LONGEST_DENIAL), start))) return DENIED;
  return isNumber ? besideNumber(text, { start, end }) : undefined;
}

/** Whether a direction is forced upon the value: within it or beside it, or by an override anywhere before it on its line. */
export function isTurnedAround(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  if (TURNING.test(text.slice(Math.max(0, start - 2), end + 2))) return true;
  const before = text.slice(Math.max(0, start - LONGEST_LINE), start);
  return OVERRIDING.test(before.slice(before.lastIndexOf('\n') + 1));
}

export const doubtOfDirection = (text: string, range: { readonly start: number; readonly end: number }) =>
  isTurnedAround(text, range) ? DIRECTION : undefined;
