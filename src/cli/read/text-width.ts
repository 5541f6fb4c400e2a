/** Characters that take two columns of a terminal: East Asian wide ones and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** In columns of a terminal. The text is escaped already. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfOne(character);
  return width;
}

const widthOfOne = (character: string): number =>
  /\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;

/** The end of a path tells more than its beginning. */
export function keepEnd(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  const kept = takeWidth([...text].reverse(), columns - 1).reverse();
  return `…${kept.join('')}`;
}

export function keepStart(text: string, columns: number): string {
  return widthOf(text) <= columns ? text : `${takeWidth([...text], columns - 1).join('')}…`;
}

export const padEnd = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)));

/** Breaks at spaces; the lines after the first one begin with `indent`. A word wider than a line stays whole. */
export function wrap(
  text: string,
  { columns, indent }: { readonly columns: number; readonly indent: string },
): string {
  const [start = ''] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(/ +/)) {
    if (line === '') line = start + word;
    else if (widthOf(line) + 1 + widthOf(word) <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line].join('\n');
}

function takeWidth(characters: readonly string[], columns: number): string[] {
  let width = 0;
  return characters.slice(
    0,
    characters.findIndex((character) => {
      width += widthOfOne(character);
      return width > columns;
    }),
  );
}
