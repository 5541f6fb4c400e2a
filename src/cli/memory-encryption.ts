import { parseArgs } from 'node:util';
import { type LoadedConfig, loadConfig } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { createVault, hasPassphrase, removeVault } from '../memory/vault-change.ts';
import { changePassphrase, unlock } from '../memory/vault-keys.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { type Output, plural } from './output.ts';
import { askNewPassphrase, withPassphrase } from './passphrase.ts';
import { isWrongPassphrase } from './unlock-project.ts';

const ACTIONS: Readonly<Record<string, (config: LoadedConfig, output: Output) => Promise<void>>> = {
  encrypt,
  decrypt,
  passphrase,
};

/** `sotto memory encrypt|decrypt|passphrase` */
export const encryption: Command = async (args, output) => {
  const options = { config: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [name = '', ...others] = positionals;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action || others.length > 0) {
    throw new UsageError(
      '`sotto memory` takes encrypt, decrypt or passphrase alone; the passphrase is asked for, or comes from --passphrase-fd N.',
    );
  }
  await action(await loadConfig({ ...(values.config && { configPath: values.config }) }), output);
  return EXIT.done;
};

async function encrypt({ home, mustEncrypt }: LoadedConfig, output: Output): Promise<void> {
  const { files } = hasPassphrase(home)
    ? await withPassphrase(`Passphrase of ${home}: `, {
        use: (given) => createVault(home, given),
        isWrong: isWrongPassphrase,
      })
    : createVault(home, await askNewPassphrase());
  output.note(`${home} is encrypted: ${plural(files, 'file')} changed just now.`);
  output.note('Without the passphrase nobody can read it any more, you neither: keep it in a safe place.');
  output.note(
    'What was written before may still be found on the disk with tools that look at its free space.',
  );
  if (!mustEncrypt)
    output.note('Write memory: { encrypt: true } into agents.config.ts, so that it stays so.');
}

async function decrypt({ home, mustEncrypt }: LoadedConfig, output: Output): Promise<void> {
  if (mustEncrypt) {
    throw new ConfigError(
      'The config says memory: { encrypt: true }. Take that out first, or the next command encrypts the folder again. Nothing was changed.',
    );
  }
  const { files, damaged } = hasPassphrase(home)
    ? await withPassphrase(`Passphrase of ${home}: `, {
        use: (given) => removeVault(home, given),
        isWrong: isWrongPassphrase,
      })
    : removeVault(home, '');
  output.note(`${home} can be read by everybody who may read your files: ${plural(files, 'file')} changed.`);
  for (const path of damaged) output.note(`${path} is damaged, and what is damaged of it stayed encrypted.`);
  if (damaged.length > 0) output.note('The identity was kept for these, beside them.');
}

async function passphrase({ home }: LoadedConfig, output: Output): Promise<void> {
  // Says that there is none.
  if (!hasPassphrase(home)) return unlock(home, '');
  const known = await withPassphrase(`Present passphrase of ${home}: `, {
    use(given) {
      unlock(home, given);
      return given;
    },
    isWrong: isWrongPassphrase,
  });
  changePassphrase(home, known, await askNewPassphrase());
  output.note(
    `${home} has another passphrase. A copy of identity.age made before still opens with the old one.`,
  );
}
