import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { joinPasted, type Keyboard, type KeyboardEvents, TYPED_AHEAD_MS } from './keyboard.ts';

/** Lines as they come: from a pipe, or from a terminal that draws nothing (`TERM=dumb`), whose own driver edits them. */
export function openPlainKeyboard(
  { stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>,
  { onText, onEnd, isTerminal }: KeyboardEvents & { readonly isTerminal: boolean },
): Keyboard {
  const lines = createInterface({ input: stdin, terminal: false });
  const join = joinPasted((pasted) => onText(pasted.join('\n')));
  let isListening = true;
  lines.on('line', (line) => {
    if (!isListening) return;
    if (isTerminal) join(line);
    else onText(line);
  });
  lines.once('close', onEnd);
  return {
    screen: stderr,
    isTerminal,
    show: (prompt) => void (isTerminal && stderr.write(prompt)),
    hide() {},
    isTyping: () => false,
    // There is no way to put it into the driver's line.
    type() {},
    clear() {
      // The driver did it, and left a ^C there.
      stderr.write('\n');
      return false;
    },
    async dropTypedAhead() {
      if (!isTerminal) return;
      isListening = false;
      // Only so what is typed and not ended by Enter comes too.
      stdin.setRawMode(true);
      await setTimeout(TYPED_AHEAD_MS);
      stdin.setRawMode(false);
      isListening = true;
    },
    close: () => lines.close(),
  };
}
