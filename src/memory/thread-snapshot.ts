/**
 * What the runs of a thread up to a point fold to: `.sotto/threads/<id>.json`, one object with a checksum.
 *
 * Contract: a snapshot only saves the reading of journals. One that is damaged, of another version or not there is as none,
 * and a damaged one is put aside before another takes its place.
 */
import { existsSync, rmSync } from 'node:fs';
import type { RunPoint } from '../events.ts';
import type { Message } from '../messages.ts';
import { readWhole, removeParts, writeWhole } from './durable-file.ts';
import { putAside } from './put-aside.ts';
import { decodeLine, fromSealed, toSealed } from './sealed-lines.ts';
import type { Folded, RunRecord } from './thread-fold.ts';
import { endOf } from './thread-fold.ts';
import { listPath, snapshotPath } from './thread-list.ts';
import { whileFree } from './thread-lock.ts';
import { vaultOf } from './vault.ts';

const SNAPSHOT_VERSION = 1;

export type Snapshot = Folded & {
  /** The last run that is folded into it, and how far. */
  readonly end: RunPoint;
  /** All of them are parts. */
  readonly runs: readonly RunRecord[];
  /** Of the file. */
  readonly bytes: number;
};
type Stored = {
  readonly version: number;
  readonly end: RunPoint;
  readonly runs: readonly RunRecord[];
  readonly messages: readonly Message[];
  /** The context: this, and so many of the last messages. */
  readonly compacted: readonly Message[];
  readonly lastMessages: number;
};
type FoundSnapshot = {
  readonly snapshot?: Snapshot;
  readonly isDamaged?: boolean;
  readonly isNewer?: boolean;
};

export const readSnapshot = (home: string, threadId: string): Snapshot | undefined =>
  find(home, threadId).snapshot;

function find(home: string, threadId: string): FoundSnapshot {
  const vault = vaultOf(home);
  try {
    const sealed = readWhole(snapshotPath(home, threadId));
    if (!sealed) return {};
    const text = decodeLine(vault.openFile(sealed));
    const stored = fromSealed(text?.trimEnd() ?? '') as Stored | undefined;
    if (!stored) return { isDamaged: true };
    if (stored.version !== SNAPSHOT_VERSION) return { isNewer: true };
    const { end, runs, messages, compacted, lastMessages } = stored;
    const context = [...compacted, ...messages.slice(messages.length - lastMessages)];
    return { snapshot: { end, runs, messages, context, bytes: sealed.length } };
  } catch {
    // Unreadable, a folder, of another identity: the journals tell.
    return { isDamaged: true };
  }
}

/** Keeps what these runs fold to, unless somebody works with the thread or it is not there any more. */
export function keepSnapshot(
  home: string,
  threadId: string,
  runs: readonly RunRecord[],
  folded: Folded,
): void {
  const end = endOf({ runs });
  if (!end) return;
  const { messages, context } = folded;
  const lastMessages = countSame(messages, context);
  const stored: Stored = {
    version: SNAPSHOT_VERSION,
    end,
    runs: runs.map(toPart),
    messages,
    compacted: context.slice(0, context.length - lastMessages),
    lastMessages,
  };
  whileFree(home, threadId, () => {
    const { isDamaged, isNewer } = find(home, threadId);
    if (isNewer || !existsSync(listPath(home, threadId))) return;
    if (isDamaged) putAside(snapshotPath(home, threadId), 'damaged');
    const sealed = vaultOf(home).sealFile(Buffer.from(`${toSealed(stored)}\n`));
    removeParts(snapshotPath(home, threadId));
    writeWhole(snapshotPath(home, threadId), sealed);
  });
}

/** Throws what the system says. */
export const dropSnapshot = (home: string, threadId: string): void =>
  rmSync(snapshotPath(home, threadId), { recursive: true, force: true });

function toPart({ runId, entries, steps }: RunRecord): RunRecord {
  const [first, ...others] = entries;
  const last = others.at(-1);
  return {
    runId,
    entries: [...(first ? [first] : []), ...(last ? [last] : [])],
    ...(steps !== undefined && { steps }),
    isPart: true,
  };
}

/** How many messages both end with. */
function countSame(messages: readonly Message[], context: readonly Message[]): number {
  const most = Math.min(messages.length, context.length);
  let count = 0;
  while (count < most && messages[messages.length - 1 - count] === context[context.length - 1 - count])
    count += 1;
  return count;
}
