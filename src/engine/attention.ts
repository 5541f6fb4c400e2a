/**
 * How attention is computed on the CPU.
 *
 * Flash attention saves memory there and costs time: at 6,144 tokens of context it made each generated token of the 0.8B
 * shape 1.38 times as slow (CPU time, one thread). Without it the scores of a batch lie in memory, four bytes for each
 * head, each token of the batch and each of the context: the batch is made small enough that they stay within 256 MB.
 */
import type { ModelShape } from './gguf-header.ts';
import type { KvCacheType } from './protocol.ts';

export type Attention = {
  readonly flash: boolean;
  /** Most tokens of a batch. */
  readonly batchTokens: number;
  /** What the scores take at most. */
  readonly scoreBytes: number;
};

const MOST_SCORE_BYTES = 256 * 2 ** 20;
/** The library's own. */
const LARGEST_BATCH = 512;
/** Smaller ones make the prompt slow. */
const SMALLEST_BATCH = 64;

/** llama.cpp cannot do without flash attention where the cache is quantized. */
export function attentionOnCpu(
  { headCount }: Pick<ModelShape, 'headCount'>,
  contextTokens: number,
  kvCache: KvCacheType,
): Attention {
  const bytesPerToken = 4 * headCount * contextTokens;
  const fitting = 2 ** Math.floor(Math.log2(MOST_SCORE_BYTES / bytesPerToken));
  const batchTokens = Math.min(fitting, LARGEST_BATCH);
  if (kvCache !== 'f16' || batchTokens < SMALLEST_BATCH)
    return { flash: true, batchTokens: LARGEST_BATCH, scoreBytes: 0 };
  return { flash: false, batchTokens, scoreBytes: batchTokens * bytesPerToken };
}
