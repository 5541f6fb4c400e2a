import { getLlama, LlamaLogLevel, type Token } from 'node-llama-cpp';
import { describe, expect, test } from 'vitest';
import { createRounds, type Rounds } from '../../src/engine/rounds.ts';
import { BUNDLED_MODEL } from '../helpers/engine.ts';

const TOKENS = 24;

/** How many sequences each decode had, where four write at once, and what they wrote. */
async function writeFour(rounds: Rounds) {
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: BUNDLED_MODEL });
  const decodes: number[] = [];
  const context = await model.createContext({
    contextSize: 256,
    sequences: 4,
    threads: 1,
    batching: {
      itemPrioritizationStrategy: ({ items }) => {
        decodes.push(items.length);
        return items.map((item) => ({ item, processAmount: item.tokens.length }));
      },
    },
  });
  const sequences = Array.from({ length: 4 }, () => context.getSequence());
  await Promise.all(
    sequences.map(async (sequence, index) => {
      const stream = sequence.evaluate([100 + index] as Token[], { temperature: 0, yieldEogToken: true });
      for (let count = 0; count < TOKENS; count += 1) await rounds(() => stream.next());
      await stream.return();
    }),
  );
  await llama.dispose();
  return decodes;
}

describe('sequences that write at once', () => {
  test('are decoded together, each time all four', async () => {
    expect(await writeFour(createRounds())).toEqual(Array.from({ length: TOKENS }, () => 4));
  });

  // Where this fails, an update of node-llama-cpp decodes all four by itself: rounds.ts has done its duty then.
  test('are decoded three at a time without rounds', async () => {
    const decodes = await writeFour((decode) => decode());
    expect(decodes.length).toBeGreaterThan(TOKENS * 1.2);
  });
});

describe('a round', () => {
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const tick = async () => {
    for (let turns = 0; turns < 3; turns += 1) await turn();
  };

  test('takes in who asked while the one before it was at work, and nobody later', async () => {
    const rounds = createRounds();
    const log: string[] = [];
    const ends: (() => void)[] = [];
    const decode = (name: string) =>
      rounds(() => {
        log.push(name);
        return new Promise<void>((resolve) => ends.push(resolve));
      });
    const all = [decode('a'), decode('b')];
    await tick();
    expect(log).toEqual(['a', 'b']);
    all.push(decode('c'));
    ends[0]?.();
    await tick();
    expect(log).toEqual(['a', 'b']);
    ends[1]?.();
    await tick();
    expect(log).toEqual(['a', 'b', 'c']);
    ends[2]?.();
    await Promise.all(all);
  });

  test('in which a decode fails is followed by the next', async () => {
    const rounds = createRounds();
    const failing = rounds(() => Promise.reject(new Error('no')));
    const other = rounds(async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    expect(await other).toBe('yes');
    expect(await rounds(async () => 'next')).toBe('next');
  });
});
