/** What a text in the chat is: something to say, or a command to the program. */
export type ChatLine =
  | { readonly type: 'nothing' }
  | { readonly type: 'message'; readonly text: string }
  | { readonly type: 'command'; readonly name: string; readonly argument: string };

/** A text that begins with `/` is a command, and is never said; `//` says one that begins with `/`. */
export function parseLine(text: string): ChatLine {
  if (text.trim() === '') return { type: 'nothing' };
  if (text.startsWith('//')) return { type: 'message', text: text.slice(1) };
  if (!text.startsWith('/')) return { type: 'message', text };
  const [, name = '', argument = ''] = /^\/(\S*)(.*)$/s.exec(text) ?? [];
  return { type: 'command', name, argument: argument.trim() };
}

/** The line that says this text, whatever it begins with. */
export const toLine = (text: string): string => (text.startsWith('/') ? `/${text}` : text);
