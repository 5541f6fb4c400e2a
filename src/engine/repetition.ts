type RepetitionRule = {
  /** How often a piece has to stand there in a row. */
  readonly times: number;
  /** How many tokens the repeated stretch has to have. */
  readonly minTokens: number;
};

/** A thought that says the same again and again says nothing new: it is closed. */
export const THOUGHT_RULE: RepetitionRule = { times: 3, minTokens: 60 };
/** An answer may hold a table of equal rows: it has to repeat itself for much longer. */
export const TEXT_RULE: RepetitionRule = { times: 8, minTokens: 400 };

/** A file that is written may well be made of equal rows; without an end even that is a loop. */
export const CALL_RULE: RepetitionRule = { times: 20, minTokens: 2000 };

const LONGEST_PERIOD = 300;

/** Whether the tokens end in a piece of up to 300 tokens that is repeated. */
export function endsInRepetition(tokens: readonly number[], { times, minTokens }: RepetitionRule): boolean {
  for (let period = 1; period <= LONGEST_PERIOD; period += 1) {
    const stretch = Math.max(period * times, minTokens);
    if (stretch > tokens.length) continue;
    let matched = period;
    while (
      matched < stretch &&
      tokens[tokens.length - 1 - matched] === tokens[tokens.length - 1 - matched + period]
    ) {
      matched += 1;
    }
    if (matched >= stretch) return true;
  }
  return false;
}
