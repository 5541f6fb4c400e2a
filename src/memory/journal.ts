/**
 * The journal of a run: `.sotto/runs/<id>.jsonl`, a line for every fact, numbered from 1, never changed.
 *
 * Contract: `append` returns once the line is written, and with `durable` once it is on the disk. The run is in its thread's
 * list before `append` returns from its `run-start`. What is damaged is never overwritten.
 */
import { unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { JournalError } from '../errors.ts';
import type { RunFact } from '../events.ts';
import { removeParts, writeWhole } from './durable-file.ts';
import { openLines } from './durable-lines.ts';
import { toLine } from './journal-entries.ts';
import { asideNames, asidePath, journalPath } from './journal-path.ts';
import { loadJournal } from './journal-read.ts';
import type { ThreadEnd } from './thread-fold.ts';
import { listRun, readList } from './thread-list.ts';
import { filesIn, runFiles } from './thread-scan.ts';
import { vaultOf } from './vault.ts';

export { type ReadJournal, readEntries, readJournal } from './journal-read.ts';

/** A fact as it stands in the journal. */
export type JournalEntry = RunFact & {
  readonly seq: number;
  /** When it was written, ISO 8601; for people only, the order is `seq`. */
  readonly at: string;
};

export type Journal = {
  append(fact: RunFact): JournalEntry;
  close(): void;
};

const NEWLINE = Buffer.from('\n');

type JournalOptions = {
  /** The `.sotto` folder. */
  readonly home: string;
  readonly runId: string;
  /** Whether facts are forced to the disk before `append` returns. Default: true. */
  readonly durable?: boolean;
  /** What the journal holds, as `recoverJournal` gave it: it is gone on with behind that. Default: it is a new one. */
  readonly entries?: readonly JournalEntry[];
};

/** Opens the journal of a run. Throws `JournalError` where it cannot be written, or is there though it has to be new. */
export function openJournal({ home, runId, durable = true, entries }: JournalOptions): Journal {
  const path = journalPath(home, runId);
  const vault = vaultOf(home);
  const lines = openLines({
    path,
    owner: 'run',
    isNew: entries === undefined,
    durable,
    toError: (problem, cause) => new JournalError({ path, problem, cause }),
  });
  const list = (entry: JournalEntry) => {
    if (entry.type === 'run-start') listRun(home, { ...entry, runId }, { durable, isNew: !entries });
  };
  let seq = entries?.length ?? 0;
  try {
    // It may have been killed between its first line and the list.
    if (entries?.[0]) list(entries[0]);
  } catch (error) {
    lines.close();
    throw error;
  }
  return {
    append(fact) {
      const entry = { seq: seq + 1, at: new Date().toISOString(), ...fact };
      lines.append(toLine(entry, vault));
      seq += 1;
      list(entry);
      return entry;
    },
    close: lines.close,
  };
}

type Recovered = {
  /** To go on behind. */
  readonly entries: readonly JournalEntry[];
  /** What was lost, one sentence. Default: nothing. */
  readonly lost?: string;
};

/**
 * The entries of a run for whoever goes on with it and has the lock of its thread. A damaged journal is kept under another name, and its good beginning is
 * the journal again; where nothing of it can be read, there is no journal any more. Throws `JournalError` where there is
 * none, or it cannot be read at all, or it was made by a newer version, and `StoreError` where the disk refuses: then the
 * journal is as it was.
 */
export function recoverJournal(home: string, runId: string): Recovered {
  const { entries, good, damagedLine, lines, bytes, path } = loadJournal(home, runId);
  const isNothing = entries.length === 0;
  removeParts(path);
  const known = damagedLine === undefined && !isNothing ? knownLines(home, runId, entries) : undefined;
  if (damagedLine === undefined && !isNothing && known === undefined) return { entries };
  const aside = asidePath(path);
  writeWhole(aside, bytes);
  if (isNothing) unlinkSync(path);
  else if (damagedLine !== undefined)
    writeWhole(path, Buffer.concat(good.flatMap((line) => [line, NEWLINE])));
  const last = entries.findLast((entry) => entry.type === 'step-end');
  const kept = isNothing
    ? 'nothing of it could be read'
    : `it is there ${last ? `up to step ${last.step}` : 'as far as its beginning'}`;
  const where =
    known !== undefined
      ? `behind line ${entries.length} of ${known}`
      : damagedLine === undefined
        ? 'from its first line'
        : `in line ${damagedLine} of ${lines}`;
  const lost = `The journal of the run ${runId} was damaged ${where}: ${kept}, and what came after is lost. The damaged file is kept as ${aside}.`;
  return { entries, lost };
}

/** How many lines a journal had when its thread went on from it, where it has fewer now and that was not said yet. */
function knownLines(home: string, runId: string, entries: readonly JournalEntry[]): number | undefined {
  const [start] = entries;
  if (start?.type !== 'run-start') return undefined;
  const known = readList(home, start.threadId).flatMap(({ after }: { after?: ThreadEnd }) =>
    after?.runId === runId ? (after.entries ?? 0) : [],
  );
  const most = Math.max(0, ...known);
  if (most <= entries.length) return undefined;
  return asideNames(filesIn(dirname(journalPath(home, runId))), runId).length > 0 ? undefined : most;
}

/** The ids of all runs, oldest first by their names. */
export const listRunIds = async (home: string): Promise<readonly string[]> => runFiles(home);
