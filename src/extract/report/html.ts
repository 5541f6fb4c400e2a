import { escapeLine, escapeTerminal } from '../../terminal-text.ts';

/** A text of a document, a model or a file's name inside an element or an attribute in double quotes: characters that
 * cannot be seen are shown as such, and nothing of it is markup. Line breaks stay. */
export const escapeText = (text: string): string => escapeMarkup(escapeTerminal(text));

/** The same for a name on one line. */
export const escapeName = (text: string): string => escapeMarkup(escapeLine(text));

const escapeMarkup = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The beginning of a long text, and how much is not shown. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
  return `${start} … (${text.length - start.length} more characters)`;
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
