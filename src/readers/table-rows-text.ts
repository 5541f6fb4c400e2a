import type { Table } from './document.ts';

/** A page with more lines is a list of numbers, and its tables are not looked for. */
const MOST_LINES = 3000;

/**
 * A page's text with each of its tables as rows, ` | ` between the cells, in the place of the lines that hold the same
 * words. A table of guessed columns stays as it is laid out; one whose words stand elsewhere comes at the end.
 */
export function withTableRows(text: string, tables: readonly Table[]): string {
  const lines = text.split('\n');
  const isSearched = lines.length <= MOST_LINES;
  const wordsOfLines = lines.map(wordsOf);
  const rest: string[] = [];
  const taken: { readonly from: number; readonly to: number; readonly rows: string }[] = [];
  for (const table of tables) {
    if (table.guessed || table.rows.length < 2) continue;
    const words = table.rows.flat().flatMap(wordsOf);
    const rows = toRows(table);
    if (words.length === 0) continue;
    const run = isSearched ? findRun(wordsOfLines, words) : undefined;
    if (run && !taken.some(({ from, to }) => run.from < to && from < run.to)) taken.push({ ...run, rows });
    else if (!run && !holdsMost(wordsOfLines.flat(), words)) rest.push(rows);
  }
  for (const { from, to, rows } of taken.toSorted((a, b) => b.from - a.from)) {
    lines.splice(from, to - from, rows);
  }
  return [lines.join('\n'), ...rest].filter(Boolean).join('\n\n');
}

const toRows = ({ rows }: Table): string =>
  rows.map((row) => row.map((cell) => cell.trim().replace(/\s+/g, ' ')).join(' | ')).join('\n');

const wordsOf = (text: string): readonly string[] => text.split(/[\s|]+/).filter(Boolean);

/** The lines one after the other that hold these words and no others. */
function findRun(
  lines: readonly (readonly string[])[],
  words: readonly string[],
): { readonly from: number; readonly to: number } | undefined {
  const wanted = words.toSorted().join('\n');
  const known = new Set(words);
  for (let from = 0; from < lines.length; from += 1) {
    const found: string[] = [];
    let to = from;
    while (to < lines.length && found.length < words.length && lines[to]?.every((word) => known.has(word))) {
      found.push(...(lines[to] ?? []));
      to += 1;
    }
    if (lines[from]?.length && found.length === words.length && found.toSorted().join('\n') === wanted) {
      return { from, to };
    }
  }
  return undefined;
}

/** Whether nine in ten of a table's words are in the text. */
function holdsMost(text: readonly string[], words: readonly string[]): boolean {
  const there = new Set(text);
  return words.filter((word) => there.has(word)).length >= 0.9 * words.length;
}
