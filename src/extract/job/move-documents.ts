import { resolve } from 'node:path';
import { firstLine } from '../../errors.ts';
import type { ExtractEvent } from '../extraction.ts';
import type { FileNames } from './file-names.ts';
import { hashFile } from './hash-file.ts';
import type { Move } from './job-facts.ts';
import type { OpenJob } from './job-ledger.ts';
import { endMove, freeTarget, moveFile } from './move-file.ts';

/** Where documents go, relative to the folder that they were found in, or absolute. */
export type MoveFolders = { readonly done: string; readonly failed: string };

type MoverOptions = {
  readonly job: OpenJob;
  readonly names: FileNames;
  readonly move: MoveFolders;
  readonly onEvent: (event: ExtractEvent) => void;
};
export type Mover = {
  /** After the fact about the document is in the ledger. A file that cannot be moved stays, and the person is told. */
  move(path: string, outcome: 'done' | 'failed', sha256: string | undefined): Promise<void>;
};

/** The folders that documents are moved to: they are not looked into. */
export const moveTargets = (folders: readonly string[], { done, failed }: MoveFolders): readonly string[] =>
  folders.flatMap((folder) => [resolve(folder, done), resolve(folder, failed)]);

/** Notes which moves were made where a run was killed within one: a file that is gone from
 * its place, and lies whole where it should. */
export async function noteEndedMoves(job: OpenJob): Promise<void> {
  for (const { from, to, sha256 } of [...job.state().moving.values()]) {
    if (sha256 === undefined || (await hashFile(from)) === sha256) continue;
    if ((await hashFile(to)) === sha256) job.append({ type: 'move-end', from, to, sha256 });
  }
}

/** Moves one after the other, so that two never want the same name. */
export function createMover({ job, names, move, onEvent }: MoverOptions): Mover {
  let last: Promise<void> = Promise.resolve();
  const moveOne = async (path: string, outcome: 'done' | 'failed', sha256: string | undefined) => {
    const told = (to: string) => {
      job.append({ type: 'move-end', from: path, to, ...(sha256 !== undefined && { sha256 }) });
      onEvent({ type: 'file-moved', file: names.nameOf(path), to: names.nameOf(to) });
    };
    const begun = job.state().moving.get(path);
    if (begun && begun.sha256 === sha256 && (await attempt(() => endMove(begun)))) return told(begun.to);
    for (;;) {
      const to = await attempt(() => freeTarget(names.folderOf(path), move[outcome], path));
      if (to === undefined) return;
      const request: Move = { from: path, to, ...(sha256 !== undefined && { sha256 }) };
      job.append({ type: 'move-start', ...request });
      const result = await attempt(() => moveFile(request));
      if (result?.type === 'moved') return told(to);
      if (result?.type === 'left' && result.problem !== undefined) notice(path, result.problem);
      if (result?.type !== 'taken') return;
    }
    async function attempt<Value>(action: () => Promise<Value>): Promise<Value | undefined> {
      try {
        return await action();
      } catch (error) {
        notice(path, `It could not be moved (${firstLine(error, 200)}), and stays where it is.`);
        return undefined;
      }
    }
  };
  const notice = (path: string, sentence: string) =>
    onEvent({ type: 'notice', sentence: `${names.nameOf(path)}: ${sentence}` });
  return {
    move: (path, outcome, sha256) => {
      const own = last.then(() => moveOne(path, outcome, sha256));
      last = own.catch(() => {});
      return own;
    },
  };
}
