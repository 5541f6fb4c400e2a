/**
 * Takes a file out of a folder without ever deleting one that another program put there meanwhile: it gets a hidden name
 * first, is looked at under that, and goes only then, or is put back.
 *
 * Contract: killed at any point, the file lies under its name or under the hidden one, which `asideOf` tells.
 */
import { createHash } from 'node:crypto';
import { link, lstat, open, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** The hidden name beside it: one for each job and file, short enough for a file of the longest name. */
export function asideOf(path: string, jobId: string): string {
  const digest = createHash('sha256').update(basename(path)).digest('hex').slice(0, 12);
  return join(dirname(path), `.sotto-moving-${jobId}-${digest}`);
}

/** Whether the file was the one that was meant, and is gone. Else it lies where it was. Throws what the system says. */
export async function takeAway(
  path: string,
  jobId: string,
  isMeant: (aside: string) => Promise<boolean>,
): Promise<boolean> {
  const aside = asideOf(path, jobId);
  if (await lstatOf(aside)) await putBack(aside, path);
  await rename(path, aside);
  const isGone = await isMeant(aside).catch(() => false);
  if (isGone) await unlink(aside);
  else await putBack(aside, path);
  return isGone;
}

/** Under its old name; where another file has that by now, under the next free one: `a (2).pdf`. Returns which. */
export async function putBack(aside: string, path: string): Promise<string> {
  for (const name of namesFor(path)) if (await renameIfFree(aside, name)) return name;
  return path;
}

/** `a.pdf`, `a (2).pdf`, and so on without end. */
export function* namesFor(path: string): Generator<string> {
  const end = extname(path);
  const start = path.slice(0, path.length - end.length);
  yield path;
  for (let count = 2; ; count += 1) yield `${start} (${count})${end}`;
}

/** Gives a file another name in the same file system, if nobody has it; false where somebody has. */
export async function renameIfFree(path: string, name: string): Promise<boolean> {
  try {
    await link(path, name);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return renameToReserved(path, name);
    // A program that was killed here left one file with both names.
    if (!(await isOneFile(path, name))) return false;
  }
  await unlink(path);
  return true;
}

async function isOneFile(path: string, name: string): Promise<boolean> {
  const [own, other] = [await lstatOf(path), await lstatOf(name)];
  return own !== undefined && own.ino === other?.ino && own.dev === other.dev;
}

/** A file system without hard links: the name is taken by an empty file first, so that no other program gets it. */
async function renameToReserved(path: string, name: string): Promise<boolean> {
  try {
    await (await open(name, 'wx')).close();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await rename(path, name);
  } catch (error) {
    await rm(name, { force: true });
    throw error;
  }
  return true;
}

export async function lstatOf(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code);
