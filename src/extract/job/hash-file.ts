import { createHash } from 'node:crypto';
import { constants, open } from 'node:fs/promises';
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
