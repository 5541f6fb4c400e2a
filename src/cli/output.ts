import { createTerminalEscaper, escapeJsonLine, escapeLine, escapeTerminal } from '../terminal-text.ts';
import { keepStart, widthOf, wrap } from './read/text-width.ts';

/** What an output writes to: a stream of the process, or what stands before it, such as a line editor. */
export type Screen = {
  readonly isTTY: boolean;
  readonly columns?: number;
  /** Whether something else is written at the end of it at the moment, so that nothing can be drawn there. */
  readonly isTaken?: boolean;
  write(text: string): unknown;
  on(event: 'error', listen: () => void): unknown;
};

/** Where a command writes: the answer to stdout, everything else to stderr, all of it through the one escaper. */
export type Output = {
  /** Whether the same person sees both streams, so that what was streamed need not be said again. */
  readonly isTerminal: boolean;
  /** How long a line of ours may be. */
  readonly columns: number;
  /** Whether there is neither colour nor anything that is drawn over: a pipe, `NO_COLOR`, or `TERM=dumb`. */
  readonly isPlain: boolean;
  /** Aborted when nobody reads stdout any more (`| head`). */
  readonly closed: AbortSignal;
  answer(line: string): void;
  json(value: unknown): void;
  /** A line of its own, on a terminal broken between words where it is too long for it. */
  note(line: string, style?: Style): void;
  /** Shows, on a terminal, that something goes on and for how long; returns what ends it. */
  wait(what: string | (() => string)): () => void;
  /** Text that goes on in the same line. */
  progress(text: string, style?: Style): void;
  /** Ends the line that `progress` left open, if it did. */
  endLine(): void;
};
export type Style = 'dim' | 'bold' | 'red' | 'plain';

const CODES: Record<Style, string> = { dim: '2', bold: '1', red: '31', plain: '0' };
const PIPE_COLUMNS = 104;

/** Colour only where stderr is a terminal that has it and `NO_COLOR` is not set (https://no-color.org). */
export function createOutput({ stdout, stderr }: { stdout: Screen; stderr: Screen }): Output {
  const isPlain = !stderr.isTTY || Boolean(process.env.NO_COLOR) || process.env.TERM === 'dumb';
  const closed = new AbortController();
  stdout.on('error', () => closed.abort(new Error('nobody reads the output any more')));
  // Progress that nobody reads is no reason to stop the work.
  stderr.on('error', () => {});
  // One for the whole stream: a chunk may end in the middle of what only the next one decides.
  const escaper = createTerminalEscaper();
  let isLineOpen = false;
  let eraseWait = () => {};
  const progress = (text: string, style: Style = 'plain') => {
    const safe = escaper.push(text);
    if (safe === '') return;
    isLineOpen = !safe.endsWith('\n');
    eraseWait();
    // Line by line: whoever holds lines back holds whole ones, colour and its end together.
    stderr.write(
      isPlain || style === 'plain'
        ? safe
        : safe.replaceAll(/[^\n]+/g, (line) => `\u001b[${CODES[style]}m${line}\u001b[0m`),
    );
  };
  const endLine = () => {
    if (isLineOpen) progress('\n');
  };
  return {
    closed: closed.signal,
    isTerminal: Boolean(stdout.isTTY && stderr.isTTY),
    get columns() {
      return stderr.isTTY ? stderr.columns || 80 : PIPE_COLUMNS;
    },
    isPlain,
    answer: (line) => void stdout.write(`${escapeTerminal(line)}\n`),
    json: (value) => void stdout.write(`${escapeJsonLine(JSON.stringify(value))}\n`),
    wait(what) {
      if (isPlain) return () => {};
      const { erase, end } = spin(stderr, typeof what === 'string' ? () => what : what);
      eraseWait = erase;
      return end;
    },
    note: (line, style) => {
      endLine();
      progress(`${stderr.isTTY ? wrapNote(line, stderr.columns || 80) : line}\n`, style);
    },
    progress,
    endLine,
  };
}

/** Shows what Sotto warns of in its own words: what was found damaged, and what became of it. */
export function showWarnings(output: Output): void {
  const others = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'SottoWarning') return output.note(escapeLine(`sotto: ${warning.message}`));
    for (const show of others) show(warning);
  });
}

/** What is set in goes on further in. */
function wrapNote(text: string, columns: number): string {
  const lines = escapeTerminal(text).split('\n');
  return lines
    .map((line) => {
      const [start = ''] = /^ */.exec(line) ?? [];
      if (widthOf(line) <= columns) return line;
      // The last column stays free: some terminals go to the next line after it.
      return wrap(line, { columns: columns - 1, indent: start && `${start}  ` });
    })
    .join('\n');
}

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 120;

function spin(stream: Screen, what: () => string): { erase(): void; end(): void } {
  const started = performance.now();
  let frame = 0;
  let isDrawn = false;
  const erase = () => {
    if (isDrawn && !stream.isTaken) stream.write('\r\u001b[K');
    isDrawn = false;
  };
  const timer = setInterval(() => {
    if (stream.isTaken) return;
    frame += 1;
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    const line = `  ${FRAMES[frame % FRAMES.length]} ${escapeLine(what())} ${seconds} s`;
    // The last column stays free: some terminals go to the next line after it.
    isDrawn = true;
    stream.write(`\r${keepStart(line, (stream.columns || 80) - 1)}\u001b[K`);
  }, FRAME_MS);
  timer.unref();
  return {
    erase,
    end() {
      clearInterval(timer);
      erase();
    },
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
