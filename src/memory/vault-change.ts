/**
 * A `.sotto` folder is encrypted, or decrypted again.
 *
 * Contract: killed at whatever point, nothing is lost, `vaultOf` refuses the folder with a sentence as long as one part of
 * it is encrypted and another is not, and the same call goes on. Each file is replaced whole.
 */
import { renameSync, rmSync } from 'node:fs';
import { stateFolder } from '../engine/state-folder.ts';
import { VaultError } from '../errors.ts';
import { readWhole, writeWhole } from './durable-file.ts';
import { acquireLock, type Lock } from './lock.ts';
import { keepUnlocked, sentenceOf, type Vault } from './vault.ts';
import { contentOf, openContent, sealContent } from './vault-content.ts';
import {
  conditionOf,
  fingerprintOf,
  identityPath,
  keptIdentityPath,
  readVaultFile,
  type VaultFile,
  vaultFilePath,
  writeVaultFile,
} from './vault-files.ts';
import {
  createKey,
  lockVault,
  openIdentity,
  type PassphraseOptions,
  sealIdentity,
  vaultLock,
} from './vault-keys.ts';

/** How many files were changed. */
export type Changed = { readonly files: number };

/**
 * Makes an identity under this passphrase and encrypts everything in the folder to it; goes on where it was interrupted, with
 * the passphrase that was given then. Model states are deleted. The folder is unlocked for this process then. Throws
 * `VaultError`, `LockError` where anything in the folder is in use, `StoreError` where the disk refuses.
 */
export function createVault(home: string, passphrase: string, options: PassphraseOptions = {}): Changed {
  using _lock = lockVault(home);
  const condition = conditionOf(home);
  if (condition === 'decrypting' || condition === 'lost') throw new VaultError(sentenceOf(home, condition));
  const isBegun = hasPassphrase(home);
  const key = isBegun ? openIdentity(home, passphrase) : createKey();
  const sealed = isBegun ? readIdentity(home) : sealIdentity(key, passphrase, options);
  const file = { recipient: key.recipient, identities: [fingerprintOf(sealed)] };
  using _locks = announce(home, { ...file, state: isBegun ? 'encrypting' : 'beginning' });
  if (!isBegun) writeWhole(identityPath(home), sealed);
  writeVaultFile(home, { ...file, state: 'encrypting' });
  rmSync(stateFolder(home), { recursive: true, force: true });
  const vault = keepUnlocked(home, key);
  const files = changeFiles(home, (path, content) => sealContent(vault, path, content));
  writeVaultFile(home, { ...file, state: 'encrypted' });
  return { files };
}

/** `damaged`: the paths of files that could not be decrypted, wholly or in part. They were left as they were. */
export type Removed = Changed & { readonly damaged: readonly string[] };

/**
 * Decrypts everything in the folder and deletes its identity, or keeps it under a name that says so where something could not be
 * decrypted; goes on where it was interrupted. Throws as `createVault` does.
 */
export function removeVault(home: string, passphrase: string): Removed {
  const condition = conditionOf(home);
  if (condition === 'none') throw new VaultError(`The folder ${home} is not encrypted. Nothing was changed.`);
  if (condition === 'lost') throw new VaultError(sentenceOf(home, condition));
  using _lock = lockVault(home);
  if (!hasPassphrase(home)) {
    removeOwnFiles(home, false);
    return { files: 0, damaged: [] };
  }
  const key = openIdentity(home, passphrase);
  const file = { recipient: key.recipient, identities: [fingerprintOf(readIdentity(home))] };
  using _locks = announce(home, { ...file, state: 'decrypting' });
  const damaged: string[] = [];
  const vault = keepUnlocked(home, key);
  const files = changeFiles(home, (path, content) => openAndNote(vault, { path, content, damaged }));
  writeVaultFile(home, { ...file, state: 'ending' });
  removeOwnFiles(home, damaged.length > 0);
  return { files, damaged };
}

/** Whether the folder has a passphrase: `createVault` takes that one then and not a new one, and `removeVault` needs it. */
export function hasPassphrase(home: string): boolean {
  const state = stateOf(home);
  return conditionOf(home) !== 'none' && state !== 'beginning' && state !== 'ending';
}

const stateOf = (home: string): VaultFile['state'] | undefined => readVaultFile(home)?.state;

const readIdentity = (home: string): Uint8Array => readWhole(identityPath(home)) ?? new Uint8Array();

function openAndNote(
  vault: Vault,
  { path, content, damaged }: { path: string; content: Uint8Array; damaged: string[] },
): Uint8Array {
  const opened = openContent(vault, content);
  if (opened.isDamaged) damaged.push(path);
  return opened.content;
}

function changeFiles(home: string, change: (path: string, content: Uint8Array) => Uint8Array): number {
  let count = 0;
  for (const path of contentOf(home).files) {
    // Of a writer that was killed: nobody writes now.
    if (path.endsWith('.part')) {
      rmSync(path, { force: true });
      continue;
    }
    const content = readWhole(path);
    if (content === undefined) continue;
    const changed = change(path, content);
    if (Buffer.compare(changed, content) === 0) continue;
    writeWhole(path, changed);
    count += 1;
  }
  return count;
}

/** The identity first: as long as `vault.json` says `ending`, the folder is known to be decrypted. */
function removeOwnFiles(home: string, isIdentityKept: boolean): void {
  const path = identityPath(home);
  if (isIdentityKept) renameSync(path, keptIdentityPath(home));
  else rmSync(path, { force: true });
  rmSync(vaultFilePath(home), { force: true });
}

/** Writes the state first, so that no other program opens what is not in use at this moment, and then takes all locks. Where
 * one of them is taken, all is as before. */
function announce(home: string, file: VaultFile): Disposable {
  const before = readVaultFile(home);
  writeVaultFile(home, file);
  try {
    return lockAll(home);
  } catch (error) {
    if (before) writeVaultFile(home, before);
    else rmSync(vaultFilePath(home), { force: true });
    throw error;
  }
}

/** Everything that is in use by one program at a time: nobody may write while files are replaced. */
function lockAll(home: string): Disposable {
  const locks: Lock[] = [];
  const release = () => {
    for (const lock of locks) lock.release();
  };
  try {
    for (const folder of contentOf(home).locks) {
      if (folder === vaultLock(home)) continue;
      locks.push(acquireLock({ folder, what: `A part of ${home}` }));
    }
  } catch (error) {
    release();
    throw error;
  }
  return { [Symbol.dispose]: release };
}
