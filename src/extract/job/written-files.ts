/**
 * What Sotto wrote into folders that are read: a table or a report is no document, whatever job it was of.
 *
 * Contract: remembered in `.sotto/written`, a file for each path, by hashes.
 * What was changed since is a document.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, firstLine } from '../../errors.ts';
import { vaultOf } from '../../memory/vault.ts';
import { writeWhole } from '../table/write-whole.ts';
import { hashFile, lookAt, looksOf, type Sight } from './hash-file.ts';

/** Remembers files as they lie there now. Throws `ConfigError` where `.sotto` cannot be written. */
export async function rememberWritten(home: string, paths: readonly string[]): Promise<void> {
  const folder = join(home, 'written');
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw new ConfigError(`${JSON.stringify(folder)} cannot be made: ${firstLine(cause)}.`, { cause });
  });
  for (const path of paths) {
    const target = await realpath(path).catch(() => path);
    const sight = await lookAt(target, undefined);
    const note = Buffer.from(`${JSON.stringify(sight)}\n`);
    await writeWhole(noteAt(home, target), vaultOf(home).sealFile(note));
  }
}

/** Whether Sotto wrote what lies there. Rejects with the signal's reason. */
export async function isWritten(home: string, path: string, signal?: AbortSignal): Promise<boolean> {
  const target = await realpath(path).catch(() => path);
  const written = await readNote(home, target);
  if (!written) return false;
  if (written.looks !== undefined && written.looks === (await looksOf(target))) return true;
  return written.sha256 !== undefined && written.sha256 === (await hashFile(target, signal));
}

const noteAt = (home: string, path: string): string =>
  join(home, 'written', `${createHash('sha256').update(path).digest('hex').slice(0, 32)}.json`);

/** Nothing where it was not written, or the note is damaged. */
async function readNote(home: string, path: string): Promise<Partial<Sight> | undefined> {
  try {
    const sealed = await readFile(noteAt(home, path));
    const note: unknown = JSON.parse(Buffer.from(vaultOf(home).openFile(sealed)).toString());
    return typeof note === 'object' && note !== null ? note : undefined;
  } catch {
    return undefined;
  }
}
