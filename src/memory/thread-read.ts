import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { JournalError } from '../errors.ts';
import type { RunPoint } from '../events.ts';
import { asideNames } from './journal-path.ts';
import { type ReadJournal, readEntries } from './journal-read.ts';
import {
  foldRuns,
  NOTHING,
  type RunRecord,
  startOf,
  type Thread,
  type ThreadEnd,
  upTo,
} from './thread-fold.ts';
import { lastBegun, lastListed, readList } from './thread-list.ts';
import { filesIn, type ListedRun } from './thread-scan.ts';
import { keepSnapshot, readSnapshot, type Snapshot } from './thread-snapshot.ts';

/** A tail of less is read faster than a snapshot is written. */
const LEAST_TAIL_BYTES = 65_536;

/**
 * A thread as it is on the disk, up to a point of it. Nothing where there is no such thread. What it costs grows with this
 * thread, and with no other; the snapshot is folded again where the journals behind it have grown larger than it is.
 * Default: up to its end. Throws `StoreError` where its list cannot be read, `JournalError` where a journal is of a newer
 * version, `VaultError` where the folder is locked.
 */
export async function readThread(
  home: string,
  threadId: string,
  point?: RunPoint,
): Promise<Thread | undefined> {
  const end = point ?? lastBegun(home, threadId);
  if (!end) return undefined;
  const snapshot = readSnapshot(home, threadId);
  const { tail, isOnSnapshot, tailBytes, ...wrong } = walkBack({ home, threadId, snapshot }, end);
  const base = isOnSnapshot && snapshot ? snapshot : { ...NOTHING, runs: [], bytes: 0 };
  const earlier = tail.slice(0, -1);
  // What the last run says can still grow: it may be resumed.
  const before = { runs: [...base.runs, ...earlier], folded: foldRuns(base, earlier) };
  const isDue = tailBytes > Math.max(base.bytes, LEAST_TAIL_BYTES);
  if (!point && isDue && wrong.missing === undefined)
    keepSnapshot(home, threadId, before.runs, before.folded);
  const runs = [...before.runs, ...tail.slice(-1)];
  const folded = foldRuns(before.folded, tail.slice(-1));
  return { threadId, runs, ...folded, ...wrong, ...(point && { isEarlier: true }) };
}

/** In which run a thread ends, for whoever has it already: what it costs does not grow with the thread. */
export const newestRun = (home: string, threadId: string): string | undefined =>
  lastListed(home, threadId)?.runId;

type Way = Pick<Thread, 'missing' | 'problem'> & {
  /** The runs behind the snapshot, or all. */
  readonly tail: readonly RunRecord[];
  readonly isOnSnapshot: boolean;
  /** Of their journals, without the last one's. */
  readonly tailBytes: number;
};

type Wrong = Pick<Thread, 'missing' | 'problem'>;
type From = { readonly home: string; readonly threadId: string; readonly snapshot: Snapshot | undefined };

function walkBack({ home, threadId, snapshot }: From, end: RunPoint): Way {
  const chain: RunRecord[] = [];
  const met = new Set<string>();
  let wrong: Wrong = {};
  let tailBytes = 0;
  let isOnSnapshot = false;
  for (let next: ThreadEnd | undefined = end; next; ) {
    isOnSnapshot = snapshot !== undefined && isSame(next, snapshot.end);
    if (isOnSnapshot) break;
    const { runId }: ThreadEnd = next;
    const { entries, problem, bytes } = met.has(runId) ? NO_JOURNAL : readOrNot(home, next);
    const start = startOf(entries);
    if (problem !== undefined || !start) {
      const skipped: ListedRun | undefined =
        start || met.has(runId) ? undefined : putAsideRun(home, threadId, runId);
      if (skipped) {
        next = skipped.after;
        continue;
      }
      wrong = { missing: runId, ...(problem !== undefined && { problem }) };
    }
    if (!start) break;
    met.add(runId);
    if (chain.length > 0) tailBytes += bytes;
    chain.push(upTo({ runId, entries }, next));
    next = start.after;
  }
  return { tail: chain.reverse(), isOnSnapshot, tailBytes, ...wrong };
}

const isSame = (a: RunPoint, b: RunPoint): boolean => a.runId === b.runId && a.steps === b.steps;

const NO_JOURNAL: ReadJournal = { entries: [], bytes: 0 };

function readOrNot(home: string, { runId, entries = 0 }: ThreadEnd): ReadJournal {
  try {
    const read = readEntries(home, runId);
    if (read.entries.length >= Math.max(entries, 1) || read.problem !== undefined) return read;
    if (read.entries.length > 0) {
      // What was put aside of it had more: that it is lost was said.
      if (hasAside(home, runId)) return read;
      return { ...read, problem: cutOff(runId, read.entries.length, entries) };
    }
    return {
      ...read,
      problem: `The journal of the run ${runId} is empty, or nothing in it can be read. It was left as it is.`,
    };
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return existsSync(error.path) ? { ...NO_JOURNAL, problem: error.message } : NO_JOURNAL;
  }
}

/** A run of this thread of which nothing was left when it was recovered: that was said, and the thread goes on without. */
function putAsideRun(home: string, threadId: string, runId: string) {
  if (!hasAside(home, runId)) return undefined;
  return readList(home, threadId).find((run) => run.runId === runId);
}

const hasAside = (home: string, runId: string): boolean =>
  asideNames(filesIn(join(home, 'runs')), runId).length > 0;

const cutOff = (runId: string, left: number, known: number): string =>
  `The journal of the run ${runId} was cut off: ${left} of its ${known} lines are left. It was left as it is.`;
