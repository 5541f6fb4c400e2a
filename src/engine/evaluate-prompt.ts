import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { PromptTokens } from '../qwen/tokenize.ts';
import type { Checkpoints } from './checkpoints.ts';

/** An abort takes effect after the batch in hand, so a batch should take about this long. */
const BATCH_TARGET_MS = 800;
const FIRST_BATCH = 128;
const SMALLEST_BATCH = 16;

type EvaluateOptions = {
  readonly checkpoints: Checkpoints;
  /** Most tokens of a batch: the context's own batch size. */
  readonly batchTokens: number;
  readonly checkAbort: () => void;
};

export type EvaluatedPrompt = {
  /** The end of the prompt, at least one token, still to be evaluated: generation starts with it. */
  readonly rest: Token[];
  readonly evaluatedTokens: number;
  readonly reusedTokens: number;
};

/** Brings the sequence's state to the prompt: keeps what agrees, goes back to a checkpoint where it must, evaluates the
 * rest in batches of under a second, and takes a checkpoint at every edge that it passes. */
export async function evaluatePrompt(
  sequence: LlamaContextSequence,
  { tokens, edges }: PromptTokens,
  { checkpoints, batchTokens, checkAbort }: EvaluateOptions,
): Promise<EvaluatedPrompt> {
  const reusedTokens = await restorePrefix(sequence, tokens, checkpoints);
  let position = reusedTokens;
  let batch = Math.min(FIRST_BATCH, batchTokens);
  while (true) {
    checkAbort();
    const edge = edges.find((length) => length > position && length < tokens.length) ?? tokens.length;
    const end = Math.min(position + batch, edge);
    const slice = tokens.slice(position, end) as Token[];
    if (end === tokens.length) {
      return { rest: slice, evaluatedTokens: tokens.length - reusedTokens, reusedTokens };
    }
    const start = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(slice);
    batch = nextBatch(slice.length, performance.now() - start, batchTokens, batch);
    position = end;
    if (end === edge) await checkpoints.take();
  }
}

function nextBatch(tokens: number, ms: number, batchTokens: number, current: number): number {
  if (tokens < SMALLEST_BATCH) return current;
  const fitting = Math.floor((tokens * BATCH_TARGET_MS) / Math.max(ms, 1));
  return Math.min(Math.max(fitting, SMALLEST_BATCH), batchTokens);
}

/** How many of the prompt's tokens the state holds, after it was brought back to them. At least one is left over. */
async function restorePrefix(
  sequence: LlamaContextSequence,
  tokens: readonly number[],
  checkpoints: Checkpoints,
): Promise<number> {
  const { firstDifferentIndex } = sequence.compareContextTokens(tokens as Token[]);
  const common = Math.min(firstDifferentIndex, tokens.length - 1);
  // The state of a gated delta net cannot be cut: go back to the last checkpoint that lies within what agrees.
  return common === sequence.nextTokenIndex ? common : checkpoints.restore(common);
}
