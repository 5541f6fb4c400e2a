/** The passphrase of a `.sotto` folder: given, changed, and what to say where it does not fit. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../engine/state-folder.ts';
import { StoreError, VaultError } from '../errors.ts';
import { writeWhole } from './durable-file.ts';
import { acquireLock, type Lock } from './lock.ts';
import { keepUnlocked, type OpenKey, sentenceOf } from './vault.ts';
import {
  conditionOf,
  fingerprintOf,
  identityPath,
  readVaultFile,
  type VaultFile,
  writeVaultFile,
} from './vault-files.ts';
import { askVault } from './vault-thread.ts';

/** The passphrase does not open `identity.age`, and that file is not known to be damaged: one may try again. */
export class WrongPassphraseError extends VaultError {}

export type PassphraseOptions = {
  /** The binary logarithm of scrypt's cost, 1 to 20; each one more doubles the time and the memory that a try takes.
   * Default: 18, as the `age` program's: 256 MB. Tests take less. */
  readonly workFactor?: number;
};
const WORK_FACTOR = 18;

/**
 * Unlocks an encrypted `.sotto` folder for this process. May be called twice. Throws `VaultError` where the passphrase is
 * wrong, `identity.age` is damaged or gone, or the folder is not encrypted, or only in part.
 */
export function unlock(home: string, passphrase: string): void {
  const condition = conditionOf(home);
  if (condition === 'none') {
    throw new VaultError(
      `The folder ${home} is not encrypted, so there is nothing to unlock. Everything in it can be read.`,
    );
  }
  if (condition !== 'encrypted') throw new VaultError(sentenceOf(home, condition));
  keepUnlocked(home, openIdentity(home, passphrase));
  // A program that was running when the folder was encrypted may have left some: they hold what was said.
  rmSync(stateFolder(home), { recursive: true, force: true });
}

/**
 * Gives an encrypted folder another passphrase; what is encrypted stays as it is. Killed at whatever point, the old or the
 * new one opens it. Throws `VaultError` as `unlock` does, `LockError` where another program is at it, `StoreError` where
 * the disk refuses: then the old one stays.
 */
export function changePassphrase(
  home: string,
  passphrase: string,
  next: string,
  options: PassphraseOptions = {},
): void {
  const condition = conditionOf(home);
  if (condition !== 'encrypted') {
    const nothing = `The folder ${home} is not encrypted, so it has no passphrase.`;
    throw new VaultError(condition === 'none' ? nothing : sentenceOf(home, condition));
  }
  using _lock = lockVault(home);
  const known = openIdentity(home, passphrase);
  const sealed = sealIdentity(known, next, options);
  const file: VaultFile = {
    recipient: known.recipient,
    identities: [fingerprintOf(sealed)],
    state: 'encrypted',
  };
  const before = fingerprintOf(readIdentity(home));
  writeVaultFile(home, { ...file, identities: [before, ...file.identities] });
  writeWhole(identityPath(home), sealed);
  writeVaultFile(home, file);
  keepUnlocked(home, known);
}

/** One program at a time encrypts, decrypts or changes the passphrase. Throws `LockError`. */
export function lockVault(home: string): Lock {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return acquireLock({ folder: vaultLock(home), what: `The encryption of ${home}` });
}

export const vaultLock = (home: string): string => join(home, 'locks', 'vault');

/** A new identity, in the memory of this process alone. */
export function createKey(): OpenKey {
  const answer = askVault({ type: 'new-key' });
  if (answer.type === 'key') return answer;
  throw new VaultError('No identity could be made. Nothing was changed.');
}

/** What `identity.age` holds. Throws `VaultError` for an empty passphrase. */
export function sealIdentity(
  { key }: OpenKey,
  passphrase: string,
  { workFactor = WORK_FACTOR }: PassphraseOptions,
): Uint8Array {
  if (passphrase === '') {
    throw new VaultError('The passphrase is empty. Nothing was changed. Take four or five words by chance.');
  }
  const answer = askVault({ type: 'seal-key', key, passphrase, workFactor });
  if (answer.type === 'bytes') return answer.bytes;
  throw new VaultError('The identity could not be encrypted. Nothing was changed.');
}

/** The identity of the folder. Throws `VaultError` that tells a wrong passphrase from a damaged file. */
export function openIdentity(home: string, passphrase: string): OpenKey {
  const path = identityPath(home);
  const sealed = readIdentity(home);
  const file = readVaultFile(home);
  const answer = askVault({ type: 'open-key', sealed, passphrase });
  if (answer.type === 'key') {
    if (file === undefined || file.recipient === answer.recipient) return answer;
    throw new VaultError(
      `The file ${path} is that of another folder: what is here was encrypted to another identity. Nothing was changed. Put the right one back from a copy.`,
    );
  }
  const isWhole = file?.identities.includes(fingerprintOf(sealed));
  const isWrong = answer.type === 'problem' && answer.problem === 'other-key';
  if (isWrong && isWhole)
    throw new WrongPassphraseError(`The passphrase of ${home} is wrong. Nothing was changed. Try again.`);
  if (isWrong && isWhole === undefined) {
    throw new WrongPassphraseError(
      `The passphrase of ${home} is wrong, or its identity.age is damaged. Nothing was changed. Try again, or put that file back from a copy.`,
    );
  }
  throw new VaultError(
    `The file ${path} is damaged: it is not what was written. Nothing was changed. Put it back from a copy: nothing in ${home} can be read without it.`,
  );
}

function readIdentity(home: string): Uint8Array {
  const path = identityPath(home);
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new StoreError({ path, problem: `cannot be read (${code}). It was left as it is.`, cause });
  }
}
