import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { GGML_BLOCKS } from '../../src/engine/ggml-types.ts';
import { readGgufHeader } from '../../src/engine/gguf-header.ts';
import { soundModel, withVocabulary } from '../helpers/broken-gguf.ts';

const tinyModel = path.resolve(import.meta.dirname, '../../models/tiny-qwen3.5.gguf');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sotto-header-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function place(name: string, bytes: Buffer): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, bytes);
  return file;
}

describe('the header of the bundled model', async () => {
  const header = await readGgufHeader(tinyModel);

  test('tells what the model is', () => {
    expect(header).toMatchObject({
      path: tinyModel,
      architecture: 'qwen35',
      name: 'tiny-qwen35',
      contextLength: 8192,
      tokenCount: 1472,
      eosTokenId: 1458,
      splitCount: 0,
      tensorCount: 52,
    });
    expect(header.chatTemplate).toBe(
      fs.readFileSync(path.resolve(import.meta.dirname, '../fixtures/qwen3.5-chat-template.jinja'), 'utf8'),
    );
  });

  test('tells its shape', () => {
    expect(header.shape).toEqual({
      blockCount: 4,
      embeddingLength: 128,
      headCount: 4,
      headCountKv: 2,
      keyLength: 32,
      valueLength: 32,
      fullAttentionInterval: 2,
      ssmConvKernel: 4,
      ssmStateSize: 32,
      ssmGroupCount: 4,
      ssmTimeStepRank: 4,
      ssmInnerSize: 128,
    });
  });

  test('tells how long the file has to be', () => {
    expect(header.fileBytes).toBe(fs.statSync(tinyModel).size);
    expect(header.expectedFileBytes).toBe(header.fileBytes);
  });

  test('tells the tokens that have a meaning of their own', () => {
    expect(header.specialTokens).toEqual([
      ...['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<|vision_start|>', '<|vision_end|>'].map(
        (text, i) => ({ id: 1456 + i, text, kind: 'control' }),
      ),
      { id: 1461, text: '<|image_pad|>', kind: 'control' },
      { id: 1462, text: '<|video_pad|>', kind: 'control' },
      ...['<think>', '</think>', '<tool_call>', '</tool_call>', '<tool_response>', '</tool_response>'].map(
        (text, i) => ({ id: 1463 + i, text, kind: 'userDefined' }),
      ),
    ]);
  });
});

test('the header of a small file is read as it was written: 16 and 64 bit numbers, lists, and what is left out', async () => {
  const header = await readGgufHeader(place('sound.gguf', soundModel()));
  expect(header).toMatchObject({ name: 'sound', tokenCount: 5, tensorCount: 2, eosTokenId: 2 });
  expect(header.shape).toMatchObject({ headCountKv: 2, ssmInnerSize: 32, fullAttentionInterval: 4 });
  expect(header.expectedFileBytes).toBe(header.fileBytes);
  expect(header.specialTokens).toEqual([
    { id: 1, text: '<|im_start|>', kind: 'control' },
    { id: 2, text: '<|im_end|>', kind: 'control' },
    { id: 3, text: '<think>', kind: 'userDefined' },
    { id: 4, text: '?', kind: 'control' },
  ]);
});

test('a header that stands in several chunks of the file is read whole', async () => {
  const tokens = Array.from({ length: 150_000 }, (_, i) => `token ${i}`);
  const file = place('large.gguf', soundModel(withVocabulary([...tokens, '<|im_start|>', '<|im_end|>'])));
  const header = await readGgufHeader(file);
  expect(header.tokenCount).toBe(150_002);
  expect(header.specialTokens).toEqual([
    { id: 150_000, text: '<|im_start|>', kind: 'control' },
    { id: 150_001, text: '<|im_end|>', kind: 'control' },
  ]);
  expect(header.expectedFileBytes).toBe(header.fileBytes);
});

describe('the fingerprint', async () => {
  const bytes = fs.readFileSync(tinyModel);
  const { fingerprint } = await readGgufHeader(tinyModel);
  const flipped = (at: number) => {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return changed;
  };
  const nameAt = bytes.indexOf('tiny-qwen35');

  test('is the same for a copy', async () => {
    expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect((await readGgufHeader(place('copy.gguf', bytes))).fingerprint).toBe(fingerprint);
  });

  test.each([
    ['the header', flipped(nameAt)],
    ['the last byte', flipped(bytes.length - 1)],
    ['a byte of the last 64 KB', flipped(bytes.length - 65_000)],
    ['the length', Buffer.concat([bytes.subarray(0, -70_000), bytes.subarray(-69_000)])],
  ])('changes with %s', async (_, changed) => {
    expect((await readGgufHeader(place('changed.gguf', changed))).fingerprint).not.toBe(fingerprint);
  });
});

test('the sizes of the stored types are those of llama.cpp for a block', () => {
  const bitsPerWeight = (type: number) => {
    const [elements, bytes] = GGML_BLOCKS.get(type) ?? [0, 0];
    return (8 * bytes) / elements;
  };
  // From the table of `llama-quantize`: F16, Q8_0, Q4_0, Q4_K, Q5_K, Q6_K, MXFP4.
  expect([1, 8, 2, 12, 13, 14, 39].map(bitsPerWeight)).toEqual([16, 8.5, 4.5, 4.5, 5.5, 6.5625, 4.25]);
});
