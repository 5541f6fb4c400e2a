/** Vocabularies without weights: that of a GGUF file, and the whole one of the real Qwen 3.5 models. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { getLlama, LlamaLogLevel, type Token } from 'node-llama-cpp';
import { readGgufHeader } from '../../src/engine/gguf-header.ts';
import { indexGguf } from '../../src/engine/gguf-index.ts';
import { createGgufSource } from '../../src/engine/gguf-source.ts';
import type { GgufSpecialToken } from '../../src/engine/gguf-special-tokens.ts';

export type Vocabulary = {
  readonly specials: readonly GgufSpecialToken[];
  /** `special`: whether control tokens in the text are meant as such. */
  encode(text: string, special: boolean): readonly number[];
  decode(tokens: readonly number[]): string;
  dispose(): Promise<void>;
};

export async function loadVocabulary(path: string): Promise<Vocabulary> {
  const { specialTokens: specials } = await readGgufHeader(path);
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    logLevel: LlamaLogLevel.disabled,
    progressLogs: false,
  });
  const model = await llama.loadModel({ modelPath: path, vocabOnly: true });
  return {
    specials,
    encode: (text, special) => model.tokenize(text, special),
    decode: (tokens) => model.detokenize(tokens as Token[], true),
    dispose: () => model.dispose(),
  };
}

export type VocabularyFile = { readonly path: string; remove(): void };

/** The vocabulary with which `make_shape.py` makes models in the shape of the real ones. Undefined where there is no git,
 * which gets it out of node-llama-cpp. */
export function writeFullVocabulary(): VocabularyFile | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-vocabulary-'));
  const path = join(folder, 'vocabulary.gguf');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    writeFileSync(path, plainVocabulary(join(folder, 'git')));
    writeFileSync(path, complete(path));
    return { path, remove };
  } catch (error) {
    remove();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const BUNDLE = resolve(import.meta.dirname, '../../node_modules/node-llama-cpp/llama/gitRelease.bundle');

function plainVocabulary(repository: string): Buffer {
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'pipe'] });
  git('init', '--quiet', '--bare', repository);
  git('-C', repository, 'fetch', '--quiet', BUNDLE, 'HEAD');
  return git('-C', repository, 'show', 'FETCH_HEAD:models/ggml-vocab-qwen35.gguf');
}

/** What the plain file lacks, as `make_shape.py` appends it. */
const TAGS = ['tool_call', 'tool_response', 'think'].flatMap((name) => [`<${name}>`, `</${name}>`]);
const IMAGE_TOKENS = ['<|image_pad|>', '<|vision_start|>', '<|vision_end|>'];
const TOKEN_COUNT = 248_320;
const [CONTROL, USER_DEFINED, UNUSED] = [3, 4, 5];

function complete(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const source = createGgufSource({ fd, path });
    const { entries } = indexGguf(source);
    const bytes = Buffer.from(source.bytes(source.fileBytes));
    const [tokens, types] = [entries.get('tokenizer.ggml.tokens'), entries.get('tokenizer.ggml.token_type')];
    if (!tokens || !types) throw new Error('the vocabulary has no tokens');
    let end = tokens.at;
    for (let id = 0; id < tokens.count; id += 1) end += 8 + source.uint64(end);
    const added = addedTokens(tokens.count);
    const count = BigInt(tokens.count + added.length);
    for (const { at } of [tokens, types]) bytes.writeBigUInt64LE(count, at - 8);
    const parts = [
      { at: end, bytes: Buffer.concat(added.map(({ text }) => gguf(text))) },
      {
        at: types.at + 4 * types.count,
        bytes: Buffer.from(Int32Array.from(added, ({ type }) => type).buffer),
      },
    ].sort((a, b) => a.at - b.at);
    return insert(bytes, parts);
  } finally {
    closeSync(fd);
  }
}

function addedTokens(from: number): readonly { text: string; type: number }[] {
  const special = [
    ...TAGS.map((text) => ({ text, type: USER_DEFINED })),
    ...IMAGE_TOKENS.map((text) => ({ text, type: CONTROL })),
  ];
  const padding = Array.from({ length: TOKEN_COUNT - from - special.length }, (_, index) => ({
    text: `[PAD${from + special.length + index}]`,
    type: UNUSED,
  }));
  return [...special, ...padding];
}

function gguf(text: string): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return Buffer.concat([length, Buffer.from(text)]);
}

function insert(bytes: Buffer, parts: readonly { at: number; bytes: Buffer }[]): Buffer {
  const starts = [0, ...parts.map(({ at }) => at)];
  const pieces = starts.flatMap((start, index) => [
    bytes.subarray(start, starts[index + 1] ?? bytes.length),
    parts[index]?.bytes ?? Buffer.alloc(0),
  ]);
  return Buffer.concat(pieces);
}
