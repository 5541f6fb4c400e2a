import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStatusLine } from '../../src/cli/read/status-line.ts';

const LONG_ENOUGH_MS = 1000;
const CLEAR = '\u001b[K';

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => vi.useRealTimers());

/** A terminal, or a pipe where `columns` is missing, that keeps what it is sent. */
function createStream(columns?: number) {
  const written: string[] = [];
  const stream = { isTTY: columns !== undefined, columns, write: (text: string) => written.push(text) };
  const take = () => written.splice(0).join('');
  return { stream: stream as unknown as NodeJS.WriteStream, take };
}

test('the status line is not shown for what is done at once, and goes when it ends', () => {
  const { stream, take } = createStream(80);
  const status = createStatusLine(stream, () => 'working');
  vi.advanceTimersByTime(300);
  expect(take()).toBe('');
  vi.advanceTimersByTime(LONG_ENOUGH_MS);
  expect(take()).toContain(`\rworking${CLEAR}`);
  status.end();
  expect(take()).toBe(`\r${CLEAR}`);
  vi.advanceTimersByTime(LONG_ENOUGH_MS);
  expect(take()).toBe('');
});

test('the status line comes back after other output, but not while something is asked', () => {
  const { stream, take } = createStream(80);
  const status = createStatusLine(stream, () => 'working');
  vi.advanceTimersByTime(LONG_ENOUGH_MS);
  status.clear();
  expect(take().endsWith(`\rworking${CLEAR}\r${CLEAR}`)).toBe(true);
  vi.advanceTimersByTime(LONG_ENOUGH_MS);
  status.pause();
  expect(take().endsWith(`\rworking${CLEAR}\r${CLEAR}`)).toBe(true);
  vi.advanceTimersByTime(LONG_ENOUGH_MS);
  expect(take()).toBe('');
  status.resume();
  vi.advanceTimersByTime(LONG_ENOUGH_MS);
  expect(take()).toContain('working');
  status.end();
});

test('the status line stays in its line, and lets nothing of a file name steer the terminal', () => {
  const { stream, take } = createStream(30);
  const status = createStatusLine(stream, () => `a\u001b[2J\n${'x'.repeat(99)}`);
  vi.advanceTimersByTime(LONG_ENOUGH_MS);
  status.end();
  expect(take().split(CLEAR)[0]).toBe(`\ra\\x1b[2J\\x0a${'x'.repeat(16)}…`);
});

test('nothing is shown where nobody looks', () => {
  const { stream, take } = createStream();
  createStatusLine(stream, () => 'working');
  vi.advanceTimersByTime(LONG_ENOUGH_MS);
  expect(take()).toBe('');
});
