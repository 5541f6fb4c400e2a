import { escapeLine } from '../src/terminal-text.ts';
import type { FoundLine } from './find-lines.ts';

/** Lines of one result, and of one file among several. */
export const MAX_LINES = 50;
export const MAX_LINES_OF_FILE = 10;

/** `at`: where the line stands in its file, such as `:12` or `, page 2`. */
export type Hit = FoundLine & { readonly at: string };

export type SearchHits = {
  /** To be called once for each file. */
  add(path: string, hits: readonly Hit[]): void;
  /** The lines with the phrase, or where there are none, those with all of its words; as many as fit. Undefined where
   * there are neither. */
  show(maxCharacters: number): string | undefined;
};

type Lines = { readonly shown: string[]; count: number; files: number };

/** `isAlone`: only one file is searched. */
export function createSearchHits({ isAlone }: { readonly isAlone: boolean }): SearchHits {
  const mostOfFile = isAlone ? MAX_LINES : MAX_LINES_OF_FILE;
  const whole: Lines = { shown: [], count: 0, files: 0 };
  const words: Lines = { shown: [], count: 0, files: 0 };
  return {
    add(path, hits) {
      for (const lines of [whole, words]) {
        const own = hits.filter(({ isWhole }) => isWhole === (lines === whole));
        if (own.length === 0) continue;
        lines.count += own.length;
        lines.files += 1;
        const room = Math.min(mostOfFile, MAX_LINES - lines.shown.length);
        const name = escapeLine(path);
        lines.shown.push(...own.slice(0, room).map((line) => `${name}${line.at}: ${line.text}`));
      }
    },
    show(maxCharacters) {
      const lines = whole.count > 0 ? whole : words;
      if (lines.count === 0) return undefined;
      const fitting = linesThatFit(lines.shown, maxCharacters);
      const head = lines === words ? ['[No line has the whole phrase. These have all of its words:]'] : [];
      return [...head, ...fitting, summary(fitting.length, lines, isAlone)].join('\n');
    },
  };
}

function linesThatFit(lines: readonly string[], maxCharacters: number): readonly string[] {
  let used = 0;
  const tooMany = lines.findIndex((line) => {
    used += line.length + 1;
    return used > maxCharacters;
  });
  return tooMany < 0 ? lines : lines.slice(0, Math.max(1, tooMany));
}

function summary(shown: number, { count, files }: Lines, isAlone: boolean): string {
  const where = files === 1 ? '1 file' : `${files} files`;
  if (shown === count) return `[${count === 1 ? '1 line' : `${count} lines`} in ${where}.]`;
  const advice = isAlone
    ? 'search for a longer phrase'
    : 'name a folder or a file in path, or search for more words';
  return `[${shown} of ${count} lines in ${where} are shown. To see others, ${advice}.]`;
}
