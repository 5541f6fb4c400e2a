/**
 * Facts of an earlier Sotto, which kept them in `.sotto/facts.jsonl`, a line for each: they are taken into the store once,
 * and the file is put aside.
 */
import { renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LockError, StoreError, VaultError } from '../errors.ts';
import { escapeLine } from '../terminal-text.ts';
import type { Fact } from '../tool/fact-store.ts';
import { explainCode, readWhole, writeWhole } from './durable-file.ts';
import type { Store } from './json-store.ts';
import { freeName } from './put-aside.ts';
import { type Vault, vaultOf } from './vault.ts';

type Facts = { readonly facts: readonly Fact[] };
type EarlierFacts = { readonly facts: readonly Fact[]; readonly unread: number };
type TakeoverOptions = {
  readonly home: string;
  readonly store: Store<Facts>;
  readonly tell: (sentence: string) => void;
};

/** Takes the earlier facts over where there are some. Returns those that could not be, since the disk is read-only or another
 * process takes them over now: they are there to be read all the same. Throws `StoreError` where the file cannot be read. */
export function takeOverFacts({ home, store, tell }: TakeoverOptions): readonly Fact[] {
  const path = join(home, 'facts.jsonl');
  const bytes = readWhole(path);
  if (bytes === undefined) return [];
  const { facts, unread } = parseEarlier(vaultOf(home), bytes);
  try {
    store.update((data) => {
      const known = new Set(data.facts.map(({ id }) => id));
      const more = facts.filter(({ id }) => !known.has(id));
      return more.length > 0 ? { facts: [...data.facts, ...more] } : data;
    });
    const aside = setAside(home, path, bytes);
    const rest = unread === 0 ? '' : ` ${unread} of its lines could not be read, and are still in it.`;
    const what = `${facts.length === 1 ? '1 fact of an earlier Sotto is' : `${facts.length} facts of an earlier Sotto are`} in facts.json now; ${path} is kept as ${basename(aside)}.`;
    tell(escapeLine(`${what}${rest}`));
    return [];
  } catch (error) {
    if (error instanceof LockError || error instanceof StoreError) return facts;
    throw error;
  }
}

/** Once more where it was interrupted: facts that are in the store already are not taken again. */
function setAside(home: string, path: string, bytes: Uint8Array): string {
  const vault = vaultOf(home);
  const aside = freeName(path, 'taken-over');
  try {
    if (vault.isEncrypted) {
      writeWhole(aside, vault.sealFile(bytes));
      rmSync(path, { force: true });
    } else renameSync(path, aside);
    return aside;
  } catch (cause) {
    throw new StoreError({ path, problem: `cannot be put aside: ${explainCode(cause)}.`, cause });
  }
}

function parseEarlier(vault: Vault, bytes: Uint8Array): EarlierFacts {
  const lines = Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  const facts = lines.flatMap((line) => parseLine(openLine(vault, line)) ?? []);
  return { facts, unread: lines.length - facts.length };
}

/** It may be from before the folder was encrypted, or have been encrypted with it. */
function openLine(vault: Vault, line: string): string {
  try {
    return vault.openLine(line);
  } catch (error) {
    if (error instanceof VaultError) return line;
    throw error;
  }
}

function parseLine(line: string): Fact | undefined {
  try {
    const { id, text, at } = JSON.parse(line);
    const isFact = [id, text, at].every((value) => typeof value === 'string');
    // Only the tool `remember` wrote there.
    return isFact ? { id, text, at, by: 'agent' } : undefined;
  } catch {
    return undefined;
  }
}
