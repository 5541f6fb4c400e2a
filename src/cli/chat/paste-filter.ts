/**
 * What a terminal marks as pasted, told apart from what is typed (bracketed paste). The marks may be cut anywhere, as they
 * are over ssh.
 */
const START = '\u001b[200~';
const END = '\u001b[201~';
const ESCAPE_MS = 50;

type PasteFilter = {
  /** To be given all that the terminal sends, in order. */
  push(chunk: string): void;
};

export function createPasteFilter({
  onKeys,
  onPaste,
}: {
  readonly onKeys: (keys: string) => void;
  readonly onPaste: (text: string) => void;
}): PasteFilter {
  let isPasting = false;
  let held = '';
  let timer: NodeJS.Timeout | undefined;
  const type = (length: number) => {
    const keys = held.slice(0, length);
    held = held.slice(length);
    if (keys !== '') onKeys(keys);
  };
  const takeMark = (): boolean => {
    const at = held.indexOf(isPasting ? END : START);
    if (at < 0) return false;
    if (isPasting) onPaste(held.slice(0, at));
    else type(at);
    held = held.slice(isPasting ? at + END.length : START.length);
    isPasting = !isPasting;
    return true;
  };
  return {
    push(chunk) {
      clearTimeout(timer);
      held += chunk;
      while (takeMark());
      if (isPasting) return;
      type(held.length - lengthOfBegunMark(held));
      // The key Escape looks like the beginning of a mark.
      if (held.length === 1) timer = setTimeout(() => type(1), ESCAPE_MS);
    },
  };
}

/** How much of the end may be the beginning of a mark. */
function lengthOfBegunMark(text: string): number {
  for (let length = START.length - 1; length > 0; length -= 1) {
    if (text.endsWith(START.slice(0, length))) return length;
  }
  return 0;
}
