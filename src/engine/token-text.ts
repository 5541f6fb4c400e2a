/** The bytes of a character that is not whole yet, at most three, each read as one that is no text. */
const UNFINISHED = /\ufffd{1,3}$/;
/** Tokens that may come without the end of a token being the end of a character; some do, none in so long a row. */
const MOST_PENDING = 64;

/** Makes a decoder of streamed tokens that waits for the rest of a character whose bytes come in several tokens. */
export function createTokenText(decode: (tokens: readonly number[]) => string) {
  let pending: number[] = [];
  let shown = 0;
  const take = (text: string, isLast: boolean) => {
    const whole = isLast ? text : text.replace(UNFINISHED, '');
    const added = whole.slice(shown);
    if (whole === text) pending = [];
    shown = whole === text ? 0 : whole.length;
    return added;
  };
  return {
    push(token: number): string {
      pending.push(token);
      return take(decode(pending), pending.length >= MOST_PENDING);
    },
    /** What is left of a character that never became whole. */
    flush: () => (pending.length > 0 ? take(decode(pending), true) : ''),
  };
}
