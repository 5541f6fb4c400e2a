/**
 * Where things lie in a GGUF file: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 *
 * The rules are those of llama.cpp's reader, with limits where it has none: its JavaScript counterpart in
 * node-llama-cpp never comes back from a file that claims 2^60 keys.
 */
import { type GgufSource, MAX_HEADER_BYTES } from './gguf-source.ts';
import { alignTo, measureTensors } from './gguf-tensors.ts';

/** A key's value: `count` items of `type` from `at` on. What is not an array has one. */
export type GgufEntry = { readonly type: number; readonly count: number; readonly at: number };

export type GgufIndex = {
  readonly version: number;
  readonly entries: ReadonlyMap<string, GgufEntry>;
  readonly tensorCount: number;
  /** Where the description of the tensors ends. */
  readonly headerBytes: number;
  /** How long the whole file has to be for the tensors to be in it. */
  readonly expectedBytes: number;
};

export const STRING = 8;
const ARRAY = 9;
/** Bytes of an item, by the number of its type. Texts have their own length, and lists of lists are not allowed. */
const ITEM_BYTES: ReadonlyMap<number, number> = new Map([
  [0, 1], // uint8
  [1, 1], // int8
  [2, 2], // uint16
  [3, 2], // int16
  [4, 4], // uint32
  [5, 4], // int32
  [6, 4], // float32
  [7, 1], // bool
  [10, 8], // uint64
  [11, 8], // int64
  [12, 8], // float64
]);
const MAX_KEYS = 10_000;
const MAX_TENSORS = 100_000;
const MAX_KEY_BYTES = 65_535;
const DEFAULT_ALIGNMENT = 32;

/** Walks the header once, checking every count and length before it is followed. */
export function indexGguf(source: GgufSource): GgufIndex {
  const version = checkVersion(source);
  const tensorCount = source.count(8, { what: 'tensors', itemBytes: 24, max: MAX_TENSORS });
  const keyCount = source.count(16, { what: 'keys', itemBytes: 13, max: MAX_KEYS });
  const { entries, end } = indexEntries(source, keyCount);
  const alignment = alignmentOf(source, entries);
  const tensors = measureTensors(source, { at: end, count: tensorCount, alignment });
  const dataStart = tensorCount > 0 ? alignTo(tensors.end, alignment) : tensors.end;
  const expectedBytes = dataStart + tensors.dataBytes;
  return { version, entries, tensorCount, headerBytes: tensors.end, expectedBytes };
}

function checkVersion(source: GgufSource): number {
  if (source.text(0, 4) !== 'GGUF') source.damaged('it does not begin as a GGUF file');
  const version = source.uint32(4);
  if (version === 2 || version === 3) return version;
  const isBigEndian = version !== 0 && (version & 0xffff) === 0;
  const kind = isBigEndian ? 'made for big-endian machines' : `of GGUF version ${version}`;
  return source.refuse(`it is ${kind}; Sotto reads versions 2 and 3, little-endian. Download one of these.`);
}

function indexEntries(source: GgufSource, count: number) {
  const entries = new Map<string, GgufEntry>();
  let at = 24;
  for (let i = 0; i < count; i += 1) {
    const keyBytes = source.count(at, { what: 'bytes in a key', itemBytes: 1, max: MAX_KEY_BYTES });
    const key = source.text(at + 8, keyBytes);
    if (key === '' || entries.has(key)) source.damaged('a key is empty or there twice');
    const { entry, end } = indexValue(source, at + 8 + keyBytes);
    entries.set(key, entry);
    at = end;
  }
  return { entries, end: at };
}

function indexValue(source: GgufSource, at: number): { entry: GgufEntry; end: number } {
  const type = source.uint32(at);
  if (type !== ARRAY) return measured(source, { type, count: 1, at: at + 4 });
  const itemType = source.uint32(at + 4);
  const itemBytes = ITEM_BYTES.get(itemType) ?? 8;
  const max = MAX_HEADER_BYTES / itemBytes;
  const count = source.count(at + 8, { what: 'items in a list', itemBytes, max });
  return measured(source, { type: itemType, count, at: at + 16 });
}

function measured(source: GgufSource, entry: GgufEntry): { entry: GgufEntry; end: number } {
  const itemBytes = ITEM_BYTES.get(entry.type);
  if (entry.type !== STRING && !itemBytes) source.damaged(`a value has the unknown type ${entry.type}`);
  const end = itemBytes ? entry.at + entry.count * itemBytes : endOfStrings(source, entry);
  source.need(end);
  return { entry, end };
}

function endOfStrings(source: GgufSource, { at, count }: GgufEntry): number {
  let end = at;
  for (let i = 0; i < count; i += 1) {
    const bytes = source.uint64(end);
    if (bytes > MAX_HEADER_BYTES) source.damaged(`a text claims to have ${bytes} bytes`);
    end += 8 + bytes;
  }
  return end;
}

function alignmentOf(source: GgufSource, entries: ReadonlyMap<string, GgufEntry>): number {
  const entry = entries.get('general.alignment');
  if (!entry) return DEFAULT_ALIGNMENT;
  const alignment = source.uint32(entry.at);
  const isPowerOfTwo = alignment > 0 && Number.isInteger(Math.log2(alignment));
  if (entry.type !== 4 || !isPowerOfTwo) source.damaged('its alignment is not a power of two');
  return alignment;
}
