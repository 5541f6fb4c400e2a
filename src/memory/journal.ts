/**
 * The journal of a run: `.sotto/runs/<id>.jsonl`, a line for every fact, numbered from 1, never changed.
 *
 * Contract: `append` returns once the line is written, and with `durable` once it is on the disk.
 */
import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { JournalError } from '../errors.ts';
import type { RunFact } from '../events.ts';
import { openLines } from './durable-lines.ts';

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

type JournalOptions = {
  /** The `.sotto` folder. */
  readonly home: string;
  readonly runId: string;
  /** Whether facts are forced to the disk before `append` returns. Default: true. */
  readonly durable?: boolean;
};

const RUN_ID = /^[A-Za-z0-9._-]{1,100}$/;

/** Starts the journal of a new run. Throws `JournalError` where it cannot be written. */
export function createJournal({ home, runId, durable = true }: JournalOptions): Journal {
  const path = journalPath(home, runId);
  const lines = openLines({
    path,
    owner: 'run',
    isNew: true,
    durable,
    toError: (problem, cause) => new JournalError({ path, problem, cause }),
  });
  let seq = 0;
  return {
    append(fact) {
      const entry = { seq: seq + 1, at: new Date().toISOString(), ...fact };
      lines.append(JSON.stringify(entry));
      seq += 1;
      return entry;
    },
    close: lines.close,
  };
}

/** The entries of a run in order. A last line that was cut off by a crash is left out. Throws `JournalError` where there is
 * none, or where a line within is damaged. */
export async function readJournal(home: string, runId: string): Promise<readonly JournalEntry[]> {
  const path = journalPath(home, runId);
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const problem =
      cause.code === 'ENOENT'
        ? 'does not exist. `sotto runs` lists the runs.'
        : `cannot be read (${cause.code}).`;
    throw new JournalError({ path, problem, cause });
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => parseEntry(line, index, path));
}

export const deleteJournal = (home: string, runId: string): Promise<void> => unlink(journalPath(home, runId));

/** Whose a run is, from its first line alone: for journals that are damaged further on. */
export async function readRunStart(
  home: string,
  runId: string,
): Promise<{ readonly threadId?: string; readonly parentId?: string; readonly afterId?: string }> {
  try {
    const [line = ''] = (await readFile(journalPath(home, runId), 'utf8')).split('\n', 1);
    const { threadId, parent, after } = JSON.parse(line);
    return {
      ...(typeof threadId === 'string' && { threadId }),
      ...(typeof parent?.runId === 'string' && { parentId: parent.runId }),
      ...(typeof after?.runId === 'string' && { afterId: after.runId }),
    };
  } catch {
    return {};
  }
}

/** The ids of all runs, oldest first by their names. */
export async function listRunIds(home: string): Promise<readonly string[]> {
  const names = await readdir(join(home, 'runs')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new JournalError({
      path: join(home, 'runs'),
      problem: `cannot be listed (${error.code}).`,
      cause: error,
    });
  });
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .sort();
}

function journalPath(home: string, runId: string): string {
  const path = join(home, 'runs', `${runId}.jsonl`);
  if (!RUN_ID.test(runId))
    throw new JournalError({ path, problem: 'is not a run. `sotto runs` lists the runs.' });
  return path;
}

function parseEntry(line: string, index: number, path: string): JournalEntry {
  const problem = `is damaged in line ${index + 1}. It was left as it is; the run cannot be read.`;
  let entry: JournalEntry;
  try {
    entry = JSON.parse(line);
  } catch (cause) {
    throw new JournalError({ path, problem, cause });
  }
  if (entry?.seq !== index + 1 || typeof entry.type !== 'string') throw new JournalError({ path, problem });
  return entry;
}
