import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { VaultError } from '../errors.ts';
import type { VaultAnswer, VaultRequest } from './vault-protocol.ts';

/** A passphrase costs seconds on a slow machine; a hundred times that is a thread that hangs. */
const MOST_MS = 120_000;
/** A thread that cannot start cannot say so: this one sleeps. */
const MOST_START_MS = 20_000;

type Thread = { ask(request: VaultRequest): VaultAnswer };

let thread: Thread | undefined;

/** Asks the thread that holds the keys, and sleeps until it has answered. Throws `VaultError` where it cannot. */
export function askVault(request: VaultRequest): Exclude<VaultAnswer, { readonly type: 'failed' }> {
  thread ??= startThread();
  const answer = thread.ask(request);
  if (answer.type !== 'failed') return answer;
  throw new VaultError(`Nothing can be encrypted or decrypted: ${answer.reason}. Nothing was changed.`);
}

function startThread(): Thread {
  const file = new URL(`./vault-worker${import.meta.filename.slice(-3)}`, import.meta.url);
  const { port1, port2 } = new MessageChannel();
  const bell = new Int32Array(new SharedArrayBuffer(4));
  // No streams of its own: a warning in one that nobody reads would keep the program alive. No execArgv: a thread with
  // flags of its own would lose the program's permission flags.
  const worker = new Worker(file, {
    workerData: { port: port2, bell },
    transferList: [port2],
  });
  worker.on('error', () => {}).unref();
  port1.unref();
  let isHanging = Atomics.wait(bell, 0, 0, MOST_START_MS) === 'timed-out';
  return {
    ask(request) {
      if (isHanging) return HANGING;
      Atomics.store(bell, 0, 0);
      port1.postMessage(request);
      isHanging = Atomics.wait(bell, 0, 0, MOST_MS) === 'timed-out';
      return receiveMessageOnPort(port1)?.message ?? HANGING;
    },
  };
}

const HANGING: VaultAnswer = { type: 'failed', reason: 'the thread that does it does not answer' };
