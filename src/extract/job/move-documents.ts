import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { firstLine } from '../../errors.ts';
import type { ExtractEvent } from '../extraction.ts';
import type { FileNames } from './file-names.ts';
import type { Move } from './job-facts.ts';
import type { OpenJob } from './job-ledger.ts';
import { endMove, freeTarget, moveFile } from './move-file.ts';
import { filesBeingWritten } from './open-files.ts';

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

const REPLACED = 'A newer file of this name came while it was moved. It stays, and is not read yet.';

const IS_WRITTEN = 'A program has it open for writing: it is not moved.';

/** Moves one after the other, so that two never want the same name. */
export function createMover({ job, names, move, onEvent }: MoverOptions): Mover {
  const jobId = job.id;
  let last: Promise<void> = Promise.resolve();
  const moveOne = async (path: string, outcome: 'done' | 'failed', sha256: string | undefined) => {
    const { moving, moved } = job.state();
    // It was worked on where it lies since, as nothing was known of it any more.
    if (moved.has(path)) return;
    if (filesBeingWritten().has(await realpath(path).catch(() => path))) return notice(path, IS_WRITTEN);
    const told = (to: string) => {
      job.append({ type: 'move-end', from: path, to, ...(sha256 !== undefined && { sha256 }) });
      onEvent({ type: 'file-moved', file: names.nameOf(path), to: names.nameOf(to) });
    };
    for (const begun of moving.values()) {
      if (begun.from !== path || begun.sha256 !== sha256) continue;
      if (await attempt(() => endMove({ ...begun, jobId }))) return told(begun.to);
    }
    for (;;) {
      const to = await attempt(() => freeTarget(names.folderOf(path), move[outcome], path));
      if (to === undefined) return;
      const request: Move = { from: path, to, ...(sha256 !== undefined && { sha256 }) };
      job.append({ type: 'move-start', ...request });
      const result = await attempt(() => moveFile({ ...request, jobId }));
      if (result?.type === 'moved') {
        told(to);
        if (result.isReplaced) notice(path, REPLACED);
      }
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
