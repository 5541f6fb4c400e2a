import { escapeLine } from '../../terminal-text.ts';
import { keepStart } from './text-width.ts';

export type StatusLine = {
  /** Takes it away, so that something else can be written; it comes back by itself. */
  clear(): void;
  /** Keeps it away while something is asked. */
  pause(): void;
  resume(): void;
  end(): void;
};

const REDRAW_MS = 150;
/** What is done sooner needs no word. */
const FIRST_MS = 400;

/** Keeps one line at the bottom of a terminal up to date; nothing where the stream is none. */
export function createStatusLine(
  stream: NodeJS.WriteStream,
  toLine: (columns: number) => string,
): StatusLine {
  if (!stream.isTTY) return { clear: ignore, pause: ignore, resume: ignore, end: ignore };
  const started = performance.now();
  let isShown = false;
  let isPaused = false;
  const timer = setInterval(() => {
    if (isPaused || performance.now() - started < FIRST_MS) return;
    // The last column stays free: some terminals go to the next line after it.
    const columns = Math.max(20, (stream.columns || 80) - 1);
    stream.write(`\r${keepStart(escapeLine(toLine(columns)), columns)}\u001b[K`);
    isShown = true;
  }, REDRAW_MS);
  timer.unref();
  const clear = () => {
    if (isShown) stream.write('\r\u001b[K');
    isShown = false;
  };
  return {
    clear,
    pause: () => {
      isPaused = true;
      clear();
    },
    resume: () => {
      isPaused = false;
    },
    end: () => {
      clearInterval(timer);
      clear();
    },
  };
}

const ignore = () => {};
