import type { Key } from 'node:readline';
import { createInterface } from 'node:readline/promises';
import { StringDecoder } from 'node:string_decoder';

/** What a person types at a question; Ctrl-C and Ctrl-D are `q`, as is the end of the input. */
export type ReviewKeys = {
  /** One key, as a small letter. Rejects with the signal's reason. */
  key(question: string, signal: AbortSignal): Promise<string>;
  /** A line with this in it at the beginning; `undefined` where it was left by Escape, Ctrl-C or Ctrl-D. */
  line(question: string, start: string, signal: AbortSignal): Promise<string | undefined>;
};

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const ESCAPE = '\u001b';

/** Behind which an Escape is no beginning of an arrow or function key. */
const ESCAPE_MS = 50;

export const terminalKeys: ReviewKeys = { key: askKey, line: askLine };

async function askKey(question: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const { stdin, stderr } = process;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const decoder = new StringDecoder('utf8');
  const take = (chunk: Buffer) => {
    const text = decoder.write(chunk);
    // An arrow or a function key means nothing here, and the letters in it neither.
    if (text === '' || text.startsWith(ESCAPE)) return;
    // What is pasted, or typed ahead, must not decide about values that nobody has seen.
    const [key = ''] = text;
    resolve(key === CTRL_C || key === CTRL_D ? 'q' : key.toLowerCase());
  };
  const end = () => resolve('q');
  const abort = () => reject(signal.reason);
  stdin.setRawMode(true);
  stdin.on('data', take).once('end', end).resume();
  // Only now: a Ctrl-C at the question is a key.
  stderr.write(question);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const key = await promise;
    stderr.write(/^[a-z?]$/.test(key) ? `${key}\n` : '\n');
    return key;
  } finally {
    stdin.off('data', take).off('end', end).pause();
    stdin.setRawMode(false);
    signal.removeEventListener('abort', abort);
  }
}

async function askLine(question: string, start: string, signal: AbortSignal): Promise<string | undefined> {
  const { stdin, stderr } = process;
  const prompt = createInterface({
    input: stdin,
    output: stderr,
    historySize: 0,
    escapeCodeTimeout: ESCAPE_MS,
  });
  const { promise: left, resolve } = Promise.withResolvers<undefined>();
  const leave = () => {
    stderr.write('\n');
    resolve(undefined);
  };
  const take = (_text: unknown, { name }: Key) => {
    if (name === 'escape') leave();
  };
  prompt.once('SIGINT', leave).once('close', () => resolve(undefined));
  stdin.on('keypress', take);
  try {
    const answer = prompt.question(question, { signal });
    prompt.write(start);
    return await Promise.race([answer, left]);
  } finally {
    stdin.off('keypress', take);
    prompt.close();
  }
}
