import { PathProblem, TOO_LONG_PROBLEM } from './path-problem.ts';

/** Longer than any path that Linux or macOS open. */
const MAX_PATH_BYTES = 4096;
const MAX_NAME_BYTES = 255;

/**
 * The canonical form of a path as a model wrote it: relative to the workspace, `/` between names, `.` for the
 * workspace itself. Looks at the text only, so `%2e` or `~` are names like others.
 *
 * Throws a `PathProblem` for what leads outside (absolute, even if it begins with `root`; `..` beyond the root; the
 * same with backslashes or a drive letter), for the folder `.sotto`, and for text that no file name can have.
 */
export function resolveWorkspacePath(root: string, path: string): string {
  if (path.includes('\0') || !path.isWellFormed())
    throw new PathProblem('has a character that no name can have.');
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) throw new PathProblem('is longer than a path can be.');
  const names: string[] = [];
  for (const part of isAbsolute(path) ? ['..'] : path.split('/')) {
    if (part === '' || part === '.') continue;
    const leavesRoot = part === '..' ? names.pop() === undefined : part.split('\\').includes('..');
    if (leavesRoot) throw new PathProblem(outsideProblem(root, path));
    if (part.split('\\').some(isSottoFolder)) throw new PathProblem(SOTTO_PROBLEM);
    if (Buffer.byteLength(part) > MAX_NAME_BYTES) throw new PathProblem(TOO_LONG_PROBLEM);
    if (part !== '..') names.push(part);
  }
  return names.join('/') || '.';
}

export const SOTTO_PROBLEM = 'belongs to Sotto itself and is closed to agents.';

/** Whether some file system would take this name for `.sotto`: any case, look-alike letters, invisible characters
 * (HFS+), dots or spaces at the end (Windows). */
export function isSottoFolder(name: string): boolean {
  const plain = name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase();
  return /^(\.sotto|sotto~\d+)[. ]*$/.test(plain);
}

const isAbsolute = (path: string): boolean => /^([A-Za-z]:)?[\\/]/.test(path);

function outsideProblem(root: string, path: string): string {
  const relative = path.startsWith(`${root}/`) ? path.slice(root.length) : path;
  const names = relative
    .split(/[\\/]+/)
    .filter((name) => !/^(\.{0,2}|[A-Za-z]:)$/.test(name) && !isSottoFolder(name));
  return `leads outside the workspace. Use a path inside it, such as ${JSON.stringify(names.join('/') || '.')}.`;
}
