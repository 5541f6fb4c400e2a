/**
 * How much memory a model takes while it runs on the CPU, from its header alone.
 *
 * Measured with random weights in the shape of the 0.8B model, 32,768 tokens of context, one checkpoint, without mmap:
 * 1,332 MiB; estimated without the other 15 checkpoints: 1,362.
 */
import { ModelLoadError } from '../errors.ts';
import { attentionOnCpu } from './attention.ts';
import type { GgufHeader, ModelShape } from './gguf-header.ts';
import type { KvCacheType } from './protocol.ts';

/** The states that the engine keeps to go back to: so many a sequence, but no more bytes in all than this, and two a
 * sequence in any case: the end of the system turn, and that of the last message. */
export const CHECKPOINTS = { max: 16, min: 2, maxBytes: 512 * 2 ** 20 } as const;

/** The engine's process (100 MB measured) and what an evaluation needs on the way (70 MB measured, more when large). */
const PROCESS_BYTES = 220e6;
/** Measured 733: texts, merges and the tables made of them. */
const BYTES_PER_VOCABULARY_TOKEN = 750;
const BYTES_PER_VALUE: Readonly<Record<KvCacheType, number>> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 };
const MOST_CONTEXT_TOKENS = 32_768;
const LEAST_CONTEXT_TOKENS = 4096;
const STEP_TOKENS = 1024;

type ContextOptions = {
  readonly kvCache: KvCacheType;
  /** Sequences: each has a context and a state of its own. */
  readonly parallel: number;
};

/** Bytes, with all checkpoints taken. */
export function estimateMemory(
  header: GgufHeader,
  contextTokens: number,
  { kvCache, parallel }: ContextOptions,
): number {
  const state = recurrentStateBytes(header.shape);
  const checkpoints = Math.min(CHECKPOINTS.max * state, checkpointBytes(header, parallel));
  const vocabulary = BYTES_PER_VOCABULARY_TOKEN * header.tokenCount;
  const context = contextTokens * bytesPerContextToken(header.shape, kvCache);
  const { scoreBytes } = attentionOnCpu(header.shape, contextTokens, kvCache);
  const each = parallel * (context + state + checkpoints);
  return header.expectedFileBytes + each + vocabulary + scoreBytes + PROCESS_BYTES;
}

/** What the checkpoints of one sequence may take. */
export function checkpointBytes({ shape }: GgufHeader, parallel: number): number {
  return Math.max(CHECKPOINTS.maxBytes / parallel, CHECKPOINTS.min * 1.05 * recurrentStateBytes(shape));
}

/**
 * The longest context that fits `availableBytes`, at most 32,768 tokens and what the model was trained with. Throws
 * `ModelLoadError` where not even 4,096 fit.
 */
export function defaultContextTokens(
  header: GgufHeader,
  availableBytes: number,
  options: ContextOptions,
): number {
  const { parallel } = options;
  const most = Math.min(header.contextLength, MOST_CONTEXT_TOKENS);
  const least = Math.min(header.contextLength, LEAST_CONTEXT_TOKENS);
  const steps = [most, ...stepsBelow(most).filter((tokens) => tokens > least), least];
  const fitting = steps.find((tokens) => estimateMemory(header, tokens, options) <= availableBytes);
  if (fitting !== undefined) return fitting;
  const needed = toGigabytes(estimateMemory(header, least, options), Math.ceil);
  const free = toGigabytes(availableBytes, Math.floor);
  throw new ModelLoadError({
    path: header.path,
    problem:
      `it needs about ${needed} GB, ${free} GB are free; close other programs` +
      `${parallel > 1 ? ', lower model.parallel' : ''} or take a smaller model.`,
  });
}

/** Multiples of a step, the largest first. */
const stepsBelow = (most: number): readonly number[] =>
  Array.from(
    { length: Math.ceil(most / STEP_TOKENS) - 1 },
    (_, index) => (index + 1) * STEP_TOKENS,
  ).reverse();

/** The context that was asked for, where the machine can hold it beside weights that are read from the disk as they are
 * needed; without one, the default. Throws `ModelLoadError`. */
export function resolveContextTokens(
  header: GgufHeader,
  { contextTokens, ...options }: ContextOptions & { readonly contextTokens?: number },
): number {
  const available = process.availableMemory();
  if (contextTokens === undefined) return defaultContextTokens(header, available, options);
  const needed = estimateMemory(header, contextTokens, options) - header.expectedFileBytes;
  if (needed <= available) return contextTokens;
  throw new ModelLoadError({
    path: header.path,
    problem:
      `${options.parallel > 1 ? `${options.parallel} contexts` : 'a context'} of ${contextTokens} tokens ` +
      `${options.parallel > 1 ? 'need' : 'needs'} about ${toGigabytes(needed, Math.ceil)} GB, ` +
      `${toGigabytes(available, Math.floor)} GB are free; ` +
      `lower model.contextTokens${options.parallel > 1 ? ' or model.parallel' : ''}.`,
  });
}

/** Keys and values of one token, in the blocks that have attention. */
function bytesPerContextToken(shape: ModelShape, kvCache: KvCacheType): number {
  const { headCountKv, keyLength, valueLength } = shape;
  return attentionBlocks(shape) * headCountKv * (keyLength + valueLength) * BYTES_PER_VALUE[kvCache];
}

function attentionBlocks({ blockCount, fullAttentionInterval }: ModelShape): number {
  return Math.floor(blockCount / fullAttentionInterval);
}

/** As llama.cpp keeps it: n_embd_r and n_embd_s of llama-hparams.cpp, four bytes each. */
function recurrentStateBytes(shape: ModelShape): number {
  const { ssmConvKernel, ssmInnerSize, ssmGroupCount, ssmStateSize } = shape;
  const convolution = (ssmConvKernel - 1) * (ssmInnerSize + 2 * ssmGroupCount * ssmStateSize);
  return 4 * (shape.blockCount - attentionBlocks(shape)) * (convolution + ssmStateSize * ssmInnerSize);
}

function toGigabytes(bytes: number, round: (value: number) => number): string {
  return (round(bytes / 1e8) / 10).toFixed(1);
}
