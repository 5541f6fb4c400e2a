/** A vision projector with random weights, as GGUF: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
import { writeFileSync } from 'node:fs';
import { createRandom } from '../helpers/random.ts';

const ALIGNMENT = 32;
const [UINT32, FLOAT32, BOOL, STRING, ARRAY] = [4, 6, 7, 8, 9];
type Tensor = { readonly name: string; readonly shape: readonly number[] };

/** Writes a projector of Qwen 3.5's kind (`qwen3vl_merger`) for a model whose embeddings have `modelWidth` numbers. */
export function writeRandomMmproj(path: string, modelWidth: number): void {
  const random = createRandom(1);
  const tensors = tensorsOf(modelWidth);
  const keys = keysOf(modelWidth);
  const head = [Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(keys.length), ...keys];
  let offset = 0;
  const data: Buffer[] = [];
  for (const { name, shape } of tensors) {
    const count = shape.reduce((product, size) => product * size, 1);
    const weights = Float32Array.from({ length: count }, () => (random() - 0.5) * 0.1);
    // GGUF writes the fastest dimension first.
    head.push(text(name), uint32(shape.length), ...shape.toReversed().map(uint64), uint32(0), uint64(offset));
    data.push(padded(Buffer.from(weights.buffer)));
    offset += data.at(-1)?.length ?? 0;
  }
  writeFileSync(path, Buffer.concat([padded(Buffer.concat(head)), ...data]));
}

const VISION = { width: 64, layers: 2, heads: 4, hidden: 128, patch: 16, image: 96 };

function keysOf(modelWidth: number): readonly Buffer[] {
  const { width, layers, heads, hidden, patch, image } = VISION;
  const key = (name: string, type: number, value: Buffer) => Buffer.concat([text(name), uint32(type), value]);
  const list = (type: number, values: readonly Buffer[]) =>
    Buffer.concat([uint32(type), uint64(values.length), ...values]);
  const halves = list(FLOAT32, [float32(0.5), float32(0.5), float32(0.5)]);
  const numbers = {
    image_size: image,
    patch_size: patch,
    embedding_length: width,
    feed_forward_length: hidden,
    block_count: layers,
    'attention.head_count': heads,
    projection_dim: modelWidth,
    spatial_merge_size: 2,
  };
  return [
    key('general.architecture', STRING, text('clip')),
    key('general.file_type', UINT32, uint32(0)),
    key('clip.has_vision_encoder', BOOL, Buffer.of(1)),
    key('clip.projector_type', STRING, text('qwen3vl_merger')),
    key('clip.use_gelu', BOOL, Buffer.of(1)),
    ...Object.entries(numbers).map(([name, value]) => key(`clip.vision.${name}`, UINT32, uint32(value))),
    key('clip.vision.attention.layer_norm_epsilon', FLOAT32, float32(1e-6)),
    key('clip.vision.image_mean', ARRAY, halves),
    key('clip.vision.image_std', ARRAY, halves),
    key('clip.vision.is_deepstack_layers', ARRAY, list(BOOL, Array(layers).fill(Buffer.of(0)))),
  ];
}

function tensorsOf(modelWidth: number): readonly Tensor[] {
  const { width, layers, hidden, patch, image } = VISION;
  const both = (name: string, ...shape: readonly number[]): Tensor[] => [
    { name: `${name}.weight`, shape },
    { name: `${name}.bias`, shape: shape.slice(0, 1) },
  ];
  const blocks = Array.from({ length: layers }, (_, at) => [
    ...both(`v.blk.${at}.attn_qkv`, 3 * width, width),
    ...both(`v.blk.${at}.attn_out`, width, width),
    ...both(`v.blk.${at}.ffn_up`, hidden, width),
    ...both(`v.blk.${at}.ffn_down`, width, hidden),
    ...both(`v.blk.${at}.ln1`, width),
    ...both(`v.blk.${at}.ln2`, width),
  ]);
  return [
    ...both('v.patch_embd', width, 3, patch, patch),
    { name: 'v.patch_embd.weight.1', shape: [width, 3, patch, patch] },
    { name: 'v.position_embd.weight', shape: [(image / patch) ** 2, width] },
    ...blocks.flat(),
    ...both('v.post_ln', width),
    ...both('mm.0', 4 * width, 4 * width),
    ...both('mm.2', modelWidth, 4 * width),
  ];
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

const text = (value: string): Buffer => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);

const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)]);
