import { JournalError, SottoError } from '../errors.ts';
import { codeOf, explainCode, readWhole } from './durable-file.ts';
import type { JournalEntry } from './journal.ts';
import { type ParsedJournal, parseJournal } from './journal-entries.ts';
import { journalPath } from './journal-path.ts';
import { vaultOf } from './vault.ts';

/** What a reader gets of a journal. */
export type ReadJournal = {
  /** In order, up to the first damage; a last line that was cut off by a crash is left out. */
  readonly entries: readonly JournalEntry[];
  /** One sentence, where more was written than the entries. */
  readonly problem?: string;
  /** Of the file. */
  readonly bytes: number;
};

/** The entries of a run, as far as they are what was written. Throws `JournalError` where there is no journal, or it cannot
 * be read at all, or it was made by a newer version. */
export function readEntries(home: string, runId: string): ReadJournal {
  const { entries, damagedLine, bytes, path } = loadJournal(home, runId);
  const problem = damagedLine === undefined ? undefined : damage(path, damagedLine, entries.length).message;
  return { entries, bytes: bytes.length, ...(problem !== undefined && { problem }) };
}

/** The entries of a run in order. Throws `JournalError` where there is none, or where a line within is damaged. */
export async function readJournal(home: string, runId: string): Promise<readonly JournalEntry[]> {
  const { entries, damagedLine, path } = loadJournal(home, runId);
  if (damagedLine !== undefined) throw damage(path, damagedLine, entries.length);
  return entries;
}

type LoadedJournal = ParsedJournal & { readonly bytes: Uint8Array; readonly path: string };

/** For those that repair it too. Throws as `readEntries` does. */
export function loadJournal(home: string, runId: string): LoadedJournal {
  const path = journalPath(home, runId);
  const vault = vaultOf(home);
  const bytes = readBytes(path);
  const parsed = parseJournal(bytes, vault, runId);
  if (parsed.newer === undefined) return { ...parsed, bytes, path };
  const problem = `was made by a newer version of Sotto (its format ${parsed.newer}): use that one. It was left as it is.`;
  throw new JournalError({ path, problem });
}

function readBytes(path: string): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = readWhole(path);
  } catch (cause) {
    if (!(cause instanceof SottoError) || codeOf(cause) === undefined) throw cause;
    throw new JournalError({
      path,
      problem: `cannot be read: ${explainCode(cause)}. It was left as it is.`,
      cause,
    });
  }
  if (bytes) return bytes;
  throw new JournalError({ path, problem: 'does not exist. `sotto runs` lists the runs.' });
}

function damage(path: string, line: number, before: number): JournalError {
  const rest = before === 0 ? 'the run cannot be read' : 'of the run, only what stands before it can be read';
  return new JournalError({ path, problem: `is damaged in line ${line}. It was left as it is; ${rest}.` });
}
