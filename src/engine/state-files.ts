/**
 * The folder of saved states: `<name>.<model key>.state`, which llama.cpp writes, and beside it `<name>.<model key>.json`,
 * which says what is in it.
 *
 * Contract: the json is written last, and a state without one is not there. Everything here is synchronous but for what
 * is long: an asynchronous read would wait in the process's only pool thread for whole batches of another conversation.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { dropState, listNames, makeRoom, sweep } from './state-folder.ts';

/** What stands in the json. */
export type StateFacts = {
  /** The model key again: a file can be given another name. */
  readonly model: string;
  /** How many tokens the state holds, and their `hashTokens`. */
  readonly tokens: number;
  readonly tokensHash: string;
  /** Length and CRC-32 of the state's file. A hash that no one can forge would take ten times as long as the loading, and
   * who could forge a state could write the json as well. */
  readonly bytes: number;
  readonly checksum: number;
};
export type StateFile = StateFacts & { readonly name: string; readonly path: string };

export type StateFiles = {
  /** Those of this model. */
  list(): readonly StateFile[];
  /** Whether there are files of this name at all, of whatever model, whole or not. */
  has(name: string): boolean;
  /** Puts a state in place whole or not at all, and drops the oldest where there are too many. Returns its size. Throws
   * `StateTooLarge`, or what the system says. */
  put(name: string, tokens: readonly number[], write: (path: string) => Promise<unknown>): Promise<number>;
  /** Whether the file is still what was written: llama.cpp believes everything that it reads, and may crash of it. */
  isWhole(file: StateFile): Promise<boolean>;
  /** Notes that it was used. */
  touch(file: StateFile): void;
  drop(file: StateFile): void;
};

type StateFilesOptions = { readonly folder: string; readonly maxBytes: number; readonly modelKey: string };

/** A state has more bytes than all of them may have together. */
export class StateTooLarge extends Error {}

const CHUNK_BYTES = 4 * 2 ** 20;

export function openStateFiles({ folder, maxBytes, modelKey }: StateFilesOptions): StateFiles {
  const base = (name: string) => join(folder, `${name}.${modelKey}`);
  return {
    list: () =>
      listNames(folder).flatMap(({ name, key, kind }) => {
        const facts = kind === 'json' && key === modelKey ? readFacts(`${base(name)}.json`) : undefined;
        return facts?.model === modelKey ? [{ ...facts, name, path: `${base(name)}.state` }] : [];
      }),
    has: (name) => listNames(folder).some((found) => found.name === name),
    async put(name, tokens, write) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      sweep(folder);
      const part = join(folder, `${randomUUID()}.part`);
      // Made here, so that nobody else may read it: llama.cpp would give it what the system gives new files.
      closeSync(openSync(part, 'wx', 0o600));
      try {
        await write(part);
        const bytes = statSync(part).size;
        if (bytes > maxBytes) throw new StateTooLarge(`${bytes} bytes`);
        const checksum = await checksumOf(part);
        makeRoom(folder, { maxBytes: maxBytes - bytes, without: `${name}.${modelKey}` });
        rmSync(`${base(name)}.json`, { force: true });
        renameSync(part, `${base(name)}.state`);
        const tokensHash = hashTokens(tokens);
        const facts: StateFacts = { model: modelKey, tokens: tokens.length, tokensHash, bytes, checksum };
        writeFileSync(part, JSON.stringify(facts), { mode: 0o600, flag: 'wx' });
        renameSync(part, `${base(name)}.json`);
        return bytes;
      } catch (error) {
        rmSync(part, { force: true });
        throw error;
      }
    },
    async isWhole({ path, bytes, checksum }) {
      if (statSync(path, { throwIfNoEntry: false })?.size !== bytes) return false;
      return (await checksumOf(path)) === checksum;
    },
    touch({ name }) {
      const now = new Date();
      utimesSync(`${base(name)}.json`, now, now);
    },
    drop: ({ name }) => dropState(folder, `${name}.${modelKey}`),
  };
}

/** Names the tokens of a state, or the first ones of a prompt. */
export const hashTokens = (tokens: readonly number[], count = tokens.length): string =>
  createHash('sha256')
    .update(Uint32Array.from(tokens.slice(0, count)))
    .digest('hex');

function readFacts(path: string): StateFacts | undefined {
  try {
    const { model, tokens, tokensHash, bytes, checksum } = JSON.parse(readFileSync(path, 'utf8'));
    const isValid =
      [tokens, bytes, checksum].every(Number.isInteger) &&
      [model, tokensHash].every((text) => typeof text === 'string');
    return isValid ? { model, tokens, tokensHash, bytes, checksum } : undefined;
  } catch {
    return undefined;
  }
}

/** Lets the process do something else between the chunks. */
async function checksumOf(path: string): Promise<number> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const fd = openSync(path, 'r');
  try {
    let checksum = 0;
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
      checksum = crc32(chunk.subarray(0, read), checksum);
      await setImmediate();
    }
    return checksum;
  } finally {
    closeSync(fd);
  }
}
