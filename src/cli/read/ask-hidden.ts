import { StringDecoder } from 'node:string_decoder';

/**
 * Asks on the terminal and shows nothing of the answer. `undefined` at Ctrl-D or the end of the input; Ctrl-C goes to
 * the program as a signal. Rejects with the signal's reason.
 */
export async function askHidden(question: string, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  const { stdin, stderr } = process;
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const decoder = new StringDecoder('utf8');
  let answer = '';
  const take = (chunk: Buffer) => {
    // An arrow or a function key: its letters are not part of a password.
    if (chunk[0] === ESCAPE) return;
    for (const key of decoder.write(chunk)) {
      if (key === '\r' || key === '\n') return resolve(answer);
      if (key === CTRL.D) return resolve(undefined);
      if (key === CTRL.C) process.kill(process.pid, 'SIGINT');
      else if (key === CTRL.U) answer = '';
      else if (key === CTRL.H || key === DELETE) answer = [...answer].slice(0, -1).join('');
      else if (key >= ' ') answer += key;
    }
  };
  const end = () => resolve(undefined);
  const abort = () => reject(signal.reason);
  stdin.setRawMode(true);
  stderr.write(question);
  // It was paused by the question before this one, if any: a listener alone does not start it again.
  stdin.on('data', take).once('end', end).resume();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await promise;
  } finally {
    stdin.off('data', take).off('end', end).pause();
    stdin.setRawMode(false);
    signal.removeEventListener('abort', abort);
    stderr.write('\n');
  }
}

const ESCAPE = 0x1b;
const DELETE = '\u007f';
const CTRL = { C: '\u0003', D: '\u0004', H: '\b', U: '\u0015' } as const;
