import { clearScreenDown, cursorTo, type Interface, moveCursor } from 'node:readline';
import type { Screen } from '../output.ts';

export type PromptScreen = Screen & {
  /** The prompt stays until `hide`. */
  show(prompt: string): void;
  /** From now on the prompt is there only while something is typed. */
  hide(): void;
  isHidden(): boolean;
  /** A key comes. */
  reveal(): void;
  /** A key was taken. */
  conceal(): void;
};

export const PROMPT = '> ';

/** One terminal for a line that is typed and for all else: while the prompt is there, whole lines are written above it, and
 * what is not a whole line yet waits. */
export function createPromptScreen(terminal: NodeJS.WriteStream, editor: Interface): PromptScreen {
  let isShown = false;
  let isVisible = false;
  let waiting = '';
  let isLineOpen = false;
  let isLineBroken = false;
  let isClosed = false;
  const write = (text: string) => {
    // Whoever writes does not know that the prompt has ended its line already.
    const rest = isLineBroken && text.startsWith('\n') ? text.slice(1) : text;
    isLineBroken = false;
    if (rest === '') return;
    isLineOpen = !rest.endsWith('\n');
    terminal.write(rest);
  };
  const erase = () => {
    moveCursor(terminal, 0, -editor.getCursorPos().rows);
    cursorTo(terminal, 0);
    clearScreenDown(terminal);
  };
  /** Readline goes up by the rows that the cursor stood below the prompt, so they have to be there. */
  const redraw = () => {
    terminal.write('\n'.repeat(editor.getCursorPos().rows));
    editor.prompt(true);
  };
  const breakLine = () => {
    if (isLineOpen) {
      write('\n');
      isLineBroken = true;
    } else {
      cursorTo(terminal, 0);
      clearScreenDown(terminal);
    }
  };
  const takeWaiting = () => {
    const text = waiting;
    waiting = '';
    write(text);
  };
  const reveal = () => {
    if (isVisible || isClosed) return;
    breakLine();
    isVisible = true;
    editor.setPrompt(PROMPT);
    editor.prompt(true);
  };
  const conceal = () => {
    if (!isVisible || isShown || editor.line !== '') return;
    erase();
    isVisible = false;
    takeWaiting();
  };
  const end = () => {
    if (isVisible && editor.line !== '') terminal.write('\n');
    else if (isVisible) erase();
    isVisible = false;
    isClosed = true;
    takeWaiting();
  };
  // Whoever listens after this one can write again.
  editor.once('close', end);
  return {
    isTTY: true,
    get columns() {
      return terminal.columns;
    },
    get isTaken() {
      return isVisible;
    },
    on: (event, listen) => terminal.on(event, listen),
    write(text) {
      if (!isVisible) return write(text);
      waiting += text;
      const end = waiting.lastIndexOf('\n') + 1;
      if (end === 0) return;
      erase();
      write(waiting.slice(0, end));
      waiting = waiting.slice(end);
      redraw();
    },
    show(prompt) {
      if (isClosed) return;
      if (isVisible) erase();
      takeWaiting();
      breakLine();
      isShown = true;
      const wasVisible = isVisible;
      isVisible = true;
      editor.setPrompt(prompt);
      if (wasVisible) redraw();
      else editor.prompt(true);
    },
    hide() {
      isShown = false;
      editor.setPrompt(PROMPT);
      conceal();
    },
    isHidden: () => !isVisible,
    reveal,
    conceal,
  };
}
