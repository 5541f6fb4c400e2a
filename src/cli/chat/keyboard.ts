import type { Screen } from '../output.ts';

/** What a person types, and where it is seen while something else is written. */
export type Keyboard = {
  /** Where everything else is written: it comes above the line that is being typed. */
  readonly screen: Screen;
  /** Whether Ctrl-C means the line or the run, and not the program. */
  readonly isTerminal: boolean;
  /** Asks for a line. One that is not kept does not go into the history. */
  show(prompt: string, options?: { readonly isKept: boolean }): void;
  /** From now on the prompt is seen only while something is typed. */
  hide(): void;
  isTyping(): boolean;
  /** Puts a text into the line, as if it had been typed. */
  type(text: string): void;
  /** Takes away what is typed. False where nothing was. */
  clear(): boolean;
  /** Throws away what was typed and not read yet. */
  dropTypedAhead(): Promise<void>;
  close(): void;
};

export type KeyboardEvents = {
  /** A whole text: several lines where they were pasted as one. */
  onText(text: string): void;
  onInterrupt(): void;
  onEnd(): void;
};

/** Nobody types the next line so soon: it was pasted. */
const PASTE_MS = 30;
/** What was typed before a question arrives within this time. */
export const TYPED_AHEAD_MS = 50;

/** Joins lines that arrive at once, as where a terminal does not mark what is pasted. */
export function joinPasted(onLines: (lines: readonly string[]) => void): (line: string) => void {
  let lines: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  return (line) => {
    lines.push(line);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const all = lines;
      lines = [];
      onLines(all);
    }, PASTE_MS);
  };
}
