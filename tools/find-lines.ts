import { foldText } from '../src/tool/fold-text.ts';

/** What is looked for. */
export type Wanted = { readonly phrase: string; readonly words: readonly string[] };

export type FoundLine = {
  /** 1-based. */
  readonly number: number;
  /** Cut around what was found, on one line. */
  readonly text: string;
  /** Whether the line has the whole phrase; otherwise it has all of its words. */
  readonly isWhole: boolean;
};

const SHOWN_CHARACTERS = 200;
const LINE_END = /\r\n|[\n\r\u2028\u2029]/;

/** Undefined where nothing is looked for. Quotes around it are not meant. */
export function toWanted(query: string): Wanted | undefined {
  const folded = foldText(query).replaceAll('\n', ' ').trim();
  const phrase = /^"(.+)"$|^'(.+)'$/.exec(folded)?.slice(1).find(Boolean)?.trim() ?? folded;
  const words = phrase.split(' ').filter(Boolean);
  return words.length === 0 ? undefined : { phrase, words };
}

/** The lines that have the phrase, or at least all of its words, in any case and in any Unicode form. */
export function findLines(text: string, { phrase, words }: Wanted): readonly FoundLine[] {
  const whole = foldText(text);
  if (!words.every((word) => whole.includes(word))) return [];
  return text.split(LINE_END).flatMap((line, index) => {
    const folded = foldText(line);
    const at = folded.indexOf(phrase);
    if (at < 0 && !words.every((word) => folded.includes(word))) return [];
    const first = at < 0 ? folded.indexOf(words[0] ?? '') : at;
    // Folding changes a text's length a little: the place is near enough to show what stands around it.
    const place = folded.length === 0 ? 0 : Math.floor((first / folded.length) * line.length);
    return [{ number: index + 1, text: cutAround(line, place), isWhole: at >= 0 }];
  });
}

/** Never between the halves of a surrogate pair. */
function cutAround(line: string, place: number): string {
  const start = line.length <= SHOWN_CHARACTERS ? 0 : Math.max(0, place - SHOWN_CHARACTERS / 4);
  const end = Math.min(line.length, start + SHOWN_CHARACTERS);
  const cut = line
    .slice(start, end)
    .replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return `${start > 0 ? '…' : ''}${cut}${end < line.length ? '…' : ''}`;
}
