import { lstat } from 'node:fs/promises';
import { assertNotAVersion, keepVersion } from './keep-version.ts';
import { type OpenFile, openFile } from './open-file.ts';
import { type Folder, openFolder, type Root } from './open-folder.ts';
import { PathProblem, systemCode } from './path-problem.ts';
import { writeAll, writeWhole } from './write-whole.ts';

export type Written = {
  /** Relative to the workspace. */
  readonly path: string;
  readonly bytes: number;
  /** Where the former content is, if the file existed with other content. */
  readonly previous?: string;
};

/** Writes a file by the names that lead to it, making the folders that are missing. */
export async function writeFileBytes(
  root: Root,
  names: readonly string[],
  bytes: Uint8Array,
): Promise<Written> {
  // Meant as a folder, in the way of Windows; elsewhere it would become part of a name.
  if (names.some((name) => name.includes('\\')))
    throw new PathProblem('has a backslash. Put / between folders.');
  assertNotAVersion(names);
  const name = names.at(-1);
  if (name === undefined) throw new PathProblem('is a folder, not a file.');
  await using folder = await openFolder(root, names.slice(0, -1), { create: true });
  await using file = await openFile(folder, name);
  const written = {
    path: folder.path === '.' ? (file?.name ?? name) : `${folder.path}/${file?.name ?? name}`,
    bytes: bytes.length,
  };
  if (file === undefined) {
    await createFile(folder, name, bytes);
    return written;
  }
  const previous = await replaceFile(folder, file, bytes);
  return previous === undefined ? written : { ...written, previous };
}

async function createFile(folder: Folder, name: string, bytes: Uint8Array): Promise<void> {
  await writeWhole(folder, name, {
    fill: (handle) => writeAll(handle, bytes),
    beforeNaming: () => assertUnchanged(folder, name, undefined),
  });
}

/** Returns where the former content is; `undefined` when it was the same already. */
async function replaceFile(folder: Folder, file: OpenFile, bytes: Uint8Array): Promise<string | undefined> {
  if ((file.stats.mode & 0o222) === 0) throw new PathProblem('is write-protected.');
  if (file.stats.size === bytes.length && (await file.handle.readFile()).equals(bytes)) return undefined;
  let previous: string | undefined;
  await writeWhole(folder, file.name, {
    mode: file.stats.mode & 0o777,
    fill: (handle) => writeAll(handle, bytes),
    beforeNaming: async () => {
      previous = await keepVersion(folder, file);
      await assertUnchanged(folder, file.name, file);
    },
  });
  return previous;
}

/** Another program may have written the file meanwhile, and its content has no version yet. */
async function assertUnchanged(folder: Folder, name: string, before: OpenFile | undefined): Promise<void> {
  const now = await lstat(folder.at(name)).catch((error) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });
  const then = before?.stats;
  if (now?.ino === then?.ino && now?.mtimeMs === then?.mtimeMs && now?.size === then?.size) return;
  throw new PathProblem(
    'was changed by another program while it was written. Nothing was changed; read it again first.',
  );
}
