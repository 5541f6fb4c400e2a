import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endsInRepetition, TEXT_RULE, THOUGHT_RULE } from '../../src/engine/repetition.ts';

const count = (length: number) => Array.from({ length }, (_, index) => index);
const repeat = (piece: readonly number[], times: number) => Array.from({ length: times }, () => piece).flat();

describe('a thought that repeats itself', () => {
  test.each<[string, readonly number[], boolean]>([
    ['one token, 60 times', repeat([7], 60), true],
    ['one token, 59 times', repeat([7], 59), false],
    ['20 tokens, three times', repeat(count(20), 3), true],
    ['20 tokens, twice and all but one token', repeat(count(20), 3).slice(1), false],
    ['300 tokens, three times', repeat(count(300), 3), true],
    ['301 tokens, three times', repeat(count(301), 3), false],
    ['with a beginning of its own', [...count(500), ...repeat([1, 2, 3], 20)], true],
    ['and then goes on', [...repeat([1, 2, 3], 20), 4], false],
    ['cut off in the middle of the piece', [...repeat(count(40), 3), ...count(17)], true],
    ['with one token changed in between', repeat(count(30), 3).with(45, 99), false],
    ['not at all', count(1000), false],
    ['nothing', [], false],
  ])('%s', (_, tokens, expected) => {
    expect(endsInRepetition(tokens, THOUGHT_RULE)).toBe(expected);
  });

  test('is found wherever a piece stands often enough at its end', () => {
    const piece = fc.array(fc.nat(5), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.array(fc.nat(5)), piece, (beginning, repeated) => {
        const times = Math.max(THOUGHT_RULE.times, Math.ceil(THOUGHT_RULE.minTokens / repeated.length));
        expect(endsInRepetition([...beginning, ...repeat(repeated, times)], THOUGHT_RULE)).toBe(true);
      }),
    );
  });
});

describe('an answer that repeats itself', () => {
  test.each<[string, readonly number[], boolean]>([
    ['20 equal rows of 10 tokens', repeat(count(10), 20), false],
    ['40 equal rows of 10 tokens', repeat(count(10), 40), true],
    ['100 tokens, seven times', repeat(count(100), 7), false],
    ['100 tokens, eight times', repeat(count(100), 8), true],
  ])('%s', (_, tokens, expected) => {
    expect(endsInRepetition(tokens, TEXT_RULE)).toBe(expected);
  });
});
