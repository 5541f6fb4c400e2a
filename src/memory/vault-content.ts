/** What is in the files of a `.sotto` folder, before and after it is encrypted. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { VaultError } from '../errors.ts';
import type { Vault } from './vault.ts';
import { isVaultFile } from './vault-files.ts';

const ARMOR = Buffer.from('-----BEGIN AGE ENCRYPTED FILE-----');
/** `age-encryption.org/v1` in base64. */
const LINE = Buffer.from('YWdlLWVuY3J5cHRpb24ub3JnL3Yx');
const NEWLINE = 0x0a;
const IS_LINES = /\.jsonl(\.|$)|^chat-history(\.|$)/;
const LOCK_ENTRY = /^[1-9]\d*$/;
const LOCK_OWNER = 'owner.json';

export type HomeContent = {
  /** Those that hold what was said, done or remembered. */
  readonly files: readonly string[];
  /** The folders of all locks that there are. */
  readonly locks: readonly string[];
};

/** All that lies in a `.sotto` folder, but for the files of the vault itself and what locks hold. Links are not followed. */
export function contentOf(home: string): HomeContent {
  if (!existsSync(home)) return { files: [], locks: [] };
  const entries = readdirSync(home, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !isVaultFile(entry.name))
    .map(({ name }) => join(home, name));
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => contentBelow(join(home, name)));
  return {
    files: [...files, ...below.flatMap((content) => content.files)],
    locks: below.flatMap((content) => content.locks),
  };
}

function contentBelow(folder: string): HomeContent {
  const entries = readdirSync(folder, { withFileTypes: true });
  const isLock = entries.some(
    ({ name }) => LOCK_ENTRY.test(name) && existsSync(join(folder, name, LOCK_OWNER)),
  );
  if (isLock) return { files: [], locks: [folder] };
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => contentBelow(join(folder, name)));
  return {
    files: [
      ...entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name)),
      ...below.flatMap(({ files }) => files),
    ],
    locks: below.flatMap(({ locks }) => locks),
  };
}

/** The same content encrypted: line by line where the file is one of lines. What is encrypted already stays as it is, and
 * so does an empty file. */
export function sealContent(vault: Vault, path: string, content: Uint8Array): Uint8Array {
  const bytes = Buffer.from(content);
  if (bytes.length === 0 || isArmored(bytes)) return bytes;
  if (!IS_LINES.test(basename(path)) || !isText(bytes)) return vault.sealFile(bytes);
  return mapLines(bytes, (line) =>
    isSealedLine(line) ? line : Buffer.from(vault.sealLine(line.toString())),
  );
}

export type Opened = {
  readonly content: Uint8Array;
  /** Whether a part of it is damaged, and was left encrypted. */
  readonly isDamaged: boolean;
};

/** The same content as it was before it was encrypted. */
export function openContent(vault: Vault, content: Uint8Array): Opened {
  const bytes = Buffer.from(content);
  let isDamaged = false;
  const orAsItIs = (sealed: Buffer, open: () => Uint8Array): Buffer => {
    try {
      return Buffer.from(open());
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      isDamaged = true;
      return sealed;
    }
  };
  const opened = isArmored(bytes)
    ? orAsItIs(bytes, () => vault.openFile(bytes))
    : mapLines(bytes, (line) =>
        isSealedLine(line)
          ? orAsItIs(line, () => Buffer.from(vault.openLine(line.toString('latin1'))))
          : line,
      );
  return { content: opened, isDamaged };
}

const isArmored = (bytes: Buffer): boolean => bytes.subarray(0, ARMOR.length).equals(ARMOR);
const isSealedLine = (line: Buffer): boolean => line.subarray(0, LINE.length).equals(LINE);

function isText(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Ends of lines, empty lines, and a last line without an end stay what they are. */
function mapLines(bytes: Buffer, change: (line: Buffer) => Buffer): Buffer {
  const changed: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, from);
    const end = found < 0 ? bytes.length : found;
    if (end > from) changed.push(change(bytes.subarray(from, end)));
    if (found >= 0) changed.push(bytes.subarray(found, found + 1));
    from = end + 1;
  }
  return Buffer.concat(changed);
}
