import type { RunEvent } from '../events.ts';

/** A run that works: its result when it is awaited, its events when it is iterated. */
export type Run<Result> = Promise<Result> &
  AsyncIterable<RunEvent> & {
    /** Says something while the run works: it is taken in at the next step's edge. False once the run is over, and then
     * nothing was taken. */
    send(text: string): boolean;
  };

type Listener = (event: RunEvent) => void;

/** Starts the work and makes its handle. Events are kept for whoever begins to iterate before the first of them. */
export function createRun<Result>(
  work: (emit: Listener) => Promise<Result>,
  send: (text: string) => boolean,
): Run<Result> {
  const listeners = new Set<Listener>();
  const result = Promise.resolve().then(() =>
    work((event) => listeners.forEach((listen) => void listen(event))),
  );
  const iterate = (): AsyncGenerator<RunEvent, void> => {
    const queue: RunEvent[] = [];
    let wake = () => {};
    const listen = (event: RunEvent) => {
      queue.push(event);
      wake();
    };
    // At once, and not at the first `next`: nothing that happens until then is missed.
    listeners.add(listen);
    let isOver = false;
    const over = () => {
      isOver = true;
      wake();
    };
    result.then(over, over);
    return (async function* () {
      try {
        while (true) {
          yield* queue.splice(0);
          if (isOver && queue.length === 0) break;
          if (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        }
        // What made the run fail is thrown here too.
        await result;
      } finally {
        listeners.delete(listen);
      }
    })();
  };
  return Object.assign(result, { send, [Symbol.asyncIterator]: iterate });
}
