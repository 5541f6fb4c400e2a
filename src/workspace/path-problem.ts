import { WorkspacePathError } from '../errors.ts';

/** Why a path cannot be used, said behind the path itself: "is a folder, not a file." */
export class PathProblem extends Error {}

export const LINK_PROBLEM = 'is a link or leads through one, and links are not followed.';
export const TOO_LONG_PROBLEM = 'has a name that is too long: a name has at most 255 bytes.';

/** Runs what touches `path`; whatever fails becomes a `WorkspacePathError` of one plain sentence. */
export async function explainProblems<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const problem = error instanceof PathProblem ? error.message : systemProblem(error);
    if (problem === undefined) throw error;
    throw new WorkspacePathError({ path, problem, cause: error });
  }
}

/** The `code` of an error of the system, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const SYSTEM_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: 'cannot be used: the system does not permit it.',
  EPERM: 'cannot be used: the system does not permit it.',
  ERR_ACCESS_DENIED: 'cannot be used: Sotto itself may not touch it.',
  ENOENT: 'does not exist any more.',
  EISDIR: 'is a folder, not a file.',
  ENOTDIR: 'leads through something that is not a folder.',
  ELOOP: LINK_PROBLEM,
  ENXIO: 'is neither a file nor a folder.',
  ENAMETOOLONG: TOO_LONG_PROBLEM,
  ENOSPC: 'was not written, because the disk is full. What was there before is unchanged.',
  EDQUOT: 'was not written, because the disk quota is used up. What was there before is unchanged.',
  EROFS: 'was not written, because the disk is read-only.',
  EMFILE: 'cannot be opened now, because too many files are open. Try again.',
  ENFILE: 'cannot be opened now, because too many files are open. Try again.',
  EIO: 'cannot be used: the disk reports an error.',
};

function systemProblem(error: unknown): string | undefined {
  const code = systemCode(error);
  if (code === undefined) return undefined;
  const isOfSystem = error instanceof Error && 'syscall' in error;
  return SYSTEM_PROBLEMS[code] ?? (isOfSystem ? `cannot be used: the system says ${code}.` : undefined);
}
