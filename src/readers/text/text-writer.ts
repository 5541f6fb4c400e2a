/** Puts words together to lines as a browser does: white space counts once, a block begins a new line. */
export type TextWriter = {
  /** `asIs`: white space is kept, as in `<pre>`. */
  readonly write: (text: string, asIs?: boolean) => void;
  /** Ends the line, where it holds anything. */
  readonly endLine: () => void;
  /** Ends the line, empty or not. */
  readonly breakLine: () => void;
  /** What stands before the next word, such as the mark of a list. */
  readonly mark: (mark: string) => void;
  /** The text so far, without empty lines around it, which is then forgotten. */
  readonly take: () => string;
};

export function createTextWriter(): TextWriter {
  let lines: string[] = [];
  // A long line is looked at as a whole once, when it ends: it may come in many pieces.
  let pieces: string[] = [];
  let isAfterSpace = true;
  let pendingMark = '';
  const breakLine = () => {
    lines.push(pieces.join('').trimEnd());
    pieces = [];
    isAfterSpace = true;
  };
  const endLine = () => {
    if (pieces.some((piece) => piece.trim() !== '')) breakLine();
    pieces = [];
    isAfterSpace = true;
  };
  const add = (text: string) => {
    if (text === '') return;
    pieces.push(pendingMark + text);
    pendingMark = '';
    isAfterSpace = text.endsWith(' ');
  };
  return {
    breakLine,
    endLine,
    mark: (mark) => {
      pendingMark = mark;
    },
    write: (text, asIs = false) => {
      if (asIs) {
        for (const [at, line] of text.split('\n').entries()) {
          if (at > 0) breakLine();
          add(line);
        }
        return;
      }
      const words = text.replace(/[ \t\r\n\f\u00a0]+/g, ' ');
      add(isAfterSpace && words.startsWith(' ') ? words.slice(1) : words);
    },
    take: () => {
      endLine();
      const first = lines.findIndex((line) => line !== '');
      const text =
        first < 0 ? '' : lines.slice(first, lines.findLastIndex((line) => line !== '') + 1).join('\n');
      lines = [];
      return text;
    },
  };
}
