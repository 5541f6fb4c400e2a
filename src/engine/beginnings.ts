import type { PromptTokens } from '../qwen/tokenize.ts';
import { LEAST_GAIN, type SavedStates } from './saved-states.ts';
import { hashTokens } from './state-files.ts';

type Work<Value> = (states: SavedStates | undefined) => Promise<Value>;

/** Evaluates a prompt with the given states; where the system turn is just being evaluated for another conversation, this
 * one waits for it and takes its state, which is what evaluating it once costs. */
export type Beginnings = <Value>(
  prompt: PromptTokens,
  signal: AbortSignal,
  evaluate: Work<Value>,
) => Promise<Value>;

export function createBeginnings(states: SavedStates | undefined): Beginnings {
  const inHand = new Map<string, Promise<void>>();
  return async (prompt, signal, evaluate) => {
    const { tokens, systemTokens } = prompt;
    if (!states || systemTokens < LEAST_GAIN) return evaluate(states);
    const key = hashTokens(tokens, systemTokens);
    let done = () => {};
    const begin = () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      inHand.set(key, promise);
      done = () => {
        inHand.delete(key);
        done = () => {};
        resolve();
      };
    };
    try {
      return await evaluate({
        ...states,
        async find(wanted, options) {
          const isMissing = options.beyond + LEAST_GAIN <= systemTokens;
          while (isMissing && inHand.has(key)) await untilAborted(inHand.get(key), signal);
          if (isMissing) begin();
          const found = await states.find(wanted, options);
          if (found.state && found.state.tokens >= systemTokens) done();
          return found;
        },
        async saveBeginning(sequence) {
          await states.saveBeginning(sequence);
          done();
        },
      });
    } finally {
      done();
    }
  };
}

function untilAborted(promise: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    promise?.then(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}
