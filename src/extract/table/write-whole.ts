import { constants } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../../errors.ts';
import { syncToDisk } from '../../workspace/open-folder.ts';

export type Content = string | Uint8Array | AsyncIterable<string>;

/**
 * Writes a file whole or not at all: into a hidden file beside it, which takes its name once all of it is on the disk.
 * What lay there stays byte for byte as it was until then, whatever goes wrong. The hidden file's name is always the
 * same, so that one left by a killed program is taken away by the next. Throws `ConfigError` where the disk refuses;
 * what the content throws comes through as it is.
 */
export async function writeWhole(path: string, content: Content): Promise<void> {
  // Where a link lies, the file that it means is written.
  const target = await realpath(path).catch(() => path);
  const part = join(dirname(target), `.${basename(target)}.sotto-part`);
  try {
    await rm(part, { force: true });
    await fill(part, await modeOf(target), content);
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw isSystemError(error) ? new ConfigError(sentenceFor(path, error.code), { cause: error }) : error;
  }
  await syncFolder(dirname(target));
}

/** O_EXCL follows no link. O_SYNC where Node's permission model forbids fsync. */
const NEW_FILE =
  constants.O_WRONLY |
  constants.O_CREAT |
  constants.O_EXCL |
  (process.permission ? (constants.O_SYNC ?? 0) : 0);
/** Written at once: with O_SYNC every write waits for the disk. */
const CHUNK = 4_000_000;

async function fill(path: string, mode: number, content: Content): Promise<void> {
  await using file = await open(path, NEW_FILE, mode);
  if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content);
  else await pour(file, content);
  await syncToDisk(file);
}

async function pour(file: FileHandle, content: AsyncIterable<string>): Promise<void> {
  let held: string[] = [];
  let size = 0;
  for await (const text of content) {
    held.push(text);
    size += text.length;
    if (size < CHUNK) continue;
    await file.writeFile(held.join(''));
    held = [];
    size = 0;
  }
  await file.writeFile(held.join(''));
}

/** Who may read the old file may read the new one. */
const modeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ mode }) => mode & 0o777,
    () => 0o666,
  );

/** The rename too is on the disk then, where the system allows to ask for it. */
async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path, constants.O_RDONLY);
    await syncToDisk(folder);
  } catch {
    // The file is written: a folder that cannot be opened or synced does not change that.
  }
}

type SystemError = Error & { readonly code: string };

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';

function sentenceFor(path: string, code: string): string {
  const name = JSON.stringify(path);
  const kept = 'If there was a file of this name, it is as it was.';
  if (code === 'ENOENT' || code === 'ENOTDIR') return `${name} cannot be written: there is no such folder.`;
  if (code === 'EISDIR') return `${name} cannot be written: it is a folder.`;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return `${name} cannot be written: the disk is full. ${kept} Make room, then write it again.`;
  if (code === 'EFBIG') return `${name} cannot be written: it is too large for this disk. ${kept}`;
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM' || code === 'EBUSY') {
    const advice = 'Close it where it is open, or take another folder.';
    return `${name} cannot be written: you are not allowed to, or another program holds it. ${kept} ${advice}`;
  }
  return `${name} cannot be written (${code}). ${kept}`;
}
