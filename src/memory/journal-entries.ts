/** What stands in a journal, as far as it is what was written. */
import { VaultError } from '../errors.ts';
import type { JournalEntry } from './journal.ts';
import { isPlainEntry } from './plain-entry.ts';
import { decodeLine, fromSealed, parseObject, splitLines, toSealed } from './sealed-lines.ts';
import type { Vault } from './vault.ts';

/** Of the lines of a journal; its first one has it. Lines of earlier have neither this nor a checksum. */
export const JOURNAL_VERSION = 1;
const NEWLINE = 0x0a;

export type ParsedJournal = {
  readonly entries: readonly JournalEntry[];
  /** The lines that the entries were read from, without their ends. */
  readonly good: readonly Uint8Array[];
  /** Which line, from 1, is the first that is not what was written, where others follow. A last line that was cut off is
   * no damage: nobody was told that it is written. */
  readonly damagedLine?: number;
  /** All lines, damaged ones too. */
  readonly lines: number;
  /** A version that this program does not know. */
  readonly newer?: number;
};

type Stored = JournalEntry & { readonly version?: number };

export function toLine(entry: JournalEntry, vault: Vault): string {
  const { seq, at, ...fact } = entry;
  return vault.sealLine(
    toSealed(seq === 1 ? { seq, at, version: JOURNAL_VERSION, ...fact } : { seq, at, ...fact }),
  );
}

/** The entries of a run up to the first damage. */
export function parseJournal(bytes: Uint8Array, vault: Vault, runId: string): ParsedJournal {
  const entries: JournalEntry[] = [];
  const good: Uint8Array[] = [];
  let isSealed = false;
  const all = [...splitLines(bytes)];
  const lines = all.length;
  const isCut = bytes.at(-1) !== NEWLINE;
  let bad: number | undefined;
  for (const [index, line] of all.entries()) {
    const read = parseLine(line, vault, isSealed);
    if (!read || isOfAnother(read.entry, runId)) {
      bad ??= index + 1;
      continue;
    }
    const { version, ...entry } = read.entry;
    if (version !== undefined && version !== JOURNAL_VERSION) return { entries, good, lines, newer: version };
    if (entry.seq !== entries.length + 1 || typeof entry.type !== 'string') {
      return { entries, good, lines, damagedLine: bad ?? index + 1 };
    }
    isSealed ||= read.isSealed;
    entries.push(entry);
    good.push(line);
    // Half a line, that of a crash, stands before: its number came again, so nothing is missing.
    bad = undefined;
  }
  const isDamaged = bad !== undefined && !(isCut && bad === lines);
  return { entries, good, lines, ...(isDamaged && { damagedLine: bad }) };
}

/** A journal that has another one's name says what was not said in its run. */
const isOfAnother = (entry: Stored, runId: string): boolean =>
  entry.type === 'run-start' && entry.runId !== runId;

function parseLine(line: Uint8Array, vault: Vault, mustBeSealed: boolean) {
  const sealed = decodeLine(line);
  const text = sealed === undefined ? undefined : open(sealed, vault);
  if (text === undefined) return undefined;
  const checked = fromSealed(text);
  if (checked) return { entry: checked as Stored, isSealed: true };
  const plain = mustBeSealed ? undefined : parseObject(text);
  // One with a version has a checksum too, which is not right.
  return plain && !('version' in plain) && isPlainEntry(plain)
    ? { entry: plain as Stored, isSealed: false }
    : undefined;
}

function open(sealed: string, vault: Vault): string | undefined {
  try {
    return vault.openLine(sealed);
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}
