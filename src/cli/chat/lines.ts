import { setTimeout } from 'node:timers/promises';
import type { Screen } from '../output.ts';
import type { Keyboard, KeyboardEvents } from './keyboard.ts';
import { PROMPT } from './prompt-screen.ts';

/** Who is told what a person does while something works. */
export type WorkListener = {
  text(text: string): void;
  interrupt(): void;
};

/** What a person says, text by text. */
export type Lines = {
  readonly screen: Screen;
  readonly isTerminal: boolean;
  /** The next text; nothing at the end of the input. */
  read(): Promise<string | undefined>;
  /** Until the action is over, texts and Ctrl-C go to the listener; without one, texts wait. */
  during<Value>(listener: WorkListener | undefined, action: () => Promise<Value>): Promise<Value>;
  /** Asks, and waits for one line; an empty one where it is not answered. What is typed already answers nothing. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** Puts a text into the line, for the next `read`. */
  put(text: string): void;
  /** Is read next, as if it had been typed. */
  push(text: string): void;
  /** Ctrl-C. False where that should stop the program. */
  interrupt(): boolean;
  /** No more texts. */
  end(): void;
  close(): void;
};

const GOES_ON = /(?<!\\)\\(\\\\)*$/;
const GOING_ON = '. ';
const LOOK_MS = 50;

export function createLines(openKeyboard: (events: KeyboardEvents) => Keyboard): Lines {
  const queue: string[] = [];
  let reader: ((text: string | undefined) => void) | undefined;
  let answer: ((line: string) => void) | undefined;
  let listener: WorkListener | undefined;
  let begun = '';
  let prefill = '';
  let isLeaving = false;
  let isEnded = false;
  const keyboard = openKeyboard({ onText: take, onInterrupt: interrupt, onEnd: end });

  function take(text: string): void {
    isLeaving = false;
    if (answer) answer(text);
    else if (GOES_ON.test(text)) {
      begun += `${text.slice(0, -1)}\n`;
      keyboard.show(GOING_ON);
    } else {
      const whole = begun + text;
      begun = '';
      if (listener) keyboard.hide();
      if (listener) listener.text(whole);
      else push(whole);
    }
  }

  function push(text: string): void {
    queue.push(text);
    settle();
  }

  /** Gives the reader what there is. */
  function settle(): void {
    if (!reader || (queue.length === 0 && !isEnded)) return;
    const read = reader;
    reader = undefined;
    keyboard.hide();
    read(queue.shift());
  }

  function interrupt(): boolean {
    if (!keyboard.isTerminal) return false;
    if (listener) {
      answer?.('');
      listener.interrupt();
    } else if (keyboard.clear() || begun !== '') {
      begun = '';
      if (reader) keyboard.show(PROMPT);
    } else if (isLeaving) end();
    else {
      isLeaving = true;
      keyboard.screen.write('Ctrl-C again, or Ctrl-D, ends the chat.\n');
      if (reader) keyboard.show(PROMPT);
    }
    return true;
  }

  function end(): void {
    isEnded = true;
    answer?.('');
    if (keyboard.isTerminal) listener?.interrupt();
    settle();
  }

  return {
    screen: keyboard.screen,
    isTerminal: keyboard.isTerminal,
    read() {
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      reader = resolve;
      if (queue.length === 0 && !isEnded) {
        keyboard.show(begun === '' ? PROMPT : GOING_ON);
        if (prefill !== '') keyboard.type(prefill);
        prefill = '';
      }
      settle();
      return promise;
    },
    async during(next, action) {
      listener = next;
      keyboard.hide();
      try {
        return await action();
      } finally {
        listener = undefined;
      }
    },
    async ask(question, signal) {
      if (keyboard.isTyping())
        keyboard.screen.write('(First send what you are typing, or clear it with Ctrl-U.)\n');
      while ((keyboard.isTyping() || begun !== '') && !isEnded)
        await setTimeout(LOOK_MS, undefined, { signal });
      await keyboard.dropTypedAhead();
      signal.throwIfAborted();
      if (isEnded) return '';
      const { promise, resolve } = Promise.withResolvers<string>();
      const unanswered = () => resolve('');
      answer = resolve;
      signal.addEventListener('abort', unanswered, { once: true });
      keyboard.show(question, { isKept: false });
      try {
        return await promise;
      } finally {
        answer = undefined;
        signal.removeEventListener('abort', unanswered);
        keyboard.clear();
        keyboard.hide();
      }
    },
    put(text) {
      prefill = text;
    },
    push,
    interrupt,
    end,
    close: () => keyboard.close(),
  };
}
