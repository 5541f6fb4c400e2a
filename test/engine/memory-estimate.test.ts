import { describe, expect, test } from 'vitest';
import type { GgufHeader } from '../../src/engine/gguf-header.ts';
import { defaultContextTokens, estimateMemory } from '../../src/engine/memory-estimate.ts';
import { ModelLoadError } from '../../src/errors.ts';

const MEBIBYTE = 2 ** 20;

/** Qwen 3.5 0.8B with Q4_0 weights and a Q8_0 embedding. */
const small: GgufHeader = {
  path: '/models/small.gguf',
  architecture: 'qwen35',
  name: 'small',
  contextLength: 262_144,
  shape: {
    blockCount: 24,
    embeddingLength: 1024,
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
    const estimated = (estimateMemory(small, 32_768, 'f16') - 15 * state) / MEBIBYTE;
    // Measured, without mmap: 1,332 MiB.
    expect(estimated).toBeGreaterThan(1332);
    expect(estimated).toBeLessThan(1332 * 1.1);
  });

  test.each([
    ['f16', 6 * 2 * 512 * 2],
    ['q8_0', (6 * 2 * 512 * 34) / 32],
    ['q4_0', (6 * 2 * 512 * 18) / 32],
  ] as const)('grows with the context by the keys and values of the attention blocks: %s', (type, bytes) => {
    expect(estimateMemory(small, 1000, type) - estimateMemory(small, 0, type)).toBe(1000 * bytes);
  });

  test('has at most 512 MB of checkpoints', () => {
    const shape = { ...small.shape, ssmInnerSize: 8192 };
    const state = 18 * 4 * (3 * (8192 + 4096) + 128 * 8192);
    const difference = estimateMemory({ ...small, shape }, 0, 'f16') - estimateMemory(small, 0, 'f16');
    const smallState = 18 * 4 * (3 * 6144 + 128 * 2048);
    expect(difference).toBe(state + 512 * MEBIBYTE - 17 * smallState);
  });
});

describe('the context by default', () => {
  test.each([
    ['32,768 tokens where there is room', small, 64e9, 32_768],
    ['what the model was trained with, where that is less', { ...small, contextLength: 8192 }, 64e9, 8192],
    ['what fits', small, estimateMemory(small, 10_000, 'f16'), 9216],
    ['what fits to the byte', small, estimateMemory(small, 32_768, 'f16'), 32_768],
    ['the least that is useful', small, estimateMemory(small, 4096, 'f16'), 4096],
    ['all of a short one', { ...small, contextLength: 1000 }, estimateMemory(small, 1000, 'f16'), 1000],
  ])('is %s', (_, header, availableBytes, tokens) => {
    expect(defaultContextTokens(header, availableBytes, 'f16')).toBe(tokens);
  });

  test('is longer with smaller keys and values', () => {
    const availableBytes = estimateMemory(small, 10_240, 'f16');
    expect(defaultContextTokens(small, availableBytes, 'q8_0')).toBe(18_432);
  });

  test('is refused with what it needs and what is free, where not even the least fits', () => {
    const load = () => defaultContextTokens(small, estimateMemory(small, 4096, 'f16') - 1, 'f16');
    expect(load).toThrow(ModelLoadError);
    expect(load).toThrow(
      'The model /models/small.gguf cannot be used: it needs about 1.4 GB, 1.3 GB are free; close other programs or take a smaller model.',
    );
  });

  test('is refused with what all of it needs, where the model has less than the least', () => {
    const short = { ...small, contextLength: 1000, shape: { ...small.shape, headCountKv: 64 } };
    const needed = estimateMemory(short, 1000, 'f16');
    const load = () => defaultContextTokens(short, needed - 1, 'f16');
    expect(load).toThrow(`it needs about ${(Math.ceil(needed / 1e8) / 10).toFixed(1)} GB,`);
  });
});
