import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { whyNotOpened } from './load-file.ts';

export type FoundFile = {
  readonly path: string;
  /** On the command line, not found in a folder. */
  readonly isNamed: boolean;
};
export type FoundFiles = {
  /** Each once, those of a folder by name, numbers in names by their value. */
  readonly files: readonly FoundFile[];
  /** What was not looked at in the folders, by kind. */
  readonly leftOut: Readonly<Record<'hidden' | 'link' | 'other', number>>;
  /** Folders that could not be looked into. */
  readonly problems: readonly { readonly path: string; readonly sentence: string }[];
  readonly hasFolder: boolean;
};

/**
 * The files that were named, and those in the folders that were named, with their folders. Names that begin with a dot
 * (so `.sotto` too) and links are left out: a link could lead out of the folder, or around in a circle. Nor are the folders
 * of `except`, absolute paths, looked into, or counted.
 */
export async function findFiles(
  paths: readonly string[],
  signal: AbortSignal,
  { except = [] }: { readonly except?: readonly string[] } = {},
): Promise<FoundFiles> {
  const files = new Map<string, FoundFile>();
  const leftOut = { hidden: 0, link: 0, other: 0 };
  const problems: { path: string; sentence: string }[] = [];
  let hasFolder = false;
  const add = (path: string, isNamed: boolean) => {
    const known = files.get(resolve(path));
    files.set(resolve(path), known ? { ...known, isNamed: known.isNamed || isNamed } : { path, isNamed });
  };
  const walk = async (folder: string): Promise<void> => {
    signal.throwIfAborted();
    for (const entry of await readFolder(folder)) {
      const path = join(folder, entry.name);
      if (except.includes(resolve(path))) continue;
      if (entry.name.startsWith('.')) leftOut.hidden += 1;
      else if (entry.isSymbolicLink()) leftOut.link += 1;
      else if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) add(path, false);
      else leftOut.other += 1;
    }
  };
  const readFolder = async (folder: string): Promise<readonly Dirent[]> => {
    try {
      return (await readdir(folder, { withFileTypes: true })).sort((a, b) => compareNames(a.name, b.name));
    } catch (error) {
      problems.push({ path: folder, sentence: whyNotOpened(error) });
      return [];
    }
  };
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
    hasFolder ||= isFolder;
    if (isFolder) await walk(path);
    else add(path, true);
  }
  return { files: [...files.values()], leftOut, problems, hasFolder };
}

/** Numbers by their value. No two names are equal: `1.txt` and `01.txt` have an order too. */
export const compareNames = (a: string, b: string): number =>
  BY_NAME.compare(a, b) || (a < b ? -1 : Number(a > b));

const BY_NAME = new Intl.Collator('en', { numeric: true });
