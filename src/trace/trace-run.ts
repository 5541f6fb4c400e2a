import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { ConfigError } from '../errors.ts';
import type { RunEvent } from '../events.ts';
import { toOtlpLine } from './otlp-span.ts';
import { spansOfRun } from './spans-of-run.ts';

export type RunTrace = {
  /** For `onEvent`, or for what a run gives when it is iterated; runs may follow each other. */
  readonly onEvent: (event: RunEvent) => void;
  /** Why the file is not whole, one sentence: the disk was full, say. The run goes on. */
  readonly problem: string | undefined;
  /** Ends what is still open, and closes the file. */
  [Symbol.dispose](): void;
};

// Read too: a named pipe without a reader would otherwise be waited for.
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;
const BEGINNING = '{"resourceSpans":';

/** Writes runs as OpenTelemetry spans to a file, a line each, for your user only; a file that holds a trace already is
 * gone on with. Each span is written when it ends, so a crash loses those that were open. Throws `ConfigError` where the
 * file cannot be written. */
export function traceRun(path: string): RunTrace {
  const fd = openTrace(path);
  let isOpen = true;
  let problem: string | undefined;
  const spans = spansOfRun((span) => {
    if (problem !== undefined || !isOpen) return;
    try {
      const line = Buffer.from(toOtlpLine(span));
      for (let offset = 0; offset < line.length; ) offset += writeSync(fd, line, offset);
    } catch (error) {
      problem = `The trace ${JSON.stringify(path)} is not whole: it could not be written (${codeOf(error)}).`;
    }
  });
  return {
    onEvent: (event) => spans.take(event),
    get problem() {
      return problem;
    },
    [Symbol.dispose]() {
      if (!isOpen) return;
      spans.end();
      isOpen = false;
      closeSync(fd);
    },
  };
}

function openTrace(path: string): number {
  let fd: number | undefined;
  try {
    fd = openSync(path, FLAGS, 0o600);
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new ConfigError(refusal(path, 'it is not a file'));
    if (stats.size > 0) goOnWith(fd, stats.size, path);
    return fd;
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(refusal(path, codeOf(error)), { cause: error });
  }
}

/** Whatever else the user named by mistake stays as it is. A last line that a crash cut off is ended. */
function goOnWith(fd: number, size: number, path: string): void {
  const beginning = Buffer.alloc(BEGINNING.length);
  readSync(fd, beginning, 0, beginning.length, 0);
  if (beginning.toString('latin1') !== BEGINNING)
    throw new ConfigError(refusal(path, 'it holds something that is not a trace'));
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  if (last.toString('latin1') !== '\n') writeSync(fd, '\n');
}

const refusal = (path: string, why: string) =>
  `The trace cannot be written to ${JSON.stringify(path)} (${why}). Nothing was run; name another file.`;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
