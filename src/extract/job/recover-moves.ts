/** What a killed run or a damaged ledger left of moves: to be looked at before the next run begins. */
import { existsSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { findFiles } from '../../readers/find-files.ts';
import { hashFile } from './hash-file.ts';
import type { OpenJob } from './job-ledger.ts';
import type { MoveFolders } from './move-documents.ts';
import { isSameFile } from './move-file.ts';
import { asideOf, putBack } from './take-away.ts';

/** Notes which moves were made where a run was killed within one: a file that is gone from its place, and lies whole where
 * it should. One that has the hidden name of a move gets its old name again. */
export async function recoverMoves(job: OpenJob, onNotice: (sentence: string) => void): Promise<void> {
  const { moving, contents } = job.state();
  const moves = [...moving.values()];
  for (const path of new Set([...contents.keys(), ...moves.map(({ from }) => from)])) {
    const goals = moves.filter(({ from }) => from === path).map(({ to }) => to);
    await recoverAside(job.id, path, goals, onNotice);
  }
  for (const { from, to, sha256 } of moves) {
    const isMoved =
      sha256 === undefined
        ? !existsSync(from) && existsSync(to)
        : (await hashFile(from)) !== sha256 && (await hashFile(to)) === sha256;
    if (isMoved) job.append({ type: 'move-end', from, to, ...(sha256 !== undefined && { sha256 }) });
  }
}

async function recoverAside(
  jobId: string,
  path: string,
  goals: readonly string[],
  onNotice: (sentence: string) => void,
): Promise<void> {
  const aside = asideOf(path, jobId);
  if (!existsSync(aside)) return;
  try {
    for (const to of goals) if (await isSameFile(aside, to)) return await unlink(aside);
    const name = await putBack(aside, path);
    if (name !== path)
      onNotice(`${path}: It was being moved when the job was killed, and is now called ${name}.`);
  } catch {
    onNotice(
      `${path}: It was being moved when the job was killed, and could not be put back: it is ${aside}.`,
    );
  }
}

/**
 * Where lines of the ledger are damaged, they may have been those of a move: looks for documents that are known, and lie in
 * the folders that documents are moved to, without a word of how they came there. `roots` are the folders of the input.
 */
export async function findLostMoves(
  job: OpenJob,
  { roots, move, signal }: { roots: readonly string[]; move: MoveFolders; signal: AbortSignal },
): Promise<void> {
  const { done, failures, contents } = job.state();
  const lost = new Set([...done.keys(), ...[...failures.values()].map(({ sha256 }) => sha256 ?? '')]);
  for (const { sha256 } of job.state().moved.values()) lost.delete(sha256 ?? '');
  for (const root of lost.size > 0 ? roots : []) {
    for (const target of [resolve(root, move.done), resolve(root, move.failed)]) {
      // A file is named, or the folder is not there: what was given is not a folder that documents are moved in.
      if (!existsSync(target)) continue;
      const { files } = await findFiles([target], signal);
      for (const { path } of files) {
        const to = resolve(path);
        if (job.state().moved.has(to)) continue;
        const sha256 = await hashFile(to, signal);
        if (sha256 === undefined || !lost.has(sha256)) continue;
        const { moved } = job.state();
        const places = [...contents]
          .filter(([path, content]) => content === sha256 && !moved.has(path))
          .map(([from]) => from);
        // A copy of one that is known by now.
        if (places.length === 0 && [...moved.values()].some((known) => known.sha256 === sha256)) continue;
        const from = places.at(-1) ?? join(root, relative(target, to));
        const isStillThere = await anyHolds([...places, join(root, relative(target, to))], sha256);
        if (!isStillThere) job.append({ type: 'move-end', from, to, sha256 });
      }
    }
  }
}

async function anyHolds(paths: readonly string[], sha256: string): Promise<boolean> {
  for (const path of paths) if ((await hashFile(path)) === sha256) return true;
  return false;
}

/** Files that were moved away, and of which the ledger knows nothing but that: they are worked on where they lie. */
export function unknownMoved(job: OpenJob): readonly string[] {
  const { moved, done, failures, contents } = job.state();
  return [...moved.keys()].filter(
    (path) => !done.has(contents.get(path) ?? '') && !failures.has(path) && existsSync(path),
  );
}
