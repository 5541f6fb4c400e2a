import { realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { ConfigError, WorkspacePathError } from '../errors.ts';
import { type Entry, listFolder } from './list-folder.ts';
import { DEFAULT_MAX_BYTES, readFileBytes } from './open-file.ts';
import { detectWalk, type Walk } from './open-folder.ts';
import { explainProblems, PathProblem } from './path-problem.ts';
import { isSottoFolder, resolveWorkspacePath } from './resolve-workspace-path.ts';
import { type Written, writeFileBytes } from './write-file.ts';

export type { Entry, Walk, Written };

/**
 * The folder that agents may touch. Contract: every method takes a path as a model wrote it, relative to the
 * workspace, and touches nothing outside it, nor `.sotto`, nor anything through a link (`open-folder.ts` says how,
 * and what holds on which system). Whatever a path cannot be used for is a `WorkspacePathError` of one sentence.
 */
export type Workspace = {
  /** The real path of the folder. */
  readonly root: string;
  /** How paths are kept inside: `descriptors` cannot be raced, `paths` says in `open-folder.ts` what can. */
  readonly walk: Walk;
  /** The canonical form, with `/` between names and `.` for the workspace itself. Looks at the text only: the path
   * need not exist. */
  resolve(path: string): string;
  /** The whole file, or an error when it has more than `maxBytes`. Default: 50,000,000. */
  readBytes(path: string, options?: { readonly maxBytes?: number }): Promise<Uint8Array>;
  /** What lies in a folder, in code-point order, with dotfiles and without `.sotto`. */
  list(path: string): Promise<readonly Entry[]>;
  /** Writes a file whole or not at all, and makes the folders it needs. An existing file is first copied to
   * `old-versions/` beside it, unless its content is the same already. */
  write(path: string, content: Uint8Array | string): Promise<Written>;
};

/** Opens the folder that agents may touch. Throws a `ConfigError` when there is no such folder. */
export async function openWorkspace(
  root: string,
  { walk }: { readonly walk?: Walk } = {},
): Promise<Workspace> {
  const folder = { path: await realFolder(root), walk: walk ?? (await detectWalk()) };
  const namesOf = (path: string) => {
    const resolved = resolveWorkspacePath(folder.path, path);
    return resolved === '.' ? [] : resolved.split('/');
  };
  // One after the other: two writes of one file at once could keep only one version.
  let lastWrite: Promise<unknown> = Promise.resolve();
  return {
    root: folder.path,
    walk: folder.walk,
    resolve: (path) => resolveOrThrow(folder.path, path),
    readBytes: (path, { maxBytes = DEFAULT_MAX_BYTES } = {}) =>
      explainProblems(path, async () => readFileBytes(folder, namesOf(path), maxBytes)),
    list: (path) => explainProblems(path, async () => listFolder(folder, namesOf(path))),
    write: (path, content) => {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      const written = lastWrite.then(() =>
        explainProblems(path, async () => {
          if (path.endsWith('/')) throw new PathProblem('names a folder, not a file.');
          return writeFileBytes(folder, namesOf(path), bytes);
        }),
      );
      lastWrite = written.catch(() => {});
      return written;
    },
  };
}

async function realFolder(root: string): Promise<string> {
  try {
    const path = await realpath(root);
    if (path.split(sep).some(isSottoFolder)) {
      throw new ConfigError(
        `The workspace ${root} lies in .sotto, where Sotto keeps what no agent may touch.`,
      );
    }
    if ((await stat(path)).isDirectory()) return path;
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`The workspace ${root} cannot be opened: make the folder, or name another one.`, {
      cause,
    });
  }
  throw new ConfigError(`The workspace ${root} is not a folder: name a folder.`);
}

function resolveOrThrow(root: string, path: string): string {
  try {
    return resolveWorkspacePath(root, path);
  } catch (error) {
    if (error instanceof PathProblem)
      throw new WorkspacePathError({ path, problem: error.message, cause: error });
    throw error;
  }
}
