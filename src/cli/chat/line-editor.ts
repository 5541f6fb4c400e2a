import { createInterface } from 'node:readline';
import { fromEditorText, toEditorText } from './editor-text.ts';
import { joinPasted, type Keyboard, type KeyboardEvents } from './keyboard.ts';
import { createPromptScreen } from './prompt-screen.ts';
import { readTerminalKeys } from './terminal-keys.ts';

export type EditorHistory = {
  /** The newest first. */
  readonly lines: readonly string[];
  /** Keeps one more. */
  add(line: string): void;
};

export const MOST_HISTORY_LINES = 1000;
const MARK_PASTES = '\u001b[?2004h';
const MARK_NO_PASTES = '\u001b[?2004l';

/** A terminal's line editor: Node's readline, below whatever else is written. */
export function openLineEditor(
  { stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>,
  { onText, onInterrupt, onEnd, history }: KeyboardEvents & { readonly history: EditorHistory },
): Keyboard {
  const keys = readTerminalKeys(stdin, {
    // Enter alone, where no prompt is to be seen, would only move what is being written.
    isWanted: (typed) => !screen.isHidden() || /[^\r\n]/.test(typed),
    onPaste(text) {
      screen.reveal();
      editor.write(toEditorText(text));
    },
  });
  const editor = createInterface({
    input: keys.input,
    output: stderr,
    terminal: true,
    history: [...history.lines],
    historySize: MOST_HISTORY_LINES,
    removeHistoryDuplicates: true,
  });
  const screen = createPromptScreen(stderr, editor);
  let isKept = true;
  editor.on('history', (lines: string[]) => {
    if (!isKept) lines.shift();
    else if (lines[0] !== undefined) history.add(lines[0]);
  });
  const clear = () => {
    if (editor.line === '') return false;
    editor.write(null, { ctrl: true, name: 'e' });
    editor.write(null, { ctrl: true, name: 'u' });
    return true;
  };
  const takeLines = joinPasted((lines) => {
    const text = lines.map(fromEditorText).join('\n');
    const rest = editor.line;
    if (rest === '') return onText(text);
    // The end of a paste, which Enter did not follow: all of it is one text that goes on.
    clear();
    editor.write(toEditorText(`${text}\n${fromEditorText(rest)}`));
  });
  editor.on('line', takeLines);
  editor.on('SIGINT', onInterrupt);
  editor.once('close', onEnd);
  // Before readline has the key, and after.
  keys.input.prependListener('keypress', screen.reveal);
  keys.input.on('keypress', screen.conceal);
  stderr.write(MARK_PASTES);
  return {
    screen,
    isTerminal: true,
    show(prompt, options) {
      isKept = options?.isKept ?? true;
      screen.show(prompt);
    },
    hide() {
      isKept = true;
      screen.hide();
    },
    isTyping: () => editor.line !== '',
    type: (text) => editor.write(toEditorText(text)),
    clear,
    dropTypedAhead: keys.dropTypedAhead,
    close() {
      keys.close();
      editor.off('close', onEnd);
      editor.close();
      stderr.write(MARK_NO_PASTES);
    },
  };
}
