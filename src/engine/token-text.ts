/** Most tokens that one character takes: four bytes of UTF-8, a token each. */
const LONGEST_CHARACTER = 4;

/** Makes a decoder of streamed tokens that waits for the rest of a character whose bytes come in several tokens. */
export function createTokenText(decode: (tokens: readonly number[]) => string) {
  let pending: number[] = [];
  return {
    push(token: number): string {
      pending.push(token);
      const text = decode(pending);
      if (text.endsWith('\ufffd') && pending.length < LONGEST_CHARACTER) return '';
      pending = [];
      return text;
    },
    /** What is left of a character that never became whole. */
    flush(): string {
      const text = pending.length > 0 ? decode(pending) : '';
      pending = [];
      return text;
    },
  };
}
