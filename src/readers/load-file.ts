import { constants, open } from 'node:fs/promises';
import { type Problem, problem } from './document.ts';
import { DEFAULT_LIMITS } from './limits.ts';

export type Loaded =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly problem: Problem };

/** The bytes of a file, whose size is looked at first. Never throws for what lies at the path. */
export async function loadFile(path: string, { fileBytes } = DEFAULT_LIMITS): Promise<Loaded> {
  try {
    // O_NONBLOCK: a pipe without a writer must not hold the program.
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await file.stat();
    if (!stats.isFile()) return { ok: false, problem: problem('not-opened', 'This is not a file.') };
    if (stats.size > fileBytes) {
      const megabytes = (count: number) => `${Math.ceil(count / 1e6)} MB`;
      const sentence = `This file has ${megabytes(stats.size)}; at most ${megabytes(fileBytes)} are read.`;
      return { ok: false, problem: problem('too-large', sentence) };
    }
    return { ok: true, bytes: new Uint8Array(await file.readFile()) };
  } catch (error) {
    return { ok: false, problem: problem('not-opened', whyNotOpened(error)) };
  }
}

/** One sentence for an error of the file system. */
export function whyNotOpened(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'There is nothing of this name.';
  if (code === 'EACCES' || code === 'EPERM') return 'You are not allowed to read it.';
  return `It could not be opened (${code}).`;
}
