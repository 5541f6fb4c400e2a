import { GGML_BLOCKS } from './ggml-types.ts';
import type { GgufSource } from './gguf-source.ts';

const MAX_NAME_BYTES = 63;
const MAX_DIMENSIONS = 4;

/**
 * Reads the descriptions of the tensors, from `at` on. Returns where they end, and how many bytes the tensors take,
 * which lie one after the other, each at an aligned place.
 */
export function measureTensors(
  source: GgufSource,
  { at, count, alignment }: { at: number; count: number; alignment: number },
) {
  const names = new Set<string>();
  let end = at;
  let dataBytes = 0;
  for (let i = 0; i < count; i += 1) {
    const tensor = readTensor(source, end);
    if (names.has(tensor.name)) source.damaged('a tensor is there twice');
    if (tensor.offset !== alignTo(dataBytes, alignment)) source.damaged('a tensor is not where it has to be');
    names.add(tensor.name);
    dataBytes = tensor.offset + tensor.bytes;
    end = tensor.end;
  }
  return { end, dataBytes };
}

function readTensor(source: GgufSource, at: number) {
  const nameLimits = { what: 'bytes in the name of a tensor', itemBytes: 1, max: MAX_NAME_BYTES };
  const nameBytes = source.count(at, nameLimits);
  const name = source.text(at + 8, nameBytes);
  const dimensionsAt = at + 8 + nameBytes + 4;
  const dimensionCount = source.uint32(dimensionsAt - 4);
  if (dimensionCount > MAX_DIMENSIONS) source.damaged(`a tensor has ${dimensionCount} dimensions`);
  const typeAt = dimensionsAt + 8 * dimensionCount;
  const dimensions = Array.from({ length: dimensionCount }, (_, i) => source.uint64(dimensionsAt + 8 * i));
  const bytes = tensorBytes(source, { type: source.uint32(typeAt), dimensions });
  return { name, bytes, offset: source.uint64(typeAt + 4), end: typeAt + 12 };
}

function tensorBytes(
  source: GgufSource,
  { type, dimensions }: { type: number; dimensions: readonly number[] },
): number {
  const [elements, bytes] = GGML_BLOCKS.get(type) ?? source.damaged(`a tensor has the unknown type ${type}`);
  const [row = 1] = dimensions;
  const size = (dimensions.reduce((product, dimension) => product * dimension, 1) / elements) * bytes;
  const isPossible = row % elements === 0 && size <= Number.MAX_SAFE_INTEGER;
  return isPossible ? size : source.damaged('a tensor has an impossible size');
}

export function alignTo(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment;
}
