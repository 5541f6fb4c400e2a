import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { Folder } from './open-folder.ts';

/** What lies in an open folder, in no order. */
export async function readNames(folder: Folder): Promise<readonly Dirent[]> {
  const entries = await readdir(folder.at(''), { withFileTypes: true });
  await folder.confirm();
  return entries;
}
