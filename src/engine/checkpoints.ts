import type { LlamaContextSequence } from 'node-llama-cpp';

/** The states of a sequence that can be gone back to. node-llama-cpp keeps them, and tells of the last one only. */
export type Checkpoints = {
  take(): Promise<void>;
  /** How many tokens the last one within the first `length` tokens holds; 0 where there is none. */
  lastWithin(length: number): number;
  /** Goes back to the last one within the first `length` tokens, or to nothing. Returns how many tokens are left. */
  restore(length: number): Promise<number>;
  /** Empties the sequence, before a state of other tokens is put there: of checkpoints that are not its own it would
   * become another state than its tokens say. */
  clear(): Promise<void>;
};

export function createCheckpoints(sequence: LlamaContextSequence): Checkpoints {
  /** How many tokens each holds, ascending. */
  let lengths: readonly number[] = [];
  let bytes = 0;
  const lastWithin = (length: number) => lengths.findLast((earlier) => earlier <= length) ?? 0;
  const restore = async (length: number) => {
    lengths = lengths.filter((earlier) => earlier <= length);
    await sequence.eraseContextTokenRanges([{ start: lastWithin(length), end: sequence.nextTokenIndex }]);
    return sequence.nextTokenIndex;
  };
  return {
    async take() {
      await sequence.takeCheckpoint();
      const length = sequence.nextTokenIndex;
      lengths = [...lengths.filter((earlier) => earlier < length), length];
      const total = sequence.checkpointsMemoryUsage;
      if (lengths.length === 1) bytes = total;
      // All are of one size: what there is of it tells how many of the oldest had to go.
      lengths = lengths.slice(-Math.round(total / bytes));
    },
    lastWithin,
    restore,
    async clear() {
      await restore(0);
    },
  };
}
