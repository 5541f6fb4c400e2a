import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout } from 'node:timers/promises';
import { TYPED_AHEAD_MS } from './keyboard.ts';
import { createPasteFilter } from './paste-filter.ts';

export type TerminalKeys = {
  /** What readline listens to: keys only. */
  readonly input: PassThrough;
  dropTypedAhead(): Promise<void>;
  close(): void;
};

/** What a terminal sends, pastes taken out of it. */
export function readTerminalKeys(
  stdin: NodeJS.ReadStream,
  options: {
    /** False for keys that mean nothing now. */
    readonly isWanted: (keys: string) => boolean;
    readonly onPaste: (text: string) => void;
  },
): TerminalKeys {
  const input = Object.assign(new PassThrough(), {
    // Readline sets it on what it listens to; the terminal has to get it.
    setRawMode: (isRaw: boolean) => void stdin.setRawMode(isRaw),
  });
  const decoder = new StringDecoder('utf8');
  let isDropping = false;
  const { push } = createPasteFilter({
    // At once, and not through the stream, so that keys and pastes stay in order; one by one, since readline loses count of
    // its rows where several come together.
    onKeys(keys) {
      if (options.isWanted(keys)) for (const key of keys) input.emit('data', key);
    },
    onPaste: options.onPaste,
  });
  const take = (chunk: Buffer) => {
    const text = decoder.write(chunk);
    if (!isDropping) push(text);
  };
  const end = () => void input.emit('end');
  // The question for a passphrase has paused it: a listener alone does not start it again.
  stdin.on('data', take).resume();
  stdin.once('end', end);
  return {
    input,
    async dropTypedAhead() {
      isDropping = true;
      await setTimeout(TYPED_AHEAD_MS);
      isDropping = false;
    },
    close() {
      stdin.off('data', take);
      stdin.off('end', end);
      stdin.pause();
    },
  };
}
