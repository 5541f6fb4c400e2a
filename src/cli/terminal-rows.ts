import { escapeLine, escapeTerminal } from '../terminal-text.ts';

/**
 * The rows that a text takes on a terminal, none wider than so many columns, broken behind a space where there is one. What
 * stands before each row is up to the caller, so that no row of a text can pass for a line of ours: a terminal that breaks
 * a long line itself goes on in its first column.
 */
export function toRows(text: string, columns: number): readonly string[] {
  return escapeTerminal(text)
    .split('\n')
    .flatMap((line) => breakLine(escapeLine(line), Math.max(columns, 2)));
}

function breakLine(line: string, columns: number): readonly string[] {
  const rows: string[] = [];
  let row = '';
  let width = 0;
  const endRow = () => {
    rows.push(row);
    row = '';
    width = 0;
  };
  for (const [word] of line.matchAll(/[^ ]* ?/g)) {
    if (width > 0 && width + mostWidthOf(word) > columns) endRow();
    for (const character of word) {
      if (width + mostWidthOf(character) > columns) endRow();
      row += character;
      width += mostWidthOf(character);
    }
  }
  endRow();
  return rows;
}

/** Terminals do not agree on how wide a mark, a symbol or an emoji is, but none is wider than two columns. */
function mostWidthOf(text: string): number {
  let width = 0;
  for (const character of text) width += character <= '\u007e' ? 1 : 2;
  return width;
}
