/**
 * The journal of a run: `.sotto/runs/<id>.jsonl`, a line for every fact, numbered from 1, never changed.
 *
 * Contract: `append` returns once the line is written, and with `durable` once it is on the disk.
 */
import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { JournalError } from '../errors.ts';
import type { RunFact } from '../events.ts';

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

// Node's permission model refuses fsync, whatever it was granted; a file opened with O_DSYNC needs none, and is faster.
// O_DSYNC is not there on Windows, where a fact is as durable as the system makes it.
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND;

const CLOSED = 'is closed: its run is over.';
const RUN_ID = /^[A-Za-z0-9._-]{1,100}$/;

/** Starts the journal of a new run. Throws `JournalError` where it cannot be written. */
export function createJournal({ home, runId, durable = true }: JournalOptions): Journal {
  const path = journalPath(home, runId);
  const fd = attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, durable ? NEW_FILE | (constants.O_DSYNC ?? 0) : NEW_FILE, 0o600);
  });
  let seq = 0;
  // A line that could not be written whole stays the last one; a closed number may belong to another file.
  let refusal: string | undefined;
  return {
    append(fact) {
      if (refusal !== undefined) throw new JournalError({ path, problem: refusal });
      const entry = { seq: seq + 1, at: new Date().toISOString(), ...fact };
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      refusal = 'could not be written before, so it takes no more facts.';
      attempt(path, () => writeAll(fd, line));
      refusal = undefined;
      seq += 1;
      return entry;
    },
    close() {
      if (refusal !== CLOSED) closeSync(fd);
      refusal = CLOSED;
    },
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

function writeAll(fd: number, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset);
}

function attempt<Value>(path: string, action: () => Value): Value {
  try {
    return action();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new JournalError({
      path,
      problem: `cannot be written (${code}), so the run stops here. Nothing earlier is lost.`,
      cause,
    });
  }
}
