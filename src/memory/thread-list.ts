/**
 * The runs of a thread: `.sotto/threads/<id>.jsonl`, a line for each in the order in which they began. The thread ends in
 * the last one.
 *
 * Contract: a run is listed once its journal has its first line. A list that is damaged, lost or cut off is made again from
 * the journals. The folder comes into being with the lists of all runs that there are.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, StoreError, VaultError } from '../errors.ts';
import { explainCode, readWhole, removeParts, writeWhole } from './durable-file.ts';
import { openLines } from './durable-lines.ts';
import type { JournalEntry } from './journal.ts';
import { isId } from './journal-path.ts';
import { putAside } from './put-aside.ts';
import { decodeLine, fromSealed, splitLines, toSealed } from './sealed-lines.ts';
import { notAName, wasLocked, whileFree } from './thread-lock.ts';
import { inOrder } from './thread-order.ts';
import { type ListedRun, readFrom, runFiles, scanRun, scanRuns, toListed } from './thread-scan.ts';
import { type Vault, vaultOf } from './vault.ts';

const LIST_VERSION = 1;
/** More than a line has. */
const END_BYTES = 8_192;
const MOST_LATER = 32;
const PART = /^threads\.[0-9a-f-]{36}\.part$/;

export const threadsFolder = (home: string): string => join(home, 'threads');
export const listPath = (home: string, threadId: string): string =>
  join(threadsFolder(home), `${threadId}.jsonl`);
export const snapshotPath = (home: string, threadId: string): string =>
  join(threadsFolder(home), `${threadId}.json`);

type StoredRun = ListedRun & { readonly version: number; readonly threadId: string };
type Start = Extract<JournalEntry, { type: 'run-start' }>;

/** Adds a run to its thread's list, unless it is there. Throws `StoreError` where the disk refuses. */
export function listRun(
  home: string,
  start: Start,
  { durable, isNew }: { durable: boolean; isNew: boolean },
): void {
  const { threadId, runId } = start;
  if (!isId(threadId)) throw new ConfigError(notAName(threadId));
  const hadFolder = existsSync(threadsFolder(home));
  makeLists(home);
  // What the lists were made from has this run too.
  if ((!hadFolder || !isNew) && readList(home, threadId).some((run) => run.runId === runId)) return;
  const path = listPath(home, threadId);
  const lines = openLines({
    path,
    owner: 'run',
    durable,
    toError: (problem, cause) => new StoreError({ path, problem, cause }),
  });
  try {
    lines.append(toListLine(threadId, toListed(start), vaultOf(home)));
  } finally {
    lines.close();
  }
}

/** The runs of a thread in order, none where there is no such thread. Throws `StoreError` where the list cannot be read, or
 * was made by a newer version. */
export function readList(home: string, threadId: string): readonly ListedRun[] {
  if (!isId(threadId)) return [];
  makeLists(home);
  const { runs, isDamaged } = parseList(home, threadId);
  const isLost = runs.length === 0 && wasThere(home, threadId);
  return isDamaged || isLost ? repairList(home, threadId) : runs;
}

/** Of a new thread no journal has to be looked into. */
const wasThere = (home: string, threadId: string): boolean =>
  wasLocked(home, threadId) || existsSync(snapshotPath(home, threadId));

/** The run in which a thread ends, from the end of its list alone. Nothing where there is no such thread. */
export function lastListed(home: string, threadId: string): ListedRun | undefined {
  if (!isId(threadId)) return undefined;
  makeLists(home);
  const path = listPath(home, threadId);
  const [line] = [...splitLines(readEnd(path))].slice(-1);
  return (line && parseLine(line, { home, threadId })) ?? readList(home, threadId).at(-1);
}

/** The same, for whoever opens the thread: looks whether the list has lost its end, into the journals too that come after
 * that run's by their names, but not into all of a large store: `listThreads` finds what no list has. */
export function lastBegun(home: string, threadId: string): ListedRun | undefined {
  const last = lastListed(home, threadId);
  if (!last) return undefined;
  const later = runFiles(home)
    .filter((runId) => runId > last.runId)
    .slice(0, MOST_LATER)
    .filter((runId) => scanRun(home, runId)?.threadId === threadId);
  if (later.length === 0) return last;
  const listed = new Set(readList(home, threadId).map(({ runId }) => runId));
  // After the clock was set back, the newest run does not have the last name.
  return later.every((runId) => listed.has(runId)) ? last : repairList(home, threadId).at(-1);
}

/** Whole lists of these runs, in their order; for whoever holds the lock of the thread. */
export function writeList(home: string, threadId: string, runs: readonly ListedRun[]): void {
  const path = listPath(home, threadId);
  removeParts(path);
  writeWhole(path, toBytes(threadId, runs, vaultOf(home)));
}

/** The last bytes of a file, none where it cannot be read. */
const readEnd = (path: string): Uint8Array =>
  readFrom(path, (fd, size) => {
    const end = Buffer.alloc(Math.min(size, END_BYTES));
    return end.subarray(0, readSync(fd, end, 0, end.length, size - end.length));
  }) ?? Buffer.alloc(0);

type ParsedList = { readonly runs: readonly ListedRun[]; readonly isDamaged: boolean };

function parseList(home: string, threadId: string): ParsedList {
  const bytes = readWhole(listPath(home, threadId));
  if (!bytes) return { runs: [], isDamaged: false };
  const parsed = [...splitLines(bytes)].map((line) => parseLine(line, { home, threadId }));
  const runs = new Map(parsed.flatMap((run) => (run ? [[run.runId, run]] : [])));
  return { runs: [...runs.values()], isDamaged: parsed.length === 0 || parsed.includes(undefined) };
}

type Of = { readonly home: string; readonly threadId: string };

/** Nothing where the line is not what was written, or is of another thread's list. */
function parseLine(line: Uint8Array, { home, threadId }: Of): ListedRun | undefined {
  const sealed = decodeLine(line);
  try {
    const found = sealed === undefined ? undefined : fromSealed(vaultOf(home).openLine(sealed));
    if (!found) return undefined;
    const { version, threadId: owner, ...run } = found as StoredRun;
    if (version === LIST_VERSION) return owner === threadId ? run : undefined;
    const path = listPath(home, threadId);
    const problem = `was made by a newer version of Sotto (its format ${version}): use that one. It was left as it is.`;
    throw new StoreError({ path, problem });
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}

/** What can be read of the list, and what the journals know beside it. What was damaged is put aside. */
export function repairList(home: string, threadId: string): readonly ListedRun[] {
  const merge = () => {
    const { runs, isDamaged } = parseList(home, threadId);
    const known = new Set(runs.map(({ runId }) => runId));
    const before = new Map(
      runs.flatMap(({ runId }, index) => {
        const previous = runs[index - 1];
        return previous ? [[runId, previous.runId]] : [];
      }),
    );
    const found = scanRuns(home).filter((run) => run.threadId === threadId && !known.has(run.runId));
    return { isDamaged, runs: inOrder([...runs, ...found.map(({ threadId: _, ...run }) => run)], before) };
  };
  let { runs, isDamaged } = merge();
  if (runs.length === 0 && !isDamaged) return [];
  whileFree(home, threadId, () => {
    const again = merge();
    const path = listPath(home, threadId);
    if (again.isDamaged && existsSync(path)) putAside(path, 'damaged');
    if (again.runs.length > 0) writeList(home, threadId, again.runs);
    runs = again.runs;
  });
  return runs;
}

/** Lists all runs where there are no lists yet, as in a folder of an earlier version: all at once or not at all. */
export function makeLists(home: string): void {
  const folder = threadsFolder(home);
  if (existsSync(folder)) return;
  const vault = vaultOf(home);
  const part = join(home, `threads.${randomUUID()}.part`);
  try {
    mkdirSync(part, { recursive: true, mode: 0o700 });
    for (const [threadId, runs] of Map.groupBy(inOrder(scanRuns(home)), (run) => run.threadId)) {
      const listed = runs.map(({ threadId: _, ...run }) => run);
      if (isId(threadId)) writeWhole(join(part, `${threadId}.jsonl`), toBytes(threadId, listed, vault));
    }
    renameSync(part, folder);
  } catch (cause) {
    rmSync(part, { recursive: true, force: true });
    // Another one was first.
    if (existsSync(folder)) return;
    if (cause instanceof StoreError) throw cause;
    throw new StoreError({ path: folder, problem: `cannot be written: ${explainCode(cause)}.`, cause });
  }
  // What those left that were killed here.
  for (const name of readdirSync(home)) {
    if (PART.test(name)) rmSync(join(home, name), { recursive: true, force: true });
  }
}

const toListLine = (threadId: string, run: ListedRun, vault: Vault): string =>
  vault.sealLine(toSealed({ version: LIST_VERSION, threadId, ...run } satisfies StoredRun));

const toBytes = (threadId: string, runs: readonly ListedRun[], vault: Vault): Uint8Array =>
  Buffer.from(runs.map((run) => `${toListLine(threadId, run, vault)}\n`).join(''));
