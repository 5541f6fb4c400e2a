import type { RunEvent } from '../events.ts';

/** A run that works: its result when it is awaited, its events when it is iterated, all of them from the first on. */
export type Run<Result> = Promise<Result> &
  AsyncIterable<RunEvent> & {
    /** Says something while the run works: it is taken in at the next step's edge. False once the run is over, and then
     * nothing was taken. */
    send(text: string): boolean;
  };

/** Starts the work and makes its handle. */
export function createRun<Result>(
  work: (tell: (event: RunEvent) => void) => Promise<Result>,
  send: (text: string) => boolean,
): Run<Result> {
  const events: RunEvent[] = [];
  let news = Promise.withResolvers<void>();
  let isOver = false;
  const tellNews = () => {
    news.resolve();
    news = Promise.withResolvers();
  };
  const start = async () => {
    try {
      return await work((event) => {
        events.push(event);
        tellNews();
      });
    } finally {
      isOver = true;
      tellNews();
    }
  };
  // Whoever starts it has its handle before it begins.
  const result = Promise.resolve().then(start);
  async function* iterate(): AsyncGenerator<RunEvent, void> {
    for (let next = 0; next < events.length || !isOver; ) {
      const event = events[next];
      if (!event) await news.promise;
      else {
        next += 1;
        yield event;
      }
    }
    // What broke the run is thrown here too.
    await result;
  }
  return Object.assign(result, {
    send,
    [Symbol.asyncIterator]() {
      // Who iterates learns of an error at the end of the loop: until then it is not an unhandled one.
      result.catch(() => {});
      return iterate();
    },
  });
}
