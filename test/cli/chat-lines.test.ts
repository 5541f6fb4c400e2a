import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { KeyboardEvents } from '../../src/cli/chat/keyboard.ts';
import { createLines } from '../../src/cli/chat/lines.ts';

/** Lines over a keyboard that the test types on. */
function openLines({ isTerminal = true } = {}) {
  const shown: string[] = [];
  const written: string[] = [];
  let typed = '';
  let events: KeyboardEvents | undefined;
  const lines = createLines((given) => {
    events = given;
    return {
      screen: { isTTY: isTerminal, on() {}, write: (text: string) => written.push(text) },
      isTerminal,
      show: (prompt) => void shown.push(prompt),
      hide() {},
      isTyping: () => typed !== '',
      type(text) {
        typed = text;
      },
      clear() {
        const wasTyping = typed !== '';
        typed = '';
        return wasTyping;
      },
      async dropTypedAhead() {},
      close() {},
    };
  });
  return {
    lines,
    shown,
    written,
    type: (text: string) => {
      typed = text;
    },
    typed: () => typed,
    enter(text = typed) {
      typed = '';
      events?.onText(text);
    },
    interrupt: () => events?.onInterrupt(),
    end: () => events?.onEnd(),
  };
}

const never = new AbortController().signal;

test('a question waits until the line that is typed is sent, which does not answer it', async () => {
  const { lines, shown, type, enter } = openLines();
  const said: string[] = [];
  const listener = { text: (text: string) => said.push(text), interrupt() {} };
  type('y');
  const answer = lines.during(listener, () => lines.ask('Allow it? ', never));
  await setTimeout(10);
  expect(shown).toEqual([]);
  enter();
  expect(said).toEqual(['y']);
  while (!shown.includes('Allow it? ')) await setTimeout(5);
  enter('n');
  expect(await answer).toBe('n');
  expect(said).toEqual(['y']);
});

test('a question is answered by nothing at Ctrl-C, at the end of the input and at an abort', async () => {
  for (const leave of ['interrupt', 'end', 'abort'] as const) {
    const { lines, shown, ...keyboard } = openLines();
    const stopped = new AbortController();
    let interrupts = 0;
    const listener = {
      text() {},
      interrupt: () => {
        interrupts += 1;
      },
    };
    const answer = lines.during(listener, () => lines.ask('Allow it? ', stopped.signal));
    while (shown.length === 0) await setTimeout(5);
    if (leave === 'abort') stopped.abort();
    else keyboard[leave]();
    expect(await answer).toBe('');
    expect(interrupts).toBe(leave === 'abort' ? 0 : 1);
  }
});

test('a line that ends in a backslash goes on, one that ends in two does not', async () => {
  const { lines, enter } = openLines();
  const text = lines.read();
  enter('one\\');
  enter('two\\');
  enter('three\\\\');
  expect(await text).toBe('one\ntwo\nthree\\\\');
});

test('Ctrl-C clears what is typed, then warns, and then ends; a message in between begins anew', async () => {
  const { lines, written, type, typed, enter, interrupt } = openLines();
  const first = lines.read();
  type('half');
  interrupt();
  expect({ typed: typed(), written }).toEqual({ typed: '', written: [] });
  interrupt();
  expect(written).toHaveLength(1);
  enter('hello');
  expect(await first).toBe('hello');
  const second = lines.read();
  interrupt();
  expect(written).toHaveLength(2);
  interrupt();
  expect(await second).toBeUndefined();
});

test('Ctrl-C ends the program where there is no terminal, and texts of a pipe wait for their turn', async () => {
  const { lines, enter, end } = openLines({ isTerminal: false });
  expect(lines.interrupt()).toBe(false);
  const work = lines.during(undefined, async () => {
    enter('one');
    enter('two');
    end();
  });
  await work;
  expect([await lines.read(), await lines.read(), await lines.read()]).toEqual(['one', 'two', undefined]);
});

test('a text that is put back stands in the line of the next prompt', async () => {
  const { lines, typed, enter } = openLines();
  lines.put('again');
  const text = lines.read();
  expect(typed()).toBe('again');
  enter();
  expect(await text).toBe('again');
});
