import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { escapeJsonLine, escapeLine } from '../../terminal-text.ts';
import { UsageError } from '../command.ts';
import type { Chat } from './chat.ts';
import { threadMarkdown } from './thread-markdown.ts';

const SAYS: Readonly<Record<string, string>> = {
  EEXIST: 'is there already: nothing was written. Take another name.',
  ENOENT: 'cannot be written, since its folder does not exist.',
  EISDIR: 'is a folder: name a file in it.',
};

/** Writes the thread into a new file, relative to the current directory. */
export async function saveThread({ thread, output }: Chat, file: string): Promise<void> {
  if (file === '') throw new UsageError('/save takes the name of a file: /save talk.md, or /save talk.json.');
  if (!thread) throw new UsageError('There is nothing to save yet.');
  const { threadId, messages } = thread;
  const text =
    extname(file).toLowerCase() === '.json'
      ? `${escapeJsonLine(JSON.stringify({ threadId, messages }, null, 2))}\n`
      : threadMarkdown(thread);
  const path = resolve(file);
  await writeFile(path, text, { flag: 'wx', mode: 0o600 }).catch(({ code }: NodeJS.ErrnoException) => {
    throw new UsageError(`${escapeLine(path)} ${SAYS[code ?? ''] ?? `cannot be written (${code}).`}`);
  });
  output.note(`Saved to ${path}`);
}
