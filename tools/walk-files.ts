import { posix } from 'node:path';
import { WorkspacePathError } from '../src/errors.ts';
import { VERSIONS_FOLDER } from '../src/workspace/keep-version.ts';
import type { Workspace } from '../src/workspace/open-workspace.ts';
import { MAX_BYTES } from './read-file.ts';

export type WalkedFile = { readonly path: string; readonly bytes: number };
export type Walked = {
  /** Depth first, in code-point order. */
  readonly files: readonly WalkedFile[];
  /** Whether there are more. */
  readonly isCut: boolean;
};

type WalkOptions = {
  readonly workspace: Workspace;
  readonly maxFiles: number;
  readonly signal: AbortSignal;
};

/** The files under a folder, or the file itself; dotfiles and former versions only where the path names them. */
export async function walkFiles(path: string, { workspace, maxFiles, signal }: WalkOptions): Promise<Walked> {
  const files: WalkedFile[] = [];
  const visit = async (folder: string, entries: Awaited<ReturnType<Workspace['list']>>): Promise<boolean> => {
    for (const { name, kind, bytes } of entries) {
      signal.throwIfAborted();
      if (name.startsWith('.') || name === VERSIONS_FOLDER) continue;
      const inside = posix.join(folder, name);
      if (kind === 'file' && files.length === maxFiles) return false;
      if (kind === 'file') files.push({ path: inside, bytes });
      if (kind !== 'folder') continue;
      const within = await workspace.list(inside).catch(ignoreGone);
      if (!(await visit(inside, within))) return false;
    }
    return true;
  };
  const entries = await workspace.list(path).catch(async (error) => {
    if (!(error instanceof WorkspacePathError)) throw error;
    // What cannot be listed may be a file, which is searched alone.
    files.push(await fileAlone(path, workspace));
    return [];
  });
  const isWhole = await visit(workspace.resolve(path), entries);
  return { files, isCut: !isWhole };
}

/** Where it cannot be opened, its own refusal says why; one that is only too large has a size all the same. */
async function fileAlone(path: string, workspace: Workspace): Promise<WalkedFile> {
  const inside = workspace.resolve(path);
  try {
    const { length } = await workspace.readBytes(inside, { maxBytes: MAX_BYTES });
    return { path: inside, bytes: length };
  } catch (error) {
    const beside = await workspace.list(posix.dirname(inside)).catch(ignoreGone);
    const file = beside.find(({ name, kind }) => kind === 'file' && name === posix.basename(inside));
    if (file && file.bytes > MAX_BYTES) return { path: inside, bytes: file.bytes };
    throw error;
  }
}

/** What was there a moment ago may be gone, or be closed to the program. */
function ignoreGone(error: unknown): [] {
  if (error instanceof WorkspacePathError) return [];
  throw error;
}
