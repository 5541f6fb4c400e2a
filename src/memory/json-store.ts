/**
 * A store: one JSON file in the `.sotto` folder that is always whole, and the version before its last change.
 *
 * Contract: `update` returns once the change is on the disk; of any number of processes that update, each works on what the
 * one before it wrote. Readers never wait. What is damaged is put aside, never overwritten; what a newer Sotto wrote is
 * left alone. lowdb keeps the data; reading, writing and the lock are ours (`writeWhole`, `waitForLock`).
 */
import { join } from 'node:path';
import { LowSync } from 'lowdb';
import { LockError, SottoError, StoreError } from '../errors.ts';
import { escapeLine } from '../terminal-text.ts';
import { explainCode, removeParts, writeWhole } from './durable-file.ts';
import type { Lock } from './lock.ts';
import { type Damage, lookInto, mend, setAside } from './store-files.ts';
import { formatStore, type StoreFormat } from './store-format.ts';
import { vaultOf } from './vault.ts';
import { waitForLock } from './wait-for-lock.ts';

export type Store<Data> = {
  /** Throws `StoreError` where it cannot be read, or is of a newer version. */
  read(): Data;
  /** Puts what the function makes of the data in its place, and returns it; the same object means no change. Waits a second
   * at most for another process. Throws `LockError` then, and `StoreError` where the disk refuses: nothing is changed. */
  update(change: (data: Data) => Data, options?: UpdateOptions): Data;
};

type UpdateOptions = {
  /** Whether the version before stays beside it; without, nothing of what was removed is left. Default: true. */
  readonly keepsPrevious?: boolean;
};

type StoreOptions<Data> = StoreFormat<Data> & {
  /** The `.sotto` folder. */
  readonly home: string;
  /** Of the file, without `.json`. */
  readonly name: string;
  /** What there is where nothing was written. */
  readonly empty: Data;
  /** Takes what a person has to know: what was damaged, and what came back. Default: a warning of the process. */
  readonly tell?: (sentence: string) => void;
};

/** The data, with the bytes they were read from; or what is wrong. */
type Look<Data> =
  | { readonly data: Data; readonly bytes?: Uint8Array; readonly damage?: undefined }
  | { readonly damage: Damage<Data> };

/** What a person has to know goes to standard error, if the program does nothing else with warnings of this name. */
export const warn = (sentence: string): void => process.emitWarning(sentence, 'SottoWarning');

/** Opens a store; nothing is made or read yet. */
export function openStore<Data extends object>({
  home,
  name,
  version,
  schema,
  empty,
  tell = warn,
}: StoreOptions<Data>): Store<Data> {
  const path = join(home, `${name}.json`);
  const previous = join(home, `${name}.previous.json`);
  const format = { version, schema };
  const say = onlyOnce((sentence) => tell(escapeLine(sentence)));

  const lock = (): Lock => {
    try {
      return waitForLock({ folder: join(home, 'locks', name), what: `The file ${path}` });
    } catch (cause) {
      if (cause instanceof SottoError) throw cause;
      const problem = `cannot be written: ${explainCode(cause)}. Nothing was changed.`;
      throw new StoreError({ path, problem, cause });
    }
  };

  const look = (): Look<Data> => {
    const vault = vaultOf(home);
    const main = lookInto(path, format, vault);
    if (main.kind === 'good') return main;
    const before = lookInto(previous, format, vault);
    if (main.kind === 'none' && before.kind === 'none') return { data: empty };
    return { damage: { main, previous: before } };
  };

  const lookLocked = () => {
    const found = look();
    if (!found.damage) return found;
    say(mend({ path, previous }, found.damage));
    const { previous: back } = found.damage;
    return back.kind === 'good' ? back : { data: empty };
  };

  const write = (data: Data, before: Uint8Array | undefined, keepsPrevious: boolean) => {
    // What could not be read back is a mistake of the caller.
    if (!schema.safeParse(data).success) {
      throw new StoreError({
        path,
        problem: 'was not changed: what was to be written does not belong in it.',
      });
    }
    const vault = vaultOf(home);
    const bytes = vault.sealFile(formatStore(data, version));
    say(setAside(previous, lookInto(previous, format, vault)));
    if (before) writeWhole(previous, keepsPrevious ? before : bytes);
    writeWhole(path, bytes);
  };

  return {
    read() {
      const found = look();
      if (!found.damage) return found.data;
      try {
        using _lock = lock();
        // A second look: another process may have mended it since.
        return lookLocked().data;
      } catch (error) {
        const { previous: before } = found.damage;
        if (before.kind !== 'good' || !(error instanceof SottoError)) throw error;
        // Whoever has the lock mends it, and says so.
        if (!(error instanceof LockError))
          say(`${error.message} What it held before its last change is read.`);
        return before.data;
      }
    },
    update(change, { keepsPrevious = true } = {}) {
      using _lock = lock();
      for (const file of [path, previous]) removeParts(file);
      let before: Uint8Array | undefined;
      const read = () => {
        const { data, bytes } = lookLocked();
        before = bytes;
        return data;
      };
      const low = new LowSync<Data>({ read, write: (data) => write(data, before, keepsPrevious) }, empty);
      low.read();
      const next = change(low.data);
      if (next === low.data) return next;
      low.data = next;
      low.write();
      return next;
    },
  };
}

/** A file that cannot be mended, on a disk that is read-only, would be spoken of at every look. */
function onlyOnce(tell: (sentence: string) => void): (sentence: string) => void {
  let told = '';
  return (sentence) => {
    if (sentence === told || sentence === '') return;
    tell(sentence);
    told = sentence;
  };
}
