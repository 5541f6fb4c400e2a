/**
 * A file of lines that only grows, for what must not be lost: journals and ledgers.
 *
 * Contract: `append` returns once the line is written, and with `durable` once it is on the disk. After a line that could
 * not be written whole it takes no more: the next one would stand behind half a line.
 */
import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export type DurableLines = {
  /** The line without its end; it must not hold one. */
  append(line: string): void;
  /** May be called twice. */
  close(): void;
};

type LinesOptions = {
  readonly path: string;
  /** Whose lines these are, for sentences: the run, the job. */
  readonly owner: string;
  /** Whether the file must not be there yet. Default: it is gone on with. */
  readonly isNew?: boolean;
  /** Whether lines are forced to the disk before `append` returns. Default: true. */
  readonly durable?: boolean;
  /** What is thrown: the error of that store, with what the system said. */
  readonly toError: (problem: string, cause?: unknown) => Error;
};

// Node's permission model refuses fsync, whatever it was granted; a file opened with O_DSYNC needs none, and is faster.
// O_DSYNC is not there on Windows, where a line is as durable as the system makes it.
/** Follows no link: what it leads to may be anywhere. Does not wait where something else has the name, such as a pipe. */
const APPEND =
  constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const NEWLINE = 0x0a;

/** Opens the file, and makes its folder where there is none; both are readable by their owner only. */
export function openLines({
  path,
  owner,
  isNew = false,
  durable = true,
  toError,
}: LinesOptions): DurableLines {
  const attempt = <Value>(action: () => Value): Value => {
    try {
      return action();
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw toError(
        `cannot be written (${code}), so the ${owner} stops here. Nothing earlier is lost.`,
        cause,
      );
    }
  };
  const { fd, isWhole } = attempt(() => open(path, isNew, durable));
  // Behind half a line, that of a crash, the next one begins on a line of its own.
  let before = isWhole ? '' : '\n';
  // A line that could not be written whole stays the last one: what failed then is said of every later one too.
  let failure: unknown;
  // A closed number may belong to another file.
  let isClosed = false;
  return {
    append(line) {
      if (isClosed) throw toError(`is closed: its ${owner} is over.`);
      if (failure !== undefined) throw failure;
      try {
        attempt(() => writeAll(fd, Buffer.from(`${before}${line}\n`)));
      } catch (error) {
        failure = error;
        throw error;
      }
      before = '';
    },
    close() {
      if (!isClosed) closeSync(fd);
      isClosed = true;
    },
  };
}

function open(path: string, isNew: boolean, durable: boolean): { fd: number; isWhole: boolean } {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const flags = APPEND | (isNew ? constants.O_EXCL | constants.O_WRONLY : constants.O_RDWR);
  const fd = openSync(path, durable ? flags | (constants.O_DSYNC ?? 0) : flags, 0o600);
  try {
    if (!fstatSync(fd).isFile()) throw Object.assign(new Error('not a file'), { code: 'ENOTSUP' });
    return { fd, isWhole: isNew || endsInLine(fd) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function endsInLine(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(fd, last, 0, 1, size - 1) === 1 && last[0] === NEWLINE);
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset);
}
