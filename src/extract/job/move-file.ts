/**
 * Moves a document into another folder, without ever writing over a file or losing one.
 *
 * Contract: killed at any point, the whole file lies at its goal, at its old place, or beside that under the name that
 * `asideOf` tells. What another program puts at its old place meanwhile stays. Links are not followed.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { hashFile } from './hash-file.ts';
import { codeOf, lstatOf, namesFor, renameIfFree, takeAway } from './take-away.ts';

export type MoveOutcome =
  /** `isReplaced`: a newer file lies where it was, and is left there. */
  | { readonly type: 'moved'; readonly isReplaced: boolean }
  /** Another file has the name by now. */
  | { readonly type: 'taken' }
  /** It was left where it is. `problem`: why, one sentence about the file. */
  | { readonly type: 'left'; readonly problem?: string };

type MoveRequest = {
  readonly jobId: string;
  readonly from: string;
  readonly to: string;
  /** What it holds: another content is left where it is. Default: whatever it holds. */
  readonly sha256?: string;
};

const CHANGED: MoveOutcome = {
  type: 'left',
  problem: 'It changed after it was read, and is not moved.',
};

/** The first free name in the folder: `a.pdf`, `a (2).pdf`. `root` is the folder of the input: the way from there down must
 * not be a link. Throws what the system says, or an error with a sentence. */
export async function freeTarget(root: string, folder: string, path: string): Promise<string> {
  const target = join(resolve(root, folder), relative(root, dirname(path)), basename(path));
  await makeFolder(resolve(root, folder), dirname(target));
  for (const name of namesFor(target)) if ((await lstatOf(name)) === undefined) return name;
  return target;
}

/** Moves the file where that name is free. */
export async function moveFile(request: MoveRequest): Promise<MoveOutcome> {
  const { from, to, sha256 } = request;
  const stats = await lstatOf(from);
  if (!stats) return { type: 'left' };
  if (!stats.isFile()) return { type: 'left', problem: 'It is a link, and is not moved.' };
  if (sha256 !== undefined && (await hashFile(from)) !== sha256) return CHANGED;
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return { type: 'taken' };
    const copied = await copyTo(from, to);
    if (copied.type !== 'moved') return copied;
  }
  if (sha256 !== undefined && (await hashFile(to)) !== sha256) {
    // Another program put a new file there since it was looked at: that is to stay where it was put.
    if (await isSameFile(to, from)) await takeAway(to, request.jobId, (aside) => isSameFile(aside, from));
    return CHANGED;
  }
  return takeOld(request);
}

/** Whether a move that was killed has put the whole file at its goal: then only the old one has to go. */
export async function endMove(request: MoveRequest): Promise<boolean> {
  const { from, to, sha256 } = request;
  if (sha256 === undefined || !(await lstatOf(to))?.isFile() || (await hashFile(to)) !== sha256) return false;
  const stats = await lstatOf(from);
  if (!stats) return true;
  if (!stats.isFile() || (await hashFile(from)) !== sha256) return false;
  return (await takeOld(request)).type === 'moved';
}

/** Whether it is the file at the goal, or holds the same. */
export async function isSameFile(path: string, goal: string): Promise<boolean> {
  const [own, other] = [await lstatOf(path), await lstatOf(goal)];
  if (!own?.isFile() || !other?.isFile()) return false;
  if (own.ino === other.ino && own.dev === other.dev) return true;
  return own.size === other.size && (await sha256Of(path)) === (await sha256Of(goal));
}

/** The old one goes where it is what lies at the goal. */
async function takeOld({ from, to, sha256, jobId }: MoveRequest): Promise<MoveOutcome> {
  const isGone = await takeAway(from, jobId, (aside) => isSameFile(aside, to)).catch((error) => {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  });
  if (isGone || sha256 === undefined || (await hashFile(to)) === sha256)
    return { type: 'moved', isReplaced: !isGone };
  return CHANGED;
}

/** To another file system, or to one without hard links: the copy is on the disk and compared before it gets its name. */
async function copyTo(from: string, to: string): Promise<MoveOutcome> {
  const part = join(dirname(to), `.${basename(to)}.sotto-part`);
  await rm(part, { force: true });
  try {
    const copied = await copyDurably(from, part);
    if ((await sha256Of(part)) !== copied || (await sha256Of(from)) !== copied)
      return { type: 'left', problem: 'It could not be copied whole, and is not moved.' };
    return (await renameIfFree(part, to)) ? { type: 'moved', isReplaced: false } : { type: 'taken' };
  } finally {
    await rm(part, { force: true });
  }
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
