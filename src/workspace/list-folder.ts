import { lstat } from 'node:fs/promises';
import { type Folder, openFolder, type Root } from './open-folder.ts';
import { readNames } from './read-names.ts';
import { isSottoFolder } from './resolve-workspace-path.ts';

export type Entry = {
  /** As the system gives it: may hold any character but `/` and NUL. */
  readonly name: string;
  /** `other`: a link, a pipe, a device; it cannot be read. */
  readonly kind: 'file' | 'folder' | 'other';
  /** Of a file; otherwise 0. */
  readonly bytes: number;
};

/** What lies in a folder, in code-point order, without `.sotto`. */
export async function listFolder(root: Root, names: readonly string[]): Promise<readonly Entry[]> {
  await using folder = await openFolder(root, names);
  const found = (await readNames(folder)).filter(({ name }) => !isSottoFolder(name));
  const entries: Entry[] = [];
  for (const entry of found) entries.push(await describe(folder, entry.name));
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

/** A name that is gone meanwhile, or that is not Unicode and so cannot be asked for, is `other`. */
async function describe(folder: Folder, name: string): Promise<Entry> {
  const stats = await lstat(folder.at(name)).catch(() => undefined);
  if (stats?.isDirectory()) return { name, kind: 'folder', bytes: 0 };
  return stats?.isFile() ? { name, kind: 'file', bytes: stats.size } : { name, kind: 'other', bytes: 0 };
}
