import { rmSync } from 'node:fs';
import { SottoError } from '../errors.ts';
import { explainCode } from './durable-file.ts';
import type { Holders } from './recall-holders.ts';
import { deleteRun, deleteThread } from './thread-delete.ts';

export type Deleted = {
  /** Ids of the threads that are gone; those of sub-agents go with the one that called them, and are not named. */
  readonly threads: readonly string[];
  /** Ids of runs whose thread nobody knows any more. */
  readonly runs: readonly string[];
  readonly files: readonly string[];
  /** A sentence for everything that is still there: somebody works with it, or another thread goes on from it. */
  readonly problems: readonly string[];
};

/** Deletes for good what has the words: whole threads, since a run of one is what others go on from, and files. */
export async function deleteHolders(
  home: string,
  { runs, files }: Pick<Holders, 'runs' | 'files'>,
): Promise<Deleted> {
  const threads = await deleteAll(
    new Set(runs.flatMap(({ threadId }) => threadId ?? [])),
    async (threadId) => (await deleteThread(home, threadId)) > 0,
  );
  const strays = await deleteAll(
    new Set(runs.flatMap(({ runId, threadId }) => (threadId === undefined ? [runId] : []))),
    (runId) => deleteRun(home, runId),
  );
  const removed = files.map(({ path }) => ({ path, problem: removeFile(path) }));
  return {
    threads: threads.deleted,
    runs: strays.deleted,
    files: removed.flatMap(({ path, problem }) => (problem === undefined ? [path] : [])),
    problems: [...threads.problems, ...strays.problems, ...removed.flatMap(({ problem }) => problem ?? [])],
  };
}

/** Again, as long as some can be: those that others branch off come after these. */
async function deleteAll(ids: ReadonlySet<string>, remove: (id: string) => Promise<boolean>) {
  const left = new Set(ids);
  const deleted: string[] = [];
  let problems: string[] = [];
  for (let before = -1; left.size > 0 && left.size !== before; ) {
    before = left.size;
    problems = [];
    for (const id of left) {
      try {
        if (await remove(id)) deleted.push(id);
        left.delete(id);
      } catch (error) {
        if (!(error instanceof SottoError)) throw error;
        problems.push(error.message);
      }
    }
  }
  return { deleted, problems };
}

function removeFile(path: string): string | undefined {
  try {
    rmSync(path, { force: true });
    return undefined;
  } catch (error) {
    return `The file ${path} cannot be deleted: ${explainCode(error)}.`;
  }
}
