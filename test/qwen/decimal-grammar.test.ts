import { describe, expect, test } from 'vitest';

import { decimalGrammar } from '../../src/qwen/decimal-grammar.ts';
import { admits, compile } from '../helpers/grammar.ts';
import { createRandom } from '../helpers/random.ts';

type Limits = Partial<Record<'minimum' | 'exclusiveMinimum' | 'maximum' | 'exclusiveMaximum', number>>;
const allows = (limits: Limits, value: number) =>
  !(value < (limits.minimum ?? -Infinity)) &&
  !(value <= (limits.exclusiveMinimum ?? -Infinity)) &&
  !(value > (limits.maximum ?? Infinity)) &&
  !(value >= (limits.exclusiveMaximum ?? Infinity));

const random = createRandom(7);
const oneOf = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value;
const anyNumber = () => Number(((random() - 0.5) * 2 * oneOf([1, 10, 200])).toFixed(oneOf([0, 1, 2, 3])));
const anyLimits = (): Limits => {
  const [low = 0, high = 0] = [anyNumber(), anyNumber()].sort((a, b) => a - b);
  return {
    ...(random() < 0.8 && { [oneOf(['minimum', 'exclusiveMinimum'] as const)]: low }),
    ...(random() < 0.8 && {
      [oneOf(['maximum', 'exclusiveMaximum'] as const)]: oneOf([low, high, high, high]),
    }),
  };
};
/** Numbers round the limits and elsewhere, as they may be written. */
const textsFor = (limits: Limits) =>
  [
    0,
    ...Object.values(limits).flatMap((limit) => [
      limit,
      limit - 0.1,
      limit + 0.1,
      limit - 0.001,
      limit + 0.001,
    ]),
  ]
    .concat(Array.from({ length: 10 }, anyNumber))
    .flatMap((value) => [value.toFixed(4), value.toFixed(3), value.toFixed(1), value.toFixed(0)])
    // -0 is a number that no limit is about.
    .filter((text) => !/^-[0.]+$/.test(text));

describe('numbers with limits', () => {
  test('are admitted where the limits allow them, and nowhere else', async () => {
    let admitted = 0;
    for (let round = 0; round < 150; round += 1) {
      const limits = anyLimits();
      const gbnf = decimalGrammar(limits);
      if (gbnf === undefined) continue;
      const grammar = await compile(`root ::= ${gbnf}\n`);
      for (const text of textsFor(limits)) {
        const isAllowed = allows(limits, Number(text));
        if (admits(grammar, text) !== isAllowed)
          expect({ limits, text, isAllowed }).toBe('as the limits say');
        admitted += isAllowed ? 1 : 0;
      }
      for (const text of ['', '-', '1.', '.5', '01', '1e5', '--1']) expect(admits(grammar, text)).toBe(false);
    }
    expect(admitted).toBeGreaterThan(1000);
  });

  test.each([
    ['none', {}],
    ['a minimum of 0, which needs no digits', { minimum: 0 }],
    ['limits that leave nothing', { minimum: 2, maximum: 1 }],
    ['a limit with an exponent', { maximum: 1e30 }],
  ])('are left to others: %s', (_, schema) => {
    expect(decimalGrammar(schema)).toBeUndefined();
  });
});
