import { type LoadedConfig, type LoadOptions, loadConfig } from '../config.ts';
import type { VaultError } from '../errors.ts';
import { isEncrypted, isUnlocked } from '../memory/vault.ts';
import { createVault, hasPassphrase } from '../memory/vault-change.ts';
import { unlock, WrongPassphraseError } from '../memory/vault-keys.ts';
import { askNewPassphrase, withPassphrase } from './passphrase.ts';

/**
 * The config, with its `.sotto` folder ready to be read and written: unlocked where it is encrypted, and encrypted under a new
 * passphrase where the config says so and it is not. Every command that touches the folder loads its config here. Throws as
 * `loadConfig`, `unlock` and `createVault` do.
 */
export async function loadUnlocked(options: LoadOptions): Promise<LoadedConfig> {
  const config = await loadConfig(options);
  const { home, mustEncrypt } = config;
  // Some commands load it twice: a folder of another place may be named within it.
  if (isUnlocked(home)) return config;
  if (hasPassphrase(home)) {
    await withPassphrase(`Passphrase of ${home}: `, {
      use: (passphrase) => unlock(home, passphrase),
      isWrong: isWrongPassphrase,
    });
    if (!mustEncrypt) say(home);
  } else if (mustEncrypt && !isEncrypted(home)) createVault(home, await askNewPassphrase());
  return config;
}

export const isWrongPassphrase = (error: unknown): error is VaultError =>
  error instanceof WrongPassphraseError;

const say = (home: string): void =>
  process.emitWarning(
    `${home} is encrypted, and the config does not say so: write memory: { encrypt: true } into it, or decrypt the folder with \`sotto memory decrypt\`.`,
    'SottoWarning',
  );
