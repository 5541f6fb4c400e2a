/**
 * A file that is written whole or not at all, for what must not be lost: stores and snapshots.
 *
 * Contract: until `writeWhole` returns, the file at this name is byte for byte the old one or the new one, whatever fails.
 * Whoever writes holds the lock of the file, or is the only one that writes it.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StoreError } from '../errors.ts';

/** O_EXCL follows no link. O_SYNC since Node's permission model refuses fsync, whatever it was granted. */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_SYNC ?? 0);
/** Does not wait where something else than a file has the name, such as a pipe. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const PART = '.part';

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'the system does not permit it',
  EPERM: 'the system does not permit it',
  EIO: 'the disk reports an error',
  EISDIR: 'it is a folder',
  ENOTSUP: 'it is no file',
  ENOTDIR: 'its path leads through something that is not a folder',
  EEXIST: 'a file has the name of its folder',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EFBIG: 'it is too large for this disk',
};

/** What is in the file, or nothing where there is none. Throws `StoreError`, whose cause is the system's error. */
export function readWhole(path: string): Uint8Array | undefined {
  try {
    const fd = openSync(path, READ);
    try {
      const status = fstatSync(fd);
      // Reading a folder says EISDIR; reading a pipe or a device could go on for ever.
      if (!status.isFile() && !status.isDirectory()) {
        throw Object.assign(new Error('not a file'), { code: 'ENOTSUP' });
      }
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new StoreError({ path, problem: `cannot be read: ${explainCode(cause)}.`, cause });
  }
}

/** Returns once the bytes and the name are on the disk; makes the folder where there is none. Both are for their owner only.
 * Throws `StoreError`, whose cause is the system's error: the old file is as it was then, unless the sentence says that the
 * new one is written and only not known to outlast a power cut. */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const part = `${path}.${randomBytes(6).toString('hex')}${PART}`;
  let isNamed = false;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = openSync(part, NEW_FILE, 0o600);
    try {
      writeAll(fd, bytes);
      renameSync(part, path);
      isNamed = true;
      // A folder cannot be synced under the permission model. What a file system notes of a file it notes in order: once
      // this byte is on the disk, the name is.
      if (bytes.length > 0) writeSync(fd, bytes, bytes.length - 1, 1, bytes.length - 1);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    if (!isNamed) removeQuietly(part);
    const problem = isNamed
      ? `was written, but it is not certain that it outlasts a power cut: ${explainCode(cause)}.`
      : `cannot be written: ${explainCode(cause)}. Nothing was overwritten.`;
    throw new StoreError({ path, problem, cause });
  }
}

/** Removes what writers of this file left that were killed. Only for the one who holds its lock. */
export function removeParts(path: string): void {
  const start = `${basename(path)}.`;
  for (const name of namesIn(dirname(path))) {
    if (name.startsWith(start) && name.endsWith(PART)) removeQuietly(join(dirname(path), name));
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The system's reason in words, without an end mark: `the disk is full (ENOSPC)`. */
export function explainCode(error: unknown): string {
  const code = codeOf(error) ?? 'unknown error';
  return Object.hasOwn(CAUSES, code) ? `${CAUSES[code]} (${code})` : `the system says ${code}`;
}

/** The `code` of an error of the system, of what it caused too. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof StoreError) return codeOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset);
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The disk refuses that too: the next writer tries again.
  }
}
