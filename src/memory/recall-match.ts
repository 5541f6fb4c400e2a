/** Whether words stand in what is kept, and in which passage. */
import { foldText } from '../tool/fold-text.ts';
import { splitText } from './recall-passages.ts';
import { wordsOf } from './recall-words.ts';

/** The passage of a text that has the words, as it stands there. */
export type FindPassage = (text: string) => string | undefined;

const PUNCTUATION_AT_ENDS = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;
/** Of a script that parts its words by spaces, so that a word ends where these do. */
const LETTER = String.raw`[[\p{L}\p{M}\p{N}]--[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]]`;
const STARTS_WORD = new RegExp(`^${LETTER}`, 'v');
const ENDS_WORD = new RegExp(`${LETTER}$`, 'v');
/** Of what is shown around a phrase that no passage has in whole, in characters. */
const AROUND = 100;

/** Finds the words of a text as they stand, or all of them in one passage; whole words only. */
export function passageFinder(text: string): FindPassage {
  const phrase = oneLine(text).replaceAll(PUNCTUATION_AT_ENDS, '');
  const words = new Set(wordsOf(text));
  if (words.size === 0) return () => undefined;
  const before = STARTS_WORD.test(phrase) ? `(?<!${LETTER})` : '';
  const after = ENDS_WORD.test(phrase) ? `(?!${LETTER})` : '';
  const asItStands = new RegExp(`${before}${RegExp.escape(phrase)}${after}`, 'v');
  return (other) => {
    const folded = foldText(other);
    if (!words.values().every((word) => folded.includes(word))) return undefined;
    const part = splitText(other).find(
      (one) => asItStands.test(oneLine(one)) || words.isSubsetOf(new Set(wordsOf(one))),
    );
    if (part !== undefined) return part;
    const line = oneLine(other);
    const at = line.search(asItStands);
    return at < 0 ? undefined : line.slice(Math.max(0, at - AROUND), at + phrase.length + AROUND);
  };
}

const oneLine = (text: string): string => foldText(text).replaceAll(/\s+/g, ' ').trim();

/** What the program notes of a thing; nobody said it. */
const NOTED = new Set(
  [
    'type',
    'seq',
    'at',
    'version',
    'crc',
    'id',
    'runId',
    'threadId',
    'toolCallId',
    'agent',
    'by',
    'name',
  ].concat(['model', 'fingerprint', 'seal', 'sha256', 'role', 'from', 'finish', 'stopReason', 'decision']),
);
/** Whose keys are chosen by whoever said it. */
const SAID_BY_KEYS = new Set(['input', 'output', 'note']);

/** The texts of an object as a journal or a store has it that were said, thought, called or read. `areKeysSaid`: its values
 * are somebody's in whole, as those of an extraction. */
export function textsOf(value: unknown, areKeysSaid = false): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => textsOf(one, areKeysSaid));
  return Object.entries(value).flatMap(([key, one]) => {
    if (NOTED.has(key)) return [];
    // Together, since a call may say its words in several places.
    return areKeysSaid || SAID_BY_KEYS.has(key) ? [leavesOf(one).join('\n')] : textsOf(one);
  });
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return Object.entries(value).flatMap(([key, one]) => [key, ...leavesOf(one)]);
}
