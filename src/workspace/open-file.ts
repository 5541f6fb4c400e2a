import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { missingProblem } from './missing-name.ts';
import { type Folder, openFolder, openName, READ, type Root } from './open-folder.ts';
import { PathProblem } from './path-problem.ts';

export const DEFAULT_MAX_BYTES = 50_000_000;

export type OpenFile = {
  readonly name: string;
  readonly handle: FileHandle;
  readonly stats: Stats;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Opens a file for reading; `undefined` when there is none. Only a plain file with one name: another name (hard
 * link) could lie outside the workspace, and a pipe or device could wait for ever. */
export async function openFile(folder: Folder, name: string): Promise<OpenFile | undefined> {
  const opened = await openName(folder, name, READ);
  if (opened === undefined) return undefined;
  const close = () => opened.handle.close();
  try {
    const stats = await opened.handle.stat();
    assertPlainFile(stats);
    return { ...opened, stats, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The bytes of a file, by the names that lead to it. */
export async function readFileBytes(
  root: Root,
  names: readonly string[],
  maxBytes: number,
): Promise<Uint8Array> {
  await using folder = await openFolder(root, names.slice(0, -1));
  const name = names.at(-1);
  if (name === undefined) throw new PathProblem('is a folder, not a file.');
  await using file = await openFile(folder, name);
  if (file === undefined) throw new PathProblem(await missingProblem(folder, name, 'file'));
  const chunks: Buffer[] = [];
  // One byte more than allowed: a file may have grown since its size was asked.
  if (file.stats.size <= maxBytes) {
    for await (const chunk of file.handle.createReadStream({ start: 0, end: maxBytes, autoClose: false }))
      chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (file.stats.size > maxBytes || bytes.length > maxBytes) throw new PathProblem(tooLarge(maxBytes));
  return bytes;
}

function assertPlainFile(stats: Stats): void {
  if (stats.isDirectory()) throw new PathProblem('is a folder, not a file.');
  if (!stats.isFile()) throw new PathProblem('is neither a file nor a folder.');
  if (stats.nlink > 1) {
    throw new PathProblem(
      'is a file with several names (hard links), which may lie outside the workspace. Use a copy.',
    );
  }
}

const tooLarge = (maxBytes: number): string =>
  `is larger than the ${maxBytes.toLocaleString('en')} bytes that are read at once.`;
