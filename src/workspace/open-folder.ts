/**
 * The walk: how a path becomes an open folder or file without ever leaving the workspace. Links are never followed.
 *
 * - Linux, `descriptors`: every name is opened relative to its open folder (`/proc/self/fd/N/name`, as `openat`
 *   does) with O_NOFOLLOW. There is nothing to swap between check and use: what holds a folder open holds the folder
 *   itself, not its name.
 * - Elsewhere, `paths`: every name is opened by its full path, and what was opened is compared (device, inode, real
 *   path inside the root) with what lies there. macOS adds O_NOFOLLOW_ANY, which refuses a link anywhere in the
 *   path, so reading and creating are closed there too; the rename that ends a write is by path. Where neither
 *   exists (Windows, not tested), a program that swaps folders and swaps them back in time could win.
 *
 * Node's permission model: `descriptors` needs `--allow-fs-read` and `--allow-fs-write` for `/proc/self/fd`; without
 * them the walk is by `paths`.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { escapeLine } from '../terminal-text.ts';
import { findOtherSpelling, missingProblem } from './missing-name.ts';
import { LINK_PROBLEM, PathProblem, systemCode } from './path-problem.ts';
import { isSottoFolder, SOTTO_PROBLEM } from './resolve-workspace-path.ts';

export type Walk = 'descriptors' | 'paths';
export type Root = { readonly path: string; readonly walk: Walk };

export type Folder = {
  readonly root: Root;
  /** Relative to the workspace, `.` for its root. */
  readonly path: string;
  readonly handle: FileHandle;
  /** The path that a system call is given for a name in this folder. */
  at(name: string): string;
  /** By `paths`: throws when `at` no longer leads into this folder. */
  confirm(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const DESCRIPTORS = '/proc/self/fd';
/** macOS: O_NOFOLLOW_ANY, which Node does not name. Windows has neither. */
const NOFOLLOW = process.platform === 'darwin' ? 0x20000000 : (constants.O_NOFOLLOW ?? 0);
/** O_NONBLOCK: a pipe without a writer must not hold the call. */
export const READ = constants.O_RDONLY | NOFOLLOW | (constants.O_NONBLOCK ?? 0);
/** Fails where the name is taken. O_SYNC where Node's permission model forbids fsync. */
export const CREATE =
  constants.O_WRONLY |
  constants.O_CREAT |
  constants.O_EXCL |
  NOFOLLOW |
  (process.permission ? constants.O_SYNC : 0);
const READ_FOLDER = READ | (constants.O_DIRECTORY ?? 0);

export async function detectWalk(): Promise<Walk> {
  const mayWrite = process.permission?.has('fs.write', DESCRIPTORS) ?? true;
  if (process.platform !== 'linux' || !mayWrite) return 'paths';
  return stat(DESCRIPTORS).then(
    () => 'descriptors',
    () => 'paths',
  );
}

/** Opens a folder by the names that lead to it; `create` makes those that are missing. */
export async function openFolder(
  root: Root,
  names: readonly string[],
  { create = false } = {},
): Promise<Folder> {
  let folder = toFolder(root, '.', await open(root.path, READ_FOLDER));
  for (const name of names) {
    await using parent = folder;
    folder = await openChildFolder(parent, name, { create });
  }
  return folder;
}

/** The folder `name` in `parent`, which stays open. */
export async function openChildFolder(
  parent: Folder,
  name: string,
  { create = false } = {},
): Promise<Folder> {
  let opened = await openName(parent, name, READ_FOLDER);
  if (opened === undefined && create) {
    await createFolder(parent, name);
    opened = await openName(parent, name, READ_FOLDER);
  }
  if (opened === undefined) throw new PathProblem(await missingProblem(parent, name, 'folder'));
  return toFolder(
    parent.root,
    parent.path === '.' ? opened.name : `${parent.path}/${opened.name}`,
    opened.handle,
  );
}

/** Opens a name in a folder, or the same name in another spelling; `undefined` when there is neither. */
export async function openName(
  folder: Folder,
  name: string,
  flags: number,
): Promise<{ readonly name: string; readonly handle: FileHandle } | undefined> {
  const handle = await openExactly(folder, name, flags);
  if (handle !== undefined) return { name, handle };
  const other = await findOtherSpelling(folder, name);
  if (other === undefined) return undefined;
  if (isSottoFolder(other)) throw new PathProblem(SOTTO_PROBLEM);
  const otherHandle = await openExactly(folder, other, flags);
  return otherHandle && { name: other, handle: otherHandle };
}

async function openExactly(folder: Folder, name: string, flags: number): Promise<FileHandle | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder.at(name), flags);
    await confirmOpened(folder.root, folder.at(name), handle);
    return handle;
  } catch (error) {
    await handle?.close();
    if (systemCode(error) === 'ENOENT') return undefined;
    if (systemCode(error) !== 'ENOTDIR') throw error;
    const isLink = (await lstat(folder.at(name))).isSymbolicLink();
    throw new PathProblem(isLink ? LINK_PROBLEM : `cannot be opened: ${escapeLine(name)} is not a folder.`);
  }
}

async function createFolder(parent: Folder, name: string): Promise<void> {
  await mkdir(parent.at(name)).catch((error) => {
    if (systemCode(error) !== 'EEXIST') throw error;
  });
  await syncToDisk(parent.handle);
}

function toFolder(root: Root, path: string, handle: FileHandle): Folder {
  const byPath = join(root.path, path);
  return {
    root,
    path,
    handle,
    at: (name) => (root.walk === 'descriptors' ? `${DESCRIPTORS}/${handle.fd}/${name}` : join(byPath, name)),
    confirm: () => confirmOpened(root, byPath, handle),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** fsync. Node's permission model forbids it, Windows has none for folders: there the rename may not survive a power
 * cut, and then the former file is there. */
export async function syncToDisk(handle: FileHandle): Promise<void> {
  await handle.sync().catch((error) => {
    const forbidden = process.platform === 'win32' ? 'EPERM' : 'ERR_ACCESS_DENIED';
    if (systemCode(error) !== forbidden) throw error;
  });
}

/** By `paths`: throws unless what was opened is what lies at this path, inside the root. */
async function confirmOpened(root: Root, path: string, handle: FileHandle): Promise<void> {
  if (root.walk === 'descriptors') return;
  const opened = await handle.stat({ bigint: true });
  const there = await lstat(path, { bigint: true }).catch(() => undefined);
  const real = await realpath(path).catch(() => '');
  const isInside = real === root.path || real.startsWith(root.path === sep ? sep : root.path + sep);
  if (isInside && there?.ino === opened.ino && there.dev === opened.dev) return;
  throw new PathProblem('was exchanged while it was opened. Try again.');
}
