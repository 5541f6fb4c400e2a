/**
 * The file of a job's ledger: `ledger.jsonl`, a line for every fact, with a number, the time and the CRC-32 of the line
 * before it.
 *
 * Contract: a line that is not what was written is left out, and kept in the file. It takes no other line with it.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { JobError, VaultError } from '../../errors.ts';
import { type DurableLines, openLines } from '../../memory/durable-lines.ts';
import { fromSealed, toSealed } from '../../memory/sealed-lines.ts';
import { type Vault, vaultOf } from '../../memory/vault.ts';
import type { JobFact } from './job-facts.ts';
import { homeOf } from './job-file.ts';

export type LedgerEntry = JobFact & {
  readonly seq: number;
  /** ISO 8601; for people only. */
  readonly at: string;
};
export type ReadLedger = {
  readonly facts: readonly LedgerEntry[];
  /** Lines that cannot be read. */
  readonly damaged: number;
};

const CHUNK_BYTES = 1 << 20;

/** The facts of a ledger in order; none where there is no file. Throws `JobError` where it cannot be read,
 * `VaultError` where it is encrypted and was not unlocked. */
export function readLedger(path: string): ReadLedger {
  const vault = vaultOf(homeOf(dirname(path)));
  const facts: LedgerEntry[] = [];
  let damaged = 0;
  try {
    for (const line of readLines(path)) {
      if (line === '') continue;
      const fact = parseFact(vault, line);
      if (fact) facts.push(fact);
      else damaged += 1;
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { facts: [], damaged: 0 };
    throw new JobError({ path, problem: `cannot be read (${code}). It was left as it is.`, cause });
  }
  return { facts, damaged };
}

export type LedgerWriter = { append(fact: JobFact): void; close(): void };

/** Goes on with the ledger behind that many lines. Throws `JobError` where the disk refuses. */
export function writeLedger(path: string, seqBefore: number): LedgerWriter {
  const toError = (problem: string, cause?: unknown) => new JobError({ path, problem, cause });
  const lines: DurableLines = openLines({ path, owner: 'job', toError });
  const vault = vaultOf(homeOf(dirname(path)));
  let seq = seqBefore;
  return {
    append(fact) {
      const entry = { seq: seq + 1, at: new Date().toISOString(), ...fact };
      lines.append(vault.sealLine(toSealed(entry)));
      seq += 1;
    },
    close: lines.close,
  };
}

function parseFact(vault: Vault, line: string): LedgerEntry | undefined {
  try {
    return fromSealed(vault.openLine(line)) as LedgerEntry | undefined;
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}

/** In pieces: a ledger may be longer than a string can be. */
function* readLines(path: string): Generator<string> {
  const fd = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let begun: Buffer[] = [];
    for (let count = readSync(fd, chunk); count > 0; count = readSync(fd, chunk)) {
      let from = 0;
      for (let end = chunk.indexOf(0x0a); end >= 0 && end < count; end = chunk.indexOf(0x0a, from)) {
        yield Buffer.concat([...begun, chunk.subarray(from, end)]).toString('utf8');
        begun = [];
        from = end + 1;
      }
      begun.push(Buffer.from(chunk.subarray(from, count)));
    }
    yield Buffer.concat(begun).toString('utf8');
  } finally {
    closeSync(fd);
  }
}
