/**
 * Decodes that come in rounds: all sequences that have tokens to evaluate are evaluated in one batch.
 *
 * Left to itself, node-llama-cpp decodes three of four sequences at a time. After a batch it hands out the sampled tokens
 * one by one, and asks at once whether anybody has queued again: those who got theirs first have, the last one has not,
 * so the next batch goes without it, and so on. As long as anybody is in time it also keeps the context locked, and
 * whoever wants to take a checkpoint waits until the others have written their messages.
 */

/** Begins the decode together with all others that wait. */
export type Rounds = <Value>(decode: () => Promise<Value>) => Promise<Value>;

/** A round begins when the one before it is over, a turn of the event loop later: then all who go on have asked again,
 * and the library has let go of the context. */
export function createRounds(): Rounds {
  let waiting: (() => void)[] = [];
  let working = 0;
  let isOpening = false;
  const open = () => {
    isOpening = false;
    const round = waiting;
    waiting = [];
    working = round.length;
    for (const begin of round) begin();
  };
  const openNext = () => {
    if (isOpening || working > 0 || waiting.length === 0) return;
    isOpening = true;
    setImmediate(open);
  };
  return async (decode) => {
    await new Promise<void>((begin) => {
      waiting.push(begin);
      openNext();
    });
    try {
      return await decode();
    } finally {
      working -= 1;
      openNext();
    }
  };
}
