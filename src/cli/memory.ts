import type { Command } from './command.ts';

const ACTIONS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  list: () => import('./memory/list.ts'),
  search: () => import('./memory/search.ts'),
  add: () => import('./memory/add.ts'),
  edit: () => import('./memory/edit.ts'),
  forget: () => import('./memory/forget.ts'),
  export: () => import('./memory/export.ts'),
};
const ENCRYPTION = ['encrypt', 'decrypt', 'passphrase'];

/** `sotto memory [list]`, and what looks after what is remembered. */
export const command: Command = async (args, output) => {
  const [first = '', ...others] = args;
  if (ENCRYPTION.includes(first)) {
    const { encryption } = await import('./memory-encryption.ts');
    return encryption(args, output);
  }
  const load = Object.hasOwn(ACTIONS, first) ? ACTIONS[first] : undefined;
  if (load) return (await load()).command(others, output);
  // A word that is no action is a mistake of the list's, and it says which there are.
  return (await import('./memory/list.ts')).command(args, output);
};
