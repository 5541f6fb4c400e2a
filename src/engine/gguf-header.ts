import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import { type GgufEntry, type GgufIndex, indexGguf, STRING } from './gguf-index.ts';
import { createGgufSource, type GgufSource } from './gguf-source.ts';
import { type GgufSpecialToken, specialTokensOf } from './gguf-special-tokens.ts';

/** A number that the file does not have is 0, a text is empty. */
export type GgufHeader = {
  readonly path: string;
  /** The file's own word: `qwen35`, `llama`, `clip`, ... */
  readonly architecture: string;
  readonly name: string;
  /** Tokens that the model was trained with. */
  readonly contextLength: number;
  readonly shape: ModelShape;
  readonly tokenCount: number;
  readonly specialTokens: readonly GgufSpecialToken[];
  readonly chatTemplate: string;
  readonly eosTokenId: number;
  /** Files that the model was cut into. */
  readonly splitCount: number;
  readonly tensorCount: number;
  /** How long the file has to be for all tensors to be in it. */
  readonly expectedFileBytes: number;
  readonly fileBytes: number;
  /**
   * 16 hex digits that change with the header, the file's length or its last 64 KB. Made to tell models apart without
   * reading gigabytes; no proof that the weights are the same.
   */
  readonly fingerprint: string;
};

/** What decides how much memory a model takes. */
export type ModelShape = {
  readonly blockCount: number;
  readonly embeddingLength: number;
  readonly headCount: number;
  readonly headCountKv: number;
  readonly keyLength: number;
  readonly valueLength: number;
  /** Every so many blocks one has attention, the others a recurrent state. */
  readonly fullAttentionInterval: number;
  readonly ssmConvKernel: number;
  readonly ssmStateSize: number;
  readonly ssmGroupCount: number;
  readonly ssmTimeStepRank: number;
  readonly ssmInnerSize: number;
};

/** What llama.cpp takes where the file does not say. */
const DEFAULT_INTERVAL = 4;
const TAIL_BYTES = 64 * 2 ** 10;

/**
 * Reads what stands before the weights, at most 64 MB. Throws `ModelLoadError` for what is not a sound GGUF file, and
 * the system's error where the file cannot be read. A file whose weights are cut off is none of the two: compare
 * `fileBytes` with `expectedFileBytes`.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  await using file = await fs.open(path);
  const source = createGgufSource({ fd: file.fd, path });
  const index = indexGguf(source);
  const facts = createFacts(source, index);
  const architecture = facts.text('general.architecture');
  return {
    path,
    architecture,
    name: facts.text('general.name'),
    contextLength: facts.number(`${architecture}.context_length`),
    shape: shapeOf((key) => facts.number(`${architecture}.${key}`)),
    tokenCount: index.entries.get('tokenizer.ggml.tokens')?.count ?? 0,
    specialTokens: specialTokensOf(source, index),
    chatTemplate: facts.text('tokenizer.chat_template'),
    eosTokenId: facts.number('tokenizer.ggml.eos_token_id'),
    splitCount: facts.number('split.count'),
    tensorCount: index.tensorCount,
    expectedFileBytes: index.expectedBytes,
    fileBytes: source.fileBytes,
    fingerprint: await fingerprintOf(file, source.bytes(index.headerBytes), source.fileBytes),
  };
}

function createFacts(source: GgufSource, { entries }: GgufIndex) {
  return {
    text(key: string): string {
      const entry = entries.get(key);
      return entry?.type === STRING ? source.text(entry.at + 8, source.uint64(entry.at)) : '';
    },
    number(key: string): number {
      const entry = entries.get(key);
      return entry ? numberOf(source, entry) : 0;
    },
  };
}

/** All numbers asked for are whole and not negative. Of a list, one number for each block, the largest. */
function numberOf(source: GgufSource, { type, count, at }: GgufEntry): number {
  const bytes = { 2: 2, 4: 4, 5: 4, 10: 8, 11: 8 }[type];
  if (!bytes) return 0;
  let largest = 0;
  for (let i = 0; i < count; i += 1) {
    const place = at + i * bytes;
    const value = bytes === 8 ? source.uint64(place) : source.uint32(place) % 2 ** (8 * bytes);
    largest = Math.max(largest, value);
  }
  return largest;
}

function shapeOf(number: (key: string) => number): ModelShape {
  return {
    blockCount: number('block_count'),
    embeddingLength: number('embedding_length'),
    headCount: number('attention.head_count'),
    headCountKv: number('attention.head_count_kv'),
    keyLength: number('attention.key_length'),
    valueLength: number('attention.value_length'),
    fullAttentionInterval: number('full_attention_interval') || DEFAULT_INTERVAL,
    ssmConvKernel: number('ssm.conv_kernel'),
    ssmStateSize: number('ssm.state_size'),
    ssmGroupCount: number('ssm.group_count'),
    ssmTimeStepRank: number('ssm.time_step_rank'),
    ssmInnerSize: number('ssm.inner_size'),
  };
}

async function fingerprintOf(file: fs.FileHandle, header: Buffer, fileBytes: number): Promise<string> {
  const tail = Buffer.alloc(Math.min(TAIL_BYTES, fileBytes));
  await file.read(tail, 0, tail.length, fileBytes - tail.length);
  const hash = createHash('sha256').update(header).update(`${fileBytes}`).update(tail);
  return hash.digest('hex').slice(0, 16);
}
