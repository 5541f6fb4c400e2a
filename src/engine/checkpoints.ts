import type { LlamaContextSequence } from 'node-llama-cpp';

/** The states of a sequence that can be gone back to. node-llama-cpp keeps them, and tells of the last one only. */
export type Checkpoints = {
  take(): Promise<void>;
  /** Goes back to the last one within the first `length` tokens, or to nothing. Returns how many tokens are left. */
  restore(length: number): Promise<number>;
};

export function createCheckpoints(sequence: LlamaContextSequence): Checkpoints {
  /** How many tokens each holds, ascending. */
  let lengths: readonly number[] = [];
  let bytes = 0;
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
    async restore(length) {
      lengths = lengths.filter((earlier) => earlier <= length);
      await sequence.eraseContextTokenRanges([{ start: lengths.at(-1) ?? 0, end: sequence.nextTokenIndex }]);
      return sequence.nextTokenIndex;
    },
  };
}
