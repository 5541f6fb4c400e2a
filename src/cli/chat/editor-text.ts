import { escapeTerminal } from '../../terminal-text.ts';

/** Stands for a line break in a line editor, which has one line only, and in the history. */
const BREAK = '⏎';

/** A text as it can stand in the line editor: on one line, with nothing in it that steers the terminal. */
export const toEditorText = (text: string): string =>
  escapeTerminal(text.replaceAll(/\r\n?/g, '\n')).replaceAll('\n', BREAK);

export const fromEditorText = (text: string): string => text.replaceAll(BREAK, '\n');
