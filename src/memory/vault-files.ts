/**
 * The two files of an encrypted `.sotto` folder that are not encrypted to its identity: `identity.age`, the identity under
 * its passphrase, and `vault.json`, which says how far the folder is encrypted and what `identity.age` has to look like.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { VaultError } from '../errors.ts';
import { writeWhole } from './durable-file.ts';

const VERSION = 1;

const vaultFileSchema = z.object({
  version: z.literal(VERSION),
  /** The public key that all is encrypted to, `age1…`. */
  recipient: z.string(),
  /** The SHA-256 of `identity.age`, so that a wrong passphrase can be told from damage; two while it is changed. */
  identities: z.array(z.string()),
  /** `beginning`: nothing is encrypted yet. `ending`: nothing is any more. */
  state: z.enum(['beginning', 'encrypting', 'encrypted', 'decrypting', 'ending']),
});
export type VaultFile = Omit<z.infer<typeof vaultFileSchema>, 'version'>;

/** `lost`: what was written is encrypted, and `identity.age` is gone. */
export type VaultCondition = 'none' | 'encrypting' | 'encrypted' | 'decrypting' | 'lost';

export const identityPath = (home: string): string => join(home, 'identity.age');
/** Of a folder that was decrypted, but for what is damaged. No colons: Windows has none in names. */
export const keptIdentityPath = (home: string, now = new Date()): string =>
  join(home, `identity.kept-${now.toISOString().replaceAll(/[:.]/g, '-')}.age`);
/** Whether a file of that name belongs to the encryption itself, and is never encrypted. */
export const isVaultFile = (name: string): boolean => /^(identity(\.kept-.*)?\.age|vault\.json)$/.test(name);
export const vaultFilePath = (home: string): string => join(home, 'vault.json');

/** What has to be done before this folder can be read and written. Throws `VaultError` for a newer version's. */
export function conditionOf(home: string): VaultCondition {
  const hasIdentity = existsSync(identityPath(home));
  const hasFile = existsSync(vaultFilePath(home));
  if (!hasIdentity && !hasFile) return 'none';
  const state = readVaultFile(home)?.state;
  if (state === 'beginning') return 'encrypting';
  if (state === 'ending') return 'decrypting';
  if (!hasIdentity) return 'lost';
  return state ?? 'encrypted';
}

/** `undefined` where there is none, or it is damaged: what it says beside the state is only for sentences. */
export function readVaultFile(home: string): VaultFile | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(vaultFilePath(home), 'utf8'));
  } catch {
    return undefined;
  }
  const { version } = (content ?? {}) as { readonly version?: unknown };
  if (typeof version === 'number' && version > VERSION) {
    throw new VaultError(
      `The folder ${home} was encrypted by a newer version of Sotto. Nothing was changed. Update Sotto.`,
    );
  }
  return vaultFileSchema.safeParse(content).data;
}

/** Whole or not at all. Throws `StoreError`. */
export const writeVaultFile = (home: string, file: VaultFile): void =>
  writeWhole(
    vaultFilePath(home),
    Buffer.from(`${JSON.stringify({ version: VERSION, ...file }, undefined, 2)}\n`),
  );

export const fingerprintOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
