/**
 * The one escaper: text of a model, a tool, a file name or a server made safe to show.
 *
 * Made visible: control characters (C0 except newline and tab, DEL, C1), everything of category Cf (bidi controls,
 * zero-width, tags, byte order mark, annotations), line and paragraph separators, lone surrogates, and whatever
 * else Unicode calls default-ignorable (fillers, variation selectors). One text or emoji selector behind a
 * character stays, as in a red heart; a run of them could hide data.
 */

const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const PRESENTATION = /^[\ufe0e\ufe0f]$/;
/** The end of a chunk that only the next one decides: half a character, or the first half of a line end. */
const UNDECIDED = /[\r\ud800-\udbff]$/;

/** For a terminal: `\x1b`, `\u202e`, `\u{e0041}` in place of what must not reach it; `\r\n` becomes `\n`. */
export function escapeTerminal(text: string): string {
  return replaceHidden(text.replaceAll('\r\n', '\n'), '', visible);
}

/** For a name that is shown on one line: newline and tab are made visible too. */
export function escapeLine(text: string): string {
  return replaceHidden(text, '', visible).replace(/[\n\t]/g, visible);
}

/** For a line of JSON as `JSON.stringify` writes it: the same characters as JSON escapes, so that it parses to the
 * same value. */
export function escapeJsonLine(json: string): string {
  return replaceHidden(json, '', (character) =>
    character
      .split('')
      .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
      .join(''),
  );
}

export type TerminalEscaper = {
  /** What can be shown now. */
  push(chunk: string): string;
  /** What was held back; to be called once, at the end. */
  flush(): string;
};

/** `escapeTerminal` for a stream, whose chunks may split a character or a line end. */
export function createTerminalEscaper(): TerminalEscaper {
  let held = '';
  let last = '';
  return {
    push(chunk) {
      const text = held + chunk;
      held = UNDECIDED.exec(text)?.[0] ?? '';
      const ready = text.slice(0, text.length - held.length).replaceAll('\r\n', '\n');
      const shown = replaceHidden(ready, last, visible);
      last = lastCharacter(ready) ?? last;
      return shown;
    },
    flush: () => replaceHidden(held, last, visible),
  };
}

function replaceHidden(text: string, before: string, show: (character: string) => string): string {
  return text.replace(HIDDEN, (character: string, at: number) => {
    const previous = lastCharacter(text.slice(Math.max(0, at - 2), at)) ?? before;
    return PRESENTATION.test(character) && isShown(previous) ? character : show(character);
  });
}

const lastCharacter = (text: string): string | undefined => [...text.slice(-2)].at(-1);

const isShown = (character: string): boolean => /\S/u.test(character) && character.search(HIDDEN) === -1;

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 0)}}`;
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
