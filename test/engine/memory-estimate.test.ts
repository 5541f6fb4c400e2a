import { describe, expect, test } from 'vitest';
import { attentionOnCpu } from '../../src/engine/attention.ts';
import type { GgufHeader } from '../../src/engine/gguf-header.ts';
import { checkpointBytes, defaultContextTokens, estimateMemory } from '../../src/engine/memory-estimate.ts';
import { ModelLoadError } from '../../src/errors.ts';

const MEBIBYTE = 2 ** 20;
const ONE = { kvCache: 'f16', parallel: 1 } as const;

/** Qwen 3.5 0.8B with Q4_0 weights and a Q8_0 embedding. */
const small: GgufHeader = {
  path: '/models/small.gguf',
  architecture: 'qwen35',
  name: 'small',
  contextLength: 262_144,
  shape: {
    blockCount: 24,
    embeddingLength: 1024,
    headCount: 8,
    headCountKv: 2,
    keyLength: 256,
    valueLength: 256,
    fullAttentionInterval: 4,
    ssmConvKernel: 4,
    ssmStateSize: 128,
    ssmGroupCount: 16,
    ssmTimeStepRank: 16,
    ssmInnerSize: 2048,
  },
  tokenCount: 248_320,
  specialTokens: [],
  chatTemplate: '',
  eosTokenId: 0,
  splitCount: 0,
  tensorCount: 320,
  expectedFileBytes: 562_274_336,
  fileBytes: 562_274_336,
  fingerprint: '0'.repeat(16),
};

describe('the memory that a model takes', () => {
  test('is close to what was measured, with 15 checkpoints more', () => {
    const state = 18 * 4 * (3 * 6144 + 128 * 2048);
    const scores = attentionOnCpu(small.shape, 32_768, 'f16').scoreBytes;
    const estimated = (estimateMemory(small, 32_768, ONE) - 15 * state - scores) / MEBIBYTE;
    // Measured, without mmap, with flash attention: 1,332 MiB.
    expect(estimated).toBeGreaterThan(1332);
    expect(estimated).toBeLessThan(1332 * 1.1);
  });

  test.each([
    ['f16', 6 * 2 * 512 * 2],
    ['q8_0', (6 * 2 * 512 * 34) / 32],
    ['q4_0', (6 * 2 * 512 * 18) / 32],
  ] as const)('grows with the context by the keys and values of the attention blocks: %s', (type, bytes) => {
    expect(
      estimateMemory(small, 1000, { ...ONE, kvCache: type }) -
        estimateMemory(small, 0, { ...ONE, kvCache: type }),
    ).toBe(1000 * bytes + attentionOnCpu(small.shape, 1000, type).scoreBytes);
  });

  test.each([
    [8192, 'f16', { flash: false, batchTokens: 512, scoreBytes: 128 * MEBIBYTE }],
    [16_384, 'f16', { flash: false, batchTokens: 512, scoreBytes: 256 * MEBIBYTE }],
    [32_768, 'f16', { flash: false, batchTokens: 256, scoreBytes: 256 * MEBIBYTE }],
    [262_144, 'f16', { flash: true, batchTokens: 512, scoreBytes: 0 }],
    [8192, 'q8_0', { flash: true, batchTokens: 512, scoreBytes: 0 }],
  ] as const)(
    'has the scores of a batch within 256 MB: %i tokens of context, %s',
    (tokens, type, attention) => {
      expect(attentionOnCpu(small.shape, tokens, type)).toEqual(attention);
    },
  );

  test('has at most 512 MB of checkpoints', () => {
    const shape = { ...small.shape, ssmInnerSize: 8192 };
    const state = 18 * 4 * (3 * (8192 + 4096) + 128 * 8192);
    const difference = estimateMemory({ ...small, shape }, 0, ONE) - estimateMemory(small, 0, ONE);
    const smallState = 18 * 4 * (3 * 6144 + 128 * 2048);
    expect(difference).toBe(state + 512 * MEBIBYTE - 17 * smallState);
  });

  test('has a context and a state for each sequence, and shares the checkpoints out', () => {
    const state = 18 * 4 * (3 * 6144 + 128 * 2048);
    const context = 1000 * 6 * 2 * 512 * 2;
    const more = estimateMemory(small, 1000, { ...ONE, parallel: 4 }) - estimateMemory(small, 1000, ONE);
    expect(more).toBe(3 * (context + state) + 512 * MEBIBYTE - 16 * state);
    expect(checkpointBytes(small, 4)).toBe(128 * MEBIBYTE);
  });

  test('has two checkpoints for each sequence, however many there are', () => {
    const state = 18 * 4 * (3 * 6144 + 128 * 2048);
    expect(checkpointBytes(small, 32)).toBeGreaterThan(2 * state);
    expect(checkpointBytes(small, 32)).toBeLessThan(3 * state);
  });
});

describe('the context by default', () => {
  test.each([
    ['32,768 tokens where there is room', small, 64e9, 32_768],
    ['what the model was trained with, where that is less', { ...small, contextLength: 8192 }, 64e9, 8192],
    ['what fits', small, estimateMemory(small, 10_000, ONE), 9216],
    ['what fits to the byte', small, estimateMemory(small, 32_768, ONE), 32_768],
    ['the least that is useful', small, estimateMemory(small, 4096, ONE), 4096],
    ['all of a short one', { ...small, contextLength: 1000 }, estimateMemory(small, 1000, ONE), 1000],
  ])('is %s', (_, header, availableBytes, tokens) => {
    expect(defaultContextTokens(header, availableBytes, ONE)).toBe(tokens);
  });

  test('is that of one sequence, where the memory has to hold several', () => {
    const four = { ...ONE, parallel: 4 };
    expect(defaultContextTokens(small, estimateMemory(small, 10_240, four), four)).toBe(10_240);
  });

  test('is longer with smaller keys and values', () => {
    const availableBytes = estimateMemory(small, 10_240, ONE);
    expect(defaultContextTokens(small, availableBytes, { ...ONE, kvCache: 'q8_0' })).toBe(32_768);
  });

  test('is refused with what it needs and what is free, where not even the least fits', () => {
    const load = () => defaultContextTokens(small, estimateMemory(small, 4096, ONE) - 1, ONE);
    expect(load).toThrow(ModelLoadError);
    expect(load).toThrow(
      'The model /models/small.gguf cannot be used: it needs about 1.5 GB, 1.4 GB are free; close other programs or take a smaller model.',
    );
  });

  test('is refused with what all of it needs, where the model has less than the least', () => {
    const short = { ...small, contextLength: 1000, shape: { ...small.shape, headCountKv: 64 } };
    const needed = estimateMemory(short, 1000, ONE);
    const load = () => defaultContextTokens(short, needed - 1, ONE);
    expect(load).toThrow(`it needs about ${(Math.ceil(needed / 1e8) / 10).toFixed(1)} GB,`);
  });
});
