import { createTerminalEscaper, escapeJsonLine, escapeLine, escapeTerminal } from '../terminal-text.ts';

/** Where a command writes: the answer to stdout, everything else to stderr, all of it through the one escaper. */
export type Output = {
  /** Whether the same person sees both streams, so that what was streamed need not be said again. */
  readonly isTerminal: boolean;
  /** Aborted when nobody reads stdout any more (`| head`). */
  readonly closed: AbortSignal;
  answer(line: string): void;
  json(value: unknown): void;
  note(line: string): void;
  /** Shows, on a terminal, that something goes on and for how long; returns what ends it. */
  wait(what: string): () => void;
  /** Text that goes on in the same line. */
  progress(text: string, style?: Style): void;
};
export type Style = 'dim' | 'bold' | 'red' | 'plain';

const CODES: Record<Style, string> = { dim: '2', bold: '1', red: '31', plain: '0' };

/** Colour only where stderr is a terminal and `NO_COLOR` is not set (https://no-color.org). */
export function createOutput({
  stdout,
  stderr,
}: {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}): Output {
  const colored = stderr.isTTY && !process.env.NO_COLOR;
  const closed = new AbortController();
  stdout.on('error', () => closed.abort(new Error('nobody reads the output any more')));
  // Progress that nobody reads is no reason to stop the work.
  stderr.on('error', () => {});
  // One for the whole stream: a chunk may end in the middle of what only the next one decides.
  const escaper = createTerminalEscaper();
  const progress = (text: string, style: Style = 'plain') => {
    const safe = escaper.push(text);
    stderr.write(colored && style !== 'plain' ? `\u001b[${CODES[style]}m${safe}\u001b[0m` : safe);
  };
  return {
    closed: closed.signal,
    isTerminal: Boolean(stdout.isTTY && stderr.isTTY),
    answer: (line) => void stdout.write(`${escapeTerminal(line)}\n`),
    json: (value) => void stdout.write(`${escapeJsonLine(JSON.stringify(value))}\n`),
    wait: (what) => (stderr.isTTY ? spin(stderr, what) : () => {}),
    note: (line) => progress(`${line}\n`),
    progress,
  };
}

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 120;

function spin(stream: NodeJS.WriteStream, what: string): () => void {
  const started = performance.now();
  let frame = 0;
  const timer = setInterval(() => {
    frame += 1;
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    stream.write(`\r  ${FRAMES[frame % FRAMES.length]} ${what} ${seconds} s`);
  }, FRAME_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (frame > 0) stream.write('\r\u001b[K');
    frame = 0;
  };
}

/** Rows in columns of equal width, two spaces between; a cell is one line. */
export function toTable(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(escapeLine));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
