/** The passphrase of a `.sotto` folder: asked for on a terminal without being shown, or read from an open file. */
import { readSync } from 'node:fs';
import { ConfigError } from '../errors.ts';
import { UsageError } from './command.ts';
import { askHidden } from './read/ask-hidden.ts';

const OPTION = '--passphrase-fd';
const MOST_BYTES = 4096;
const NEWLINE = 0x0a;
const TRIES = 3;

/** Of this call of the program. The arguments and the environment of a process can be read by others, an open file not. */
let descriptor: number | undefined;

/** Takes `--passphrase-fd N` out of the arguments of whatever command. Throws a UsageError where N is no number. */
export function takePassphraseFd(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  const at = args.findIndex((word) => word === OPTION || word.startsWith(`${OPTION}=`));
  if (at < 0 || (end >= 0 && at > end)) return args;
  const word = args[at] ?? '';
  const isJoined = word !== OPTION;
  const value = isJoined ? word.slice(OPTION.length + 1) : (args[at + 1] ?? '');
  if (!/^\d{1,9}$/.test(value)) {
    throw new UsageError(
      `${OPTION} takes the number of an open file, such as 3 with "3<FILE", not ${JSON.stringify(value)}.`,
    );
  }
  descriptor = Number(value);
  return args.toSpliced(at, isJoined ? 1 : 2);
}

/** Asks for the passphrase and uses it, again where it is wrong and somebody can be asked. Throws `ConfigError` where nobody
 * can be asked, and what `use` throws. */
export async function withPassphrase<Value>(
  question: string,
  { use, isWrong }: { use(passphrase: string): Value; isWrong(error: unknown): boolean },
): Promise<Value> {
  for (let tried = 1; ; tried += 1) {
    const passphrase = await ask(question);
    try {
      return use(passphrase);
    } catch (error) {
      if (tried === TRIES || descriptor !== undefined || !isWrong(error)) throw error;
      process.stderr.write('That passphrase is wrong.\n');
    }
  }
}

/** A new one, twice on a terminal. Throws `ConfigError` where nobody can be asked, or the two differ. */
export async function askNewPassphrase(): Promise<string> {
  if (descriptor !== undefined) return ask('');
  const passphrase = await ask('New passphrase, four or five words by chance: ');
  if (passphrase === (await ask('The same again: '))) return passphrase;
  throw new ConfigError('The two are not the same. Nothing was changed. Try again.');
}

async function ask(question: string): Promise<string> {
  if (descriptor !== undefined) return readLine(descriptor);
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new ConfigError(
      `A passphrase is needed, and nobody can be asked. Nothing was read or written. Call \`sotto\` on a terminal, or give it from an open file: ${OPTION} 3 3<FILE.`,
    );
  }
  const answer = await askHidden(question, new AbortController().signal);
  if (answer) return answer;
  throw new ConfigError('No passphrase was given. Nothing was read or written.');
}

/** The next line, and no byte behind it: what follows may be another passphrase, or what is typed into a chat. */
function readLine(fd: number): string {
  const bytes: number[] = [];
  const next = Buffer.alloc(1);
  while (bytes.length < MOST_BYTES && readByte(fd, next) && next[0] !== NEWLINE) bytes.push(next[0] ?? 0);
  const line = Buffer.from(bytes).toString('utf8').replace(/\r$/, '');
  if (line !== '') return line;
  throw new ConfigError(`There is no passphrase in the open file ${fd} (${OPTION}). Nothing was changed.`);
}

function readByte(fd: number, into: Buffer): boolean {
  for (;;) {
    try {
      return readSync(fd, into, 0, 1, null) === 1;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'EOF') return false;
      if (code !== 'EAGAIN')
        throw new ConfigError(`The open file ${fd} (${OPTION}) cannot be read (${code}).`, { cause });
      // A pipe that others have set not to wait, and that has nothing yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
