/**
 * The files of a store, `<name>.json` and the version before, `<name>.previous.json`: what is in them, and how a damaged one
 * is put aside.
 */
import { renameSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { StoreError, VaultError } from '../errors.ts';
import { codeOf, explainCode, readWhole, writeWhole } from './durable-file.ts';
import { localTime } from './local-time.ts';
import { putAside } from './put-aside.ts';
import { parseStore, type StoreFormat } from './store-format.ts';
import type { Vault } from './vault.ts';

export type FoundStore<Data> =
  | { readonly kind: 'none' }
  | { readonly kind: 'good'; readonly data: Data; readonly bytes: Uint8Array }
  /** It was looked into, and is not what Sotto wrote. */
  | { readonly kind: 'damaged'; readonly problem: string }
  /** It cannot be looked into: it may be good all the same. */
  | { readonly kind: 'closed'; readonly problem: string; readonly cause: unknown };

export type StorePaths = { readonly path: string; readonly previous: string };
/** What was found of a store that is not as it should be. */
export type Damage<Data> = { readonly main: FoundStore<Data>; readonly previous: FoundStore<Data> };

/** What stays, however often it is tried again. Of other failures, such as too many open files, nothing follows. */
const CLOSED = ['EACCES', 'EPERM', 'EIO', 'ELOOP'];

/** Throws `StoreError` where it is of a newer version, and where it cannot be read now. */
export function lookInto<Data>(path: string, format: StoreFormat<Data>, vault: Vault): FoundStore<Data> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = readWhole(path);
  } catch (cause) {
    const code = codeOf(cause) ?? '';
    if (code === 'EISDIR' || code === 'ENOTSUP') return { kind: 'damaged', problem: 'it is no file' };
    if (!CLOSED.includes(code)) throw cause;
    return { kind: 'closed', problem: `it cannot be read, since ${explainCode(cause)}`, cause };
  }
  if (bytes === undefined) return { kind: 'none' };
  let content: Uint8Array;
  try {
    content = vault.openFile(bytes);
  } catch (cause) {
    if (!(cause instanceof VaultError)) throw cause;
    return { kind: 'closed', problem: 'it cannot be decrypted', cause };
  }
  const parsed = parseStore(content, format);
  if (parsed.kind === 'newer') throw newerVersion(path, parsed.version, format.version);
  return parsed.kind === 'good' ? { ...parsed, bytes } : parsed;
}

/** Puts what is damaged aside, and the version before in its place, if that is good. Returns what a person has to be told.
 * Only for the one who holds the lock. Throws `StoreError` where nothing could be done; nothing was changed then. */
export function mend<Data>(paths: StorePaths, damage: Damage<Data>): string {
  const { path, previous } = paths;
  if (damage.previous.kind === 'good') return bringBack(paths, damage.main, damage.previous.bytes);
  refuseClosed(path, damage);
  const sentences = [setAside(previous, damage.previous), setAside(path, damage.main)].reverse();
  return [
    ...sentences.filter((sentence) => sentence !== ''),
    'No good version is left: it begins empty.',
  ].join(' ');
}

function bringBack({ path, previous }: StorePaths, main: FoundStore<unknown>, bytes: Uint8Array): string {
  const aside = main.kind === 'none' ? undefined : moveAside(path);
  // The version before was written when the last change was made.
  const time = localTime(statSync(previous).mtimeMs) ?? 'an unknown time';
  try {
    writeWhole(path, bytes);
  } catch (error) {
    // As it was, so that the next one finds the damage too, and says it.
    if (aside) renameSync(aside, path);
    throw error;
  }
  const what = aside
    ? damageSentence(path, main, aside)
    : `The file ${path} was missing; where it is not wanted, ${basename(previous)} has to be deleted with it.`;
  return `${what} The version before its last change is back: at most that change, of ${time}, is lost.`;
}

/** Returns what a person has to be told, nothing where there was no need to. Only for the one who holds the lock. */
export function setAside(path: string, found: FoundStore<unknown>): string {
  const isBad = found.kind === 'damaged' || found.kind === 'closed';
  return isBad ? damageSentence(path, found, moveAside(path)) : '';
}

const damageSentence = (path: string, found: FoundStore<unknown>, aside: string): string =>
  `The file ${path} was damaged: ${'problem' in found ? found.problem : ''}. It is kept as ${basename(aside)}.`;

function moveAside(path: string): string {
  try {
    return putAside(path, 'damaged');
  } catch (cause) {
    const problem = `is damaged and cannot be put aside: ${explainCode(cause)}. It is as it was.`;
    throw new StoreError({ path, problem, cause });
  }
}

/** What cannot be looked into may be the only good version: it stays where it is. */
function refuseClosed(path: string, { main, previous }: Damage<unknown>): void {
  const closed = [main, previous].find(({ kind }) => kind === 'closed');
  if (closed?.kind !== 'closed') return;
  const why = closed.cause instanceof VaultError ? ` (${closed.cause.message})` : '';
  throw new StoreError({
    path,
    problem: `is of no use: ${closed.problem}${why}. It is as it was: make it readable, or move it away.`,
    cause: closed.cause,
  });
}

function newerVersion(path: string, found: number, known: number): StoreError {
  return new StoreError({
    path,
    problem:
      `was written by a newer version of Sotto (its format is ${found}, this Sotto knows ${known}). ` +
      'It is as it was: update Sotto, or move the file away to begin anew.',
  });
}
