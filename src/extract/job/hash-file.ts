import { createHash } from 'node:crypto';
import { constants, open, stat } from 'node:fs/promises';
import { DEFAULT_LIMITS } from '../../readers/limits.ts';

/** SHA-256 of a file's bytes, in hexadecimal. Nothing where it cannot be read, is no file, or is larger than what is
 * read. Rejects with the signal's reason. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string | undefined> {
  signal?.throwIfAborted();
  try {
    // O_NONBLOCK: a pipe without a writer must not hold the program.
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await file.stat();
    if (!stats.isFile() || stats.size > DEFAULT_LIMITS.fileBytes) return undefined;
    const hash = createHash('sha256');
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      signal?.throwIfAborted();
      hash.update(chunk);
    }
    return hash.digest('hex');
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** What changes whenever a file's bytes do: size, times, identity. Nothing where there is no file. */
export async function looksOf(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
    return [size, mtimeNs, ctimeNs, ino].join();
  } catch {
    return undefined;
  }
}

/** A file at one moment: how it looked, and the SHA-256 of what it held. */
export type Sight = { readonly looks: string | undefined; readonly sha256: string | undefined };

/** Reads the file only where it does not look as it did before. Rejects with the signal's reason. */
export async function lookAt(path: string, before: Sight | undefined, signal?: AbortSignal): Promise<Sight> {
  const looks = await looksOf(path);
  if (before && looks !== undefined && looks === before.looks) return before;
  return { looks, sha256: await hashFile(path, signal) };
}
