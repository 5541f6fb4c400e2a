import { constants, open } from 'node:fs/promises';
import { ConfigError } from '../../errors.ts';
import type { ProblemCode } from '../../readers/document.ts';
import { whyNotOpened } from '../../readers/load-file.ts';
import { escapeLine } from '../../terminal-text.ts';
import type { Output } from '../output.ts';
import { askHidden } from './ask-hidden.ts';
import type { StatusLine } from './status-line.ts';

/** Passwords of one call: in memory only, and of no use to anybody else. */
export type Passwords = {
  /** Reads a file, and asks for its password up to three times where it needs one and somebody can be asked. */
  unlock<T>(file: Locked<T>): Promise<T>;
  /** What to do about files that stayed locked; `undefined` where nothing is left to say. */
  advice(code: ProblemCode | undefined): string | undefined;
};
export type Locked<T> = {
  readonly name: string;
  read(password: string | undefined): Promise<T>;
  problemOf(read: T): ProblemCode | undefined;
  /** Paused while something is asked. */
  readonly status: StatusLine;
};

const TRIES = 3;
const MAX_BYTES = 4096;

export async function createPasswords(
  { passwordFile, output }: { readonly passwordFile?: string; readonly output: Output },
  signal: AbortSignal,
): Promise<Passwords> {
  const fromFile = passwordFile === undefined ? undefined : await readPasswordFile(passwordFile, output);
  const mayAsk = fromFile === undefined && Boolean(process.stdin.isTTY && process.stderr.isTTY);
  // What opened one file of a folder often opens the next one.
  let known = fromFile;
  return {
    async unlock({ name, read, problemOf, status }) {
      let result = await read(known);
      for (let tried = 0; tried < TRIES && mayAsk && isLocked(problemOf(result)); tried += 1) {
        status.pause();
        const wrong = tried > 0 ? 'That password is wrong.\n' : '';
        const answer = await askHidden(
          `${wrong}Password of ${escapeLine(name)} (Enter skips it): `,
          signal,
        ).finally(status.resume);
        if (!answer) break;
        result = await read(answer);
        if (!isLocked(problemOf(result))) known = answer;
      }
      return result;
    },
    advice: (code) =>
      isLocked(code) && !mayAsk && fromFile === undefined
        ? 'Give the password with --password-file FILE, or call `sotto read` on a terminal to be asked for it.'
        : undefined,
  };
}

const isLocked = (code: ProblemCode | undefined) => code === 'password-needed' || code === 'password-wrong';

/** The first line of the file. */
async function readPasswordFile(path: string, output: Output): Promise<string> {
  const text = await readStart(path, output).catch((error: unknown) => {
    throw new ConfigError(`The password file ${JSON.stringify(path)}: ${whyNotOpened(error)}`);
  });
  const [line = ''] = text.replace(/^\ufeff/, '').split(/\r?\n/, 1);
  if (line === '')
    throw new ConfigError(`The first line of the password file ${JSON.stringify(path)} is empty.`);
  return line;
}

async function readStart(path: string, output: Output): Promise<string> {
  await using file = await open(path, constants.O_RDONLY);
  const { mode } = await file.stat();
  // Windows has no such bits: Node makes them up.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    output.note(
      `Others on this machine can read the password file: chmod 600 ${escapeLine(JSON.stringify(path))} keeps it to you.`,
    );
  }
  const bytes = Buffer.alloc(MAX_BYTES);
  const { bytesRead } = await file.read(bytes, 0, MAX_BYTES, null);
  return bytes.toString('utf8', 0, bytesRead);
}
