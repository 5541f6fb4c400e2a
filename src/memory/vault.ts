/**
 * How what is kept in a `.sotto` folder is written: as it is, or encrypted where the folder has an identity.
 *
 * Contract: what `sealFile` and `sealLine` give is all that reaches the disk, and only `openFile` and `openLine` of the same
 * folder's vault read it. A vault is looked up by its folder each time, since it is unlocked once for a process.
 */
import { realpathSync } from 'node:fs';
import { VaultError } from '../errors.ts';
import { conditionOf, readVaultFile, type VaultCondition } from './vault-files.ts';
import type { SealedForm, VaultProblem } from './vault-protocol.ts';
import { askVault } from './vault-thread.ts';

export type Vault = {
  readonly isEncrypted: boolean;
  sealFile(content: Uint8Array): Uint8Array;
  /** Throws `VaultError` where it is damaged. */
  openFile(sealed: Uint8Array): Uint8Array;
  /** One line, without its end. */
  sealLine(line: string): string;
  /** Throws `VaultError` where it is damaged. */
  openLine(sealed: string): string;
};

const PLAIN: Vault = {
  isEncrypted: false,
  sealFile: (content) => content,
  openFile: (sealed) => sealed,
  sealLine: (line) => line,
  openLine: (sealed) => sealed,
};

type Unlocked = { readonly recipient: string; readonly vault: Vault };
/** By the folder's real path. */
const unlocked = new Map<string, Unlocked>();

/** The vault of a `.sotto` folder. Throws `VaultError` where it is encrypted and was not unlocked. */
export function vaultOf(home: string): Vault {
  const condition = conditionOf(home);
  if (condition === 'none') return PLAIN;
  if (condition !== 'encrypted') throw new VaultError(sentenceOf(home, condition));
  const known = findUnlocked(home);
  if (known) return known;
  throw new VaultError(
    `The folder ${home} is encrypted, and its passphrase was not given. Nothing was read or written. ` +
      'Unlock it first: `sotto` asks for the passphrase on a terminal, or reads it from --passphrase-fd N; a program calls unlock().',
  );
}

/** Whether `vaultOf` gives the vault of an encrypted folder. */
export const isUnlocked = (home: string): boolean =>
  conditionOf(home) === 'encrypted' && findUnlocked(home) !== undefined;

function findUnlocked(home: string): Vault | undefined {
  const known = unlocked.get(realpathSync(home));
  // Another program may have decrypted the folder and encrypted it anew.
  const recipient = readVaultFile(home)?.recipient ?? known?.recipient;
  return known?.recipient === recipient ? known?.vault : undefined;
}

/** Whether the folder is encrypted, or about to be, so that nothing readable may be written to it. */
export const isEncrypted = (home: string): boolean => conditionOf(home) !== 'none';

/** Keeps the key for `vaultOf`, for this process. */
export function keepUnlocked(home: string, { key, recipient }: OpenKey): Vault {
  const vault = createSealed(home, key);
  unlocked.set(realpathSync(home), { recipient, vault });
  return vault;
}

/** An identity that the vault's thread holds. */
export type OpenKey = { readonly key: number; readonly recipient: string };

/** What to do about a folder that cannot be used as it is. */
export function sentenceOf(home: string, condition: Exclude<VaultCondition, 'none' | 'encrypted'>): string {
  if (condition === 'encrypting')
    return `The encryption of ${home} was interrupted: a part of it is encrypted, and nothing is lost. Call \`sotto memory encrypt\`, which goes on.`;
  if (condition === 'decrypting')
    return `The decryption of ${home} was interrupted: a part of it is still encrypted, and nothing is lost. Call \`sotto memory decrypt\`, which goes on.`;
  return `The folder ${home} is encrypted, and its identity.age is gone. Nothing was changed. Put that file back from a copy: nothing here can be read without it.`;
}

function createSealed(home: string, key: number): Vault {
  const seal = (form: SealedForm, content: Uint8Array) =>
    bytesOf(askVault({ type: 'seal', key, form, content: copyOf(content) }), home);
  const open = (form: SealedForm, sealed: Uint8Array) =>
    bytesOf(askVault({ type: 'open', key, form, sealed: copyOf(sealed) }), home);
  return {
    isEncrypted: true,
    sealFile: (content) => seal('age', content),
    openFile: (sealed) => open('age', sealed),
    sealLine: (line) => Buffer.from(seal('line', Buffer.from(line))).toString('latin1'),
    openLine: (sealed) => toText(open('line', Buffer.from(sealed)), home),
  };
}

/** Of these bytes alone: a message takes the whole buffer along that they are a part of. */
const copyOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

function bytesOf(answer: ReturnType<typeof askVault>, home: string): Uint8Array {
  if (answer.type === 'bytes') return answer.bytes;
  const problem = answer.type === 'problem' ? answer.problem : 'damaged';
  throw new VaultError(`${PROBLEMS[problem]} It was left as it is (in ${home}).`);
}

function toText(bytes: Uint8Array, home: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new VaultError(`What was encrypted is no text. It was left as it is (in ${home}).`, { cause });
  }
}

const PROBLEMS: Readonly<Record<VaultProblem, string>> = {
  'not-sealed': 'What stands here is not encrypted, and everything in this folder has to be.',
  'other-key': 'What is encrypted here belongs to another identity.age, or its beginning is damaged.',
  damaged: 'What is encrypted here is damaged: it is not what was written.',
};
