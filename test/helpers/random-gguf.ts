/** The bundled model with random weights: its samples go wherever a grammar lets them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRandom } from './random.ts';

const F16 = 1;
/** Bytes of the metadata types that are not strings or arrays, by their number in the GGUF format. */
const SCALAR_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const [STRING, ARRAY] = [8, 9];

/** Copies a GGUF file with all F16 tensors replaced by seeded random weights, scaled by each tensor's row length. */
export function writeRandomGguf(from: string, to: string, seed: number): void {
  const bytes = readFileSync(from);
  const { tensors, dataStart } = readTensors(bytes);
  const random = createRandom(seed);
  for (const { type, shape, offset } of tensors) {
    if (type !== F16) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    const scale = 1 / Math.sqrt(shape[0] ?? 1);
    const weights = Float16Array.from({ length: count }, () => scale * toNormal(random));
    Buffer.from(weights.buffer).copy(bytes, dataStart + offset);
  }
  writeFileSync(to, bytes);
}

/** Variance 1, near enough to normal. */
const toNormal = (random: () => number) => (random() + random() + random() - 1.5) * 2;

type Tensor = { readonly type: number; readonly shape: readonly number[]; readonly offset: number };

/** https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, as far as it takes to find the tensors. */
function readTensors(bytes: Buffer): { tensors: Tensor[]; dataStart: number } {
  let at = 8;
  let alignment = 32;
  const take = (count: number) => {
    at += count;
    return at - count;
  };
  const uint32 = () => bytes.readUInt32LE(take(4));
  const uint64 = () => Number(bytes.readBigUInt64LE(take(8)));
  const text = () => {
    const length = uint64();
    return bytes.toString('utf8', take(length), at);
  };
  const skipValue = (type: number): void => {
    if (type === STRING) text();
    else if (type === ARRAY) {
      const itemType = uint32();
      for (let left = uint64(); left > 0; left--) skipValue(itemType);
    } else at += SCALAR_BYTES[type] ?? 0;
  };
  const [tensorCount, keyCount] = [uint64(), uint64()];
  for (let index = 0; index < keyCount; index++) {
    const key = text();
    const type = uint32();
    if (key === 'general.alignment') alignment = bytes.readUInt32LE(at);
    skipValue(type);
  }
  const tensors = Array.from({ length: tensorCount }, () => {
    text();
    const shape = Array.from({ length: uint32() }, uint64);
    return { shape, type: uint32(), offset: uint64() };
  });
  return { tensors, dataStart: Math.ceil(at / alignment) * alignment };
}
