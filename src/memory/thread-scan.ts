/** Whose the runs are, from the first lines of their journals alone: for lists that are not there, and for deleting. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import type { RunFact } from '../events.ts';
import { contentText } from '../messages.ts';
import { codeOf, explainCode } from './durable-file.ts';
import { parseJournal } from './journal-entries.ts';
import { isId, journalPath, runNamesIn } from './journal-path.ts';
import { vaultOf } from './vault.ts';

type Start = Extract<RunFact, { type: 'run-start' }>;

/** A run as its thread's list has it. */
export type ListedRun = Pick<Start, 'runId' | 'turn' | 'agent' | 'after' | 'parent'> & {
  /** When it began, ISO 8601; for people only. */
  readonly at: string;
  /** How the message begins that it began with; nothing where it began with none. */
  readonly task?: string;
};
export type ScannedRun = ListedRun & { readonly threadId: string };

const CHUNK_BYTES = 16_384;
/** A first line of more than 64 MiB was not written by this program. */
const MOST_CHUNKS = 4_096;
const TASK_LETTERS = 200;
const NEWLINE = 0x0a;

/** All runs whose first line can be read, in the order of their names. */
export function scanRuns(home: string): readonly ScannedRun[] {
  return runFiles(home).flatMap((runId) => scanRun(home, runId) ?? []);
}

/** A run, nothing where the first line of its journal cannot be read. */
export function scanRun(home: string, runId: string): ScannedRun | undefined {
  if (!isId(runId)) return undefined;
  const line = readFirstLine(journalPath(home, runId));
  const entry = line && parseJournal(line, vaultOf(home), runId).entries[0];
  return entry?.type === 'run-start' ? { ...toListed(entry), threadId: entry.threadId } : undefined;
}

/** The ids of all runs that have a journal. Throws `StoreError` where the folder cannot be read. */
export function runFiles(home: string): readonly string[] {
  return runNamesIn(filesIn(join(home, 'runs')));
}

/** The names in a folder, none where there is no folder. Throws `StoreError`. */
export function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return [];
    throw new StoreError({ path: folder, problem: `cannot be listed: ${explainCode(cause)}.`, cause });
  }
}

export function toListed({
  runId,
  at,
  turn,
  agent,
  after,
  parent,
  message,
}: Start & { at: string }): ListedRun {
  return {
    runId,
    at,
    turn,
    agent,
    ...(after && { after }),
    ...(parent && { parent }),
    ...(message && { task: contentText(message.content).slice(0, TASK_LETTERS) }),
  };
}

/** In pieces: its message may hold a document, and what follows is of no use. */
function readFirstLine(path: string): Uint8Array | undefined {
  return readFrom(path, (fd) => {
    const chunks: Buffer[] = [];
    while (chunks.length < MOST_CHUNKS) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const count = readSync(fd, chunk);
      const end = chunk.subarray(0, count).indexOf(NEWLINE);
      chunks.push(chunk.subarray(0, end < 0 ? count : end + 1));
      if (end >= 0 || count === 0) return Buffer.concat(chunks);
    }
    return undefined;
  });
}

/** What is read of a file, given its descriptor and its size in bytes; nothing where it cannot be read, or is no file. */
export function readFrom<Value>(path: string, read: (fd: number, size: number) => Value): Value | undefined {
  try {
    // Does not wait where something else has the name, such as a pipe.
    const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const status = fstatSync(fd);
      return status.isFile() ? read(fd, status.size) : undefined;
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}
