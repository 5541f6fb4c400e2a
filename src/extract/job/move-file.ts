/**
 * Moves a document into another folder, without ever writing over a file or losing one.
 *
 * Contract: killed at any point, the whole file lies at one of the two places at least. Links are not followed.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, realpath, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { hashFile } from './hash-file.ts';

export type MoveOutcome =
  | { readonly type: 'moved' }
  /** Another file has the name by now. */
  | { readonly type: 'taken' }
  /** It was left where it is. `problem`: why, one sentence about the file. */
  | { readonly type: 'left'; readonly problem?: string };

type MoveRequest = {
  readonly from: string;
  readonly to: string;
  /** What it holds: another content is left where it is. Default: whatever it holds. */
  readonly sha256?: string;
};

/** The first free name in the folder: `a.pdf`, `a (2).pdf`. `root` is the folder of the input: the way from there down must
 * not be a link. Throws what the system says, or an error with a sentence. */
export async function freeTarget(root: string, folder: string, path: string): Promise<string> {
  const target = join(resolve(root, folder), relative(root, dirname(path)), basename(path));
  await makeFolder(resolve(root, folder), dirname(target));
  const end = extname(target);
  const start = target.slice(0, target.length - end.length);
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? target : `${start} (${count})${end}`;
    if ((await lstatOf(name)) === undefined) return name;
  }
}

/** Moves the file where that name is free; where an earlier move of the same content was killed, ends it. */
export async function moveFile({ from, to, sha256 }: MoveRequest): Promise<MoveOutcome> {
  const stats = await lstatOf(from);
  if (!stats) return { type: 'left' };
  if (!stats.isFile()) return { type: 'left', problem: 'It is a link, and is not moved.' };
  if (sha256 !== undefined && (await hashFile(from)) !== sha256)
    return { type: 'left', problem: 'It changed after it was read, and is not moved.' };
  const other = await lstatOf(to);
  if (other?.isFile() && other.ino === stats.ino && other.dev === stats.dev) {
    await unlink(from);
    return { type: 'moved' };
  }
  if (other) return { type: 'taken' };
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return { type: 'taken' };
    return moveByCopy(from, to);
  }
  await unlink(from);
  return { type: 'moved' };
}

/** Whether a move that was killed has put the whole file at its goal: then only the old one has to go. */
export async function endMove({ from, to, sha256 }: MoveRequest): Promise<boolean> {
  if (sha256 === undefined || !(await lstatOf(to))?.isFile() || (await hashFile(to)) !== sha256) return false;
  const stats = await lstatOf(from);
  if (!stats) return true;
  if (!stats.isFile() || (await hashFile(from)) !== sha256) return false;
  await unlink(from);
  return true;
}

/** To another file system, or to one without hard links: the copy is on the disk and compared before the file goes. */
async function moveByCopy(from: string, to: string): Promise<MoveOutcome> {
  const part = join(dirname(to), `.${basename(to)}.sotto-part`);
  await rm(part, { force: true });
  try {
    const copied = await copyDurably(from, part);
    if ((await sha256Of(part)) !== copied || (await sha256Of(from)) !== copied)
      return { type: 'left', problem: 'It could not be copied whole, and is not moved.' };
    const isFree = await putInPlace(part, to);
    if (!isFree) return { type: 'taken' };
    await unlink(from);
    return { type: 'moved' };
  } finally {
    await rm(part, { force: true });
  }
}

async function putInPlace(part: string, to: string): Promise<boolean> {
  try {
    await link(part, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
  }
  // A file system without hard links: between the look and the renaming lies less than a millisecond.
  if ((await lstatOf(to)) !== undefined) return false;
  await rename(part, to);
  return true;
}

const CHUNK_BYTES = 1 << 20;

/** Returns the SHA-256 of what was read. O_DSYNC, since Node's permission model refuses fsync. */
async function copyDurably(from: string, to: string): Promise<string> {
  await using source = await open(from, 'r');
  const { mode, atime, mtime } = await source.stat();
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_DSYNC ?? 0);
  await using target = await open(to, flags, mode & 0o777);
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await source.read(chunk, 0, CHUNK_BYTES);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    await target.writeFile(chunk.subarray(0, bytesRead));
  }
  await target.utimes(atime, mtime).catch(() => {});
  return hash.digest('hex');
}

/** Of any size. */
async function sha256Of(path: string): Promise<string> {
  await using file = await open(path, 'r');
  const hash = createHash('sha256');
  for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk);
  return hash.digest('hex');
}

/** Throws where a folder on the way from `root` to it is a link. */
async function makeFolder(root: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const isPlain =
    (await lstat(root)).isDirectory() &&
    (await realpath(folder)) === resolve(await realpath(root), relative(root, folder));
  if (!isPlain) throw new Error('the folder to move it to is a link');
}

async function lstatOf(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code);
