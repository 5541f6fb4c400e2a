import { setImmediate } from 'node:timers/promises';

/** Nobody notices that a program does not listen for so long. */
const LONGEST_MS = 50;

/** For long work in one thread: called between its parts, it lets others work from time to time. Rejects with the signal's
 * reason once that is aborted. */
export function createPauses(signal?: AbortSignal): () => Promise<void> | void {
  let last = performance.now();
  const pause = async () => {
    await setImmediate();
    last = performance.now();
    signal?.throwIfAborted();
  };
  return () => (performance.now() - last > LONGEST_MS ? pause() : undefined);
}
