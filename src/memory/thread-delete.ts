import { randomUUID } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { deleteStates } from '../engine/saved-states.ts';
import { stateFolder } from '../engine/state-folder.ts';
import { ConfigError, SottoError, StoreError } from '../errors.ts';
import { explainCode } from './durable-file.ts';
import { isId, journalPath, leftNames } from './journal-path.ts';
import { listPath, readList, threadsFolder, writeList } from './thread-list.ts';
import { lockThread, threadLockFolder } from './thread-lock.ts';
import { filesIn, runFiles, type ScannedRun, scanRuns } from './thread-scan.ts';
import { dropSnapshot } from './thread-snapshot.ts';
import { listThreads } from './thread-summaries.ts';

/**
 * Deletes a thread for good: the journals of its runs and of its sub-agents', damaged ones and what was put aside of them
 * too, its list, its snapshot, and the model's states. Returns how many runs there were. Throws `ConfigError`, and deletes
 * nothing, where another thread branches off it, `LockError` where it is in use, `StoreError` where the disk refuses: then
 * the rest is deleted when it is called again.
 */
export async function deleteThread(home: string, threadId: string): Promise<number> {
  if (!isId(threadId)) return 0;
  const find = (scanned: readonly ScannedRun[]) => {
    const own = withSubAgents(ownRuns(home, scanned, threadId), scanned);
    const isOwn = (runId: string | undefined) => runId !== undefined && own.has(runId);
    const branch = scanned.find(({ runId, after }) => isOwn(after?.runId) && !isOwn(runId));
    if (branch) {
      throw new ConfigError(
        `The thread ${threadId} was not deleted, since the thread ${branch.threadId} goes on from it: delete that one first.`,
      );
    }
    return own.size === 0 ? undefined : { own, threadId };
  };
  const deleted = whileLocked(home, find, ({ own, threads }) => {
    for (const runId of own) removeRun(home, runId);
    for (const thread of threads) removeThread(home, thread);
  });
  return deleted?.own.size ?? 0;
}

/**
 * Deletes one run for good, with its sub-agents'. Returns whether there was one. Throws `ConfigError`, and deletes nothing,
 * where another run goes on from it, and otherwise as `deleteThread` does.
 */
export async function deleteRun(home: string, runId: string): Promise<boolean> {
  if (!isId(runId)) return false;
  const listed = (await listThreads(home)).find(({ runs }) => runs.some((run) => run.runId === runId));
  const find = (scanned: readonly ScannedRun[]) => {
    const next = scanned.find(({ after }) => after?.runId === runId);
    if (next) {
      throw new ConfigError(
        `The run ${runId} was not deleted, since the run ${next.runId} goes on from it: delete that one first, or the thread ${next.threadId}.`,
      );
    }
    if (!runFiles(home).includes(runId)) return undefined;
    const threadId = scanned.find((run) => run.runId === runId)?.threadId ?? listed?.threadId;
    return { own: withSubAgents([runId], scanned), threadId };
  };
  const deleted = whileLocked(home, find, ({ own, threads, threadId }) => {
    for (const each of own) removeRun(home, each);
    for (const thread of threads) if (thread !== threadId) removeThread(home, thread);
    if (threadId !== undefined) takeOff(home, threadId, runId);
  });
  return deleted !== undefined;
}

type Found = {
  readonly own: ReadonlySet<string>;
  /** Whose runs they are, beside those of sub-agents. */
  readonly threadId: string | undefined;
};
/** With all threads of these runs. */
type Taken = Found & { readonly threads: ReadonlySet<string> };

/** Finds the runs, takes the locks of their threads and of those whose agents work in them, and looks again, since others
 * may have begun before that. Nothing where nothing is found. */
function whileLocked(
  home: string,
  find: (scanned: readonly ScannedRun[]) => Found | undefined,
  action: (taken: Taken) => void,
): Taken | undefined {
  using locks = new DisposableStack();
  for (const locked = new Set<string>(); ; ) {
    const scanned = scanRuns(home);
    const found = find(scanned);
    if (!found) return undefined;
    const { own, threadId } = found;
    const threads = threadsOf(own, scanned).union(new Set(threadId === undefined ? [] : [threadId]));
    const open = threads.union(threadsOf(withCallers(own, scanned), scanned)).difference(locked);
    if (open.size === 0) {
      const taken = { ...found, threads };
      attempt(home, () => action(taken));
      return taken;
    }
    for (const thread of open) {
      locks.use(lockThread(home, thread));
      locked.add(thread);
    }
  }
}

function attempt(home: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    if (cause instanceof SottoError) throw cause;
    const problem = `cannot be deleted in whole: ${explainCode(cause)}. Delete it again once that is better.`;
    throw new StoreError({ path: join(home, 'runs'), problem, cause });
  }
}

const threadsOf = (runIds: ReadonlySet<string>, scanned: readonly ScannedRun[]): Set<string> =>
  new Set(scanned.flatMap((run) => (runIds.has(run.runId) && isId(run.threadId) ? [run.threadId] : [])));

/** Takes a run off its thread's list; the snapshot and the states may hold its words. */
function takeOff(home: string, threadId: string, runId: string): void {
  const left = readList(home, threadId).filter((run) => run.runId !== runId);
  if (left.length === 0) {
    removeThread(home, threadId);
    return;
  }
  deleteStates(stateFolder(home), threadId);
  dropSnapshot(home, threadId);
  removeLeft(threadsFolder(home), threadId);
  writeList(home, threadId, left);
}

/** The runs of a thread, as its list and the journals know them; a journal knows better. */
function ownRuns(home: string, scanned: readonly ScannedRun[], threadId: string): readonly string[] {
  const owners = new Map(scanned.map((run) => [run.runId, run.threadId]));
  const listed = readList(home, threadId).map(({ runId }) => runId);
  return [...listed, ...owners.keys()].filter((runId) => (owners.get(runId) ?? threadId) === threadId);
}

/** These runs, and those that their calls of agents began, at any depth. */
function withSubAgents(runIds: readonly string[], scanned: readonly ScannedRun[]): Set<string> {
  const children = Map.groupBy(scanned, ({ parent }) => parent?.runId);
  // Grows while it is walked.
  const own = new Set(runIds);
  for (const runId of own) for (const child of children.get(runId) ?? []) own.add(child.runId);
  return own;
}

/** These runs, and those whose calls of agents began them, at any depth: while one of these works, they do. */
function withCallers(runIds: ReadonlySet<string>, scanned: readonly ScannedRun[]): Set<string> {
  const callers = new Map(scanned.map(({ runId, parent }) => [runId, parent?.runId]));
  const all = new Set(runIds);
  for (const runId of all) {
    const caller = callers.get(runId);
    if (caller !== undefined) all.add(caller);
  }
  return all;
}

function removeRun(home: string, runId: string): void {
  rmSync(journalPath(home, runId), { force: true });
  removeLeft(join(home, 'runs'), runId);
}

function removeThread(home: string, threadId: string): void {
  deleteStates(stateFolder(home), threadId);
  dropSnapshot(home, threadId);
  removeLeft(threadsFolder(home), threadId);
  rmSync(listPath(home, threadId), { force: true });
  // Under another name first: who asks for the lock meanwhile takes a new one.
  const gone = `${threadLockFolder(home, threadId)}.${randomUUID()}.part`;
  renameSync(threadLockFolder(home, threadId), gone);
  rmSync(gone, { recursive: true, force: true });
}

function removeLeft(folder: string, id: string): void {
  for (const name of leftNames(filesIn(folder), id))
    rmSync(join(folder, name), { recursive: true, force: true });
}
