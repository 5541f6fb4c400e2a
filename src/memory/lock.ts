/**
 * One writer at a time: a lock names its process, and is taken over when that is dead.
 *
 * Contract: of any number of processes that acquire, take over and release, one has the lock. It is a folder with a
 * numbered entry for each time it was taken. The highest one counts, and is never removed: whoever finds it released or its
 * process dead makes the next number, which only one can, and has the lock if there is no higher one then. (Deleting a
 * dead process's lock would not do: of two that find it, the slower deletes the lock of the faster.) Processes of other
 * machines and containers cannot be told.
 */
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { LockError } from '../errors.ts';
import { localTime } from './local-time.ts';

export type Lock = Disposable & {
  /** May be called twice. */
  release(): void;
};

type Owner = {
  readonly pid: number;
  /** When the process started, where the system tells: its number may be another's by now. */
  readonly started?: string;
  /** When it took the lock, ISO 8601; for people only. */
  readonly since?: string;
};
export type LockOptions = {
  /** A folder for the lock alone. */
  readonly folder: string;
  /** What is locked, for people, to begin a sentence: `The job 3f…`. */
  readonly what: string;
};

/** So many old entries stay, for those that are reading the folder at this moment. */
const KEPT_ENTRIES = 4;
const OWNER = 'owner.json';
const PART = 'part-';
const IS_ENTRY = /^[1-9]\d*$/;

/** Takes the lock. Throws `LockError` at once where a living process has it, this one too, and what the system says where
 * the folder cannot be written. */
export function acquireLock({ folder, what }: LockOptions): Lock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (;;) {
    const last = highest(folder);
    const owner = last === 0 ? undefined : readOwner(join(folder, String(last)));
    if (owner && isAlive(owner)) throw refusal(what, owner);
    if (!makeEntry(folder, last + 1)) continue;
    if (highest(folder) > last + 1) {
      // The folder was read before others took the lock and gave it back: this number was theirs, and does not count.
      rmSync(join(folder, String(last + 1)), { recursive: true, force: true });
      continue;
    }
    removeOld(folder, last + 1);
    return toLock(join(folder, String(last + 1), OWNER));
  }
}

/** Whether a living process has the lock, this one too. Takes nothing, so it keeps nobody out; it is true for this moment
 * only. Throws what the system says where the folder cannot be listed. */
export function isLocked(folder: string): boolean {
  const last = timesTaken(folder);
  const owner = last === 0 ? undefined : readOwner(join(folder, String(last)));
  return owner !== undefined && isAlive(owner);
}

/** How often the lock was taken so far. Throws as `isLocked` does. */
export const timesTaken = (folder: string): number => (existsSync(folder) ? highest(folder) : 0);

function refusal(what: string, { pid, since = '' }: Owner): LockError {
  const time = pid === process.pid ? undefined : localTime(since);
  return new LockError({ what: time === undefined ? what : `${what} was locked at ${time} and`, pid });
}

function toLock(path: string): Lock {
  let isReleased = false;
  const release = () => {
    if (isReleased) return;
    isReleased = true;
    try {
      truncateSync(path);
    } catch {
      renameAway(path);
    }
  };
  return { release, [Symbol.dispose]: release };
}

/** Works where too many files are open. The entry must not be empty: it could be made once more. */
function renameAway(path: string): void {
  try {
    renameSync(path, `${path}.released`);
  } catch {
    // The folder is gone, or not writable: then the lock ends with the process.
  }
}

const entriesOf = (folder: string): readonly number[] =>
  readdirSync(folder)
    .filter((name) => IS_ENTRY.test(name))
    .map(Number);

const highest = (folder: string): number => Math.max(0, ...entriesOf(folder));

/** Whole or not at all, and only if nobody has made it: a folder cannot be renamed to one that holds something. */
function makeEntry(folder: string, number: number): boolean {
  const part = join(folder, `${PART}${process.pid}-${randomUUID()}`);
  mkdirSync(part, { mode: 0o700 });
  try {
    writeFileSync(join(part, OWNER), JSON.stringify(ownOwner()), { mode: 0o600 });
    renameSync(part, join(folder, String(number)));
    return true;
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    const code = String((error as NodeJS.ErrnoException).code);
    // It may be gone again by now, as an old entry.
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    // What Windows says, of a folder that must not be written too.
    if (code === 'EPERM' && entriesOf(folder).includes(number)) return false;
    throw error;
  }
}

function removeOld(folder: string, own: number): void {
  for (const name of readdirSync(folder)) {
    if (!isOldEntry(name, own) && !isLeftPart(name)) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // Another one removes it too.
    }
  }
}

const isOldEntry = (name: string, own: number): boolean =>
  IS_ENTRY.test(name) && Number(name) <= own - KEPT_ENTRIES;

/** Of a process that was killed while it made an entry. */
const isLeftPart = (name: string): boolean => {
  const pid = new RegExp(`^${PART}(\\d+)-`).exec(name)?.[1];
  return pid !== undefined && !isAlive({ pid: Number(pid) });
};

/** Nothing where the lock was released, or its entry is being removed. */
function readOwner(entry: string): Owner | undefined {
  try {
    const { pid, started, since } = JSON.parse(readFileSync(join(entry, OWNER), 'utf8'));
    if (!Number.isInteger(pid) || pid < 1) return undefined;
    return {
      pid,
      ...(typeof started === 'string' && { started }),
      ...(typeof since === 'string' && { since }),
    };
  } catch {
    return undefined;
  }
}

function ownOwner(): Owner {
  const started = startOf(process.pid);
  return { pid: process.pid, ...(started !== undefined && { started }), since: new Date().toISOString() };
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user is there too.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startOf(pid);
  return started === undefined || now === undefined || started === now;
}

/** The boot, and the ticks from it to the start of the process: field 22 of its `stat`, whose second field may hold spaces
 * and brackets. */
function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie is dead, and only waits to be asked for its end.
    return state === 'Z' || state === 'X' ? 'ended' : `${boot} ${fields[18]}`;
  } catch {
    return undefined;
  }
}
