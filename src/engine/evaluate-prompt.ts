import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { StateRestore } from '../events.ts';
import type { PromptTokens } from '../qwen/tokenize.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Rounds } from './rounds.ts';
import { LEAST_GAIN, type SavedStates } from './saved-states.ts';

/** An abort takes effect after the batch in hand, so a batch should take about this long. */
const BATCH_TARGET_MS = 800;
const FIRST_BATCH = 128;
const SMALLEST_BATCH = 16;

type EvaluateOptions = {
  readonly checkpoints: Checkpoints;
  /** Default: nothing is saved, and nothing looked for. */
  readonly states?: SavedStates | undefined;
  /** Whose prompt it is. */
  readonly session?: string | undefined;
  /** Most tokens of a batch: the context's own batch size. */
  readonly batchTokens: number;
  /** Decodes together with the other sequences. */
  readonly rounds: Rounds;
  readonly checkAbort: () => void;
  /** Where the state was not simply gone on with; not for the first prompt of an empty sequence. */
  readonly onRestore?: (restore: StateRestore) => void;
  /** After each batch. */
  readonly onProgress?: (evaluatedTokens: number, newTokens: number) => void;
};

export type EvaluatedPrompt = {
  /** The end of the prompt, at least one token, still to be evaluated: generation starts with it. */
  readonly rest: Token[];
  readonly evaluatedTokens: number;
  readonly reusedTokens: number;
};

/** Brings the sequence's state to the prompt: keeps what agrees, goes back to a checkpoint or to a saved state where it
 * must, evaluates the rest in batches of under a second, and takes a checkpoint at every edge that it passes. */
export async function evaluatePrompt(
  sequence: LlamaContextSequence,
  { tokens, edges, systemTokens }: PromptTokens,
  options: EvaluateOptions,
): Promise<EvaluatedPrompt> {
  const { checkpoints, states, batchTokens, rounds, checkAbort, onProgress } = options;
  checkAbort();
  const reusedTokens = await restoreState(sequence, tokens, options);
  const newTokens = tokens.length - reusedTokens;
  let position = reusedTokens;
  let batch = Math.min(FIRST_BATCH, batchTokens);
  while (true) {
    checkAbort();
    const edge = edges.find((length) => length > position && length < tokens.length) ?? tokens.length;
    const end = Math.min(position + batch, edge);
    const slice = tokens.slice(position, end) as Token[];
    if (end === tokens.length) return { rest: slice, evaluatedTokens: newTokens, reusedTokens };
    const ms = await rounds(async () => {
      const start = performance.now();
      await sequence.evaluateWithoutGeneratingNewTokens(slice);
      return performance.now() - start;
    });
    batch = nextBatch(slice.length, ms, batchTokens, batch);
    position = end;
    onProgress?.(position - reusedTokens, newTokens);
    if (end !== edge) continue;
    await checkpoints.take();
    if (end === systemTokens && end >= LEAST_GAIN) await states?.saveBeginning(sequence);
  }
}

function nextBatch(tokens: number, ms: number, batchTokens: number, current: number): number {
  if (tokens < SMALLEST_BATCH) return current;
  const fitting = Math.floor((tokens * BATCH_TARGET_MS) / Math.max(ms, 1));
  return Math.min(Math.max(fitting, SMALLEST_BATCH), batchTokens);
}

/** How many of the prompt's tokens the state holds, after it was brought back to them. At least one is left over. */
async function restoreState(
  sequence: LlamaContextSequence,
  tokens: readonly number[],
  { checkpoints, states, session, onRestore }: EvaluateOptions,
): Promise<number> {
  const { firstDifferentIndex } = sequence.compareContextTokens(tokens as Token[]);
  const common = Math.min(firstDifferentIndex, tokens.length - 1);
  const held = sequence.nextTokenIndex;
  if (held > 0 && common === held) return held;
  // The state of a gated delta net cannot be cut: what can be had is a checkpoint within what agrees, or a saved state.
  const beyond = checkpoints.lastWithin(common);
  const { state, problem } = (await states?.find(tokens, { beyond, session })) ?? {};
  let from: StateRestore['from'] = beyond > 0 ? 'checkpoint' : 'nothing';
  let failure = problem;
  if (state) {
    await checkpoints.clear();
    failure = (await states?.load(sequence, state)) ?? problem;
    from = sequence.nextTokenIndex > 0 ? 'file' : 'nothing';
    if (from === 'file') await checkpoints.take();
  } else await checkpoints.restore(common);
  const reusedTokens = sequence.nextTokenIndex;
  if (held > 0 || reusedTokens > 0 || failure) {
    const newTokens = tokens.length - reusedTokens;
    onRestore?.({ from, reusedTokens, newTokens, ...(failure && { problem: failure }) });
  }
  return reusedTokens;
}
