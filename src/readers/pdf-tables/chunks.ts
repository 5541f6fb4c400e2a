import type { Word } from './frame.ts';
import type { TextLine } from './text-lines.ts';

/** Words of a line with no more than word spaces between them: what may be one cell. */
export type Chunk = {
  readonly left: number;
  readonly right: number;
  readonly words: readonly Word[];
  readonly text: string;
};

/** In parts of the font's size. A word space is a quarter; justified prose has wider ones. */
const WIDEST_SPACE = 0.55;

/** A sign of currency stands at the left of its column, its number at the right. */
const SIGN = /^[($€£¥₪₹−-]+$/;
const WIDEST_AFTER_SIGN = 6;

export function chunksOf({ words, size }: TextLine): readonly Chunk[] {
  const chunks: { left: number; right: number; words: Word[] }[] = [];
  for (const word of words) {
    const last = chunks.at(-1);
    const isSigned =
      last?.words.length === 1 && SIGN.test(last.words[0]?.text ?? '') && /^[\d(.,-]/.test(word.text);
    const widest = (isSigned ? WIDEST_AFTER_SIGN : WIDEST_SPACE) * Math.min(word.size, size);
    if (last && word.box[0] - last.right < widest) {
      last.right = Math.max(last.right, word.box[2]);
      last.words.push(word);
    } else chunks.push({ left: word.box[0], right: word.box[2], words: [word] });
  }
  return chunks.map((chunk) => ({ ...chunk, text: chunk.words.map(({ text }) => text).join(' ') }));
}
