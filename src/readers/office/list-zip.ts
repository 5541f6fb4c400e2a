import { type Problem, problem } from '../document.ts';

export type ZipEntry = {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  /** Of the unpacked bytes. */
  readonly crc: number;
  readonly packedSize: number;
  /** As the archive declares it. */
  readonly size: number;
  /** Of its local header, in the archive. */
  readonly offset: number;
};
export type ListedZip =
  | { readonly ok: true; readonly entries: readonly ZipEntry[] }
  | { readonly ok: false; readonly problem: Problem };

/** The directory at the end of a ZIP archive (APPNOTE 4.3.12), without folders. Nothing is unpacked. */
export function listZip(bytes: Uint8Array): ListedZip {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) return { ok: false, problem: problem('cut-off', CUT_OFF) };
  try {
    const entries = [...readEntries(view, directoryOf(view, end))];
    return { ok: true, entries: entries.filter(({ name }) => !name.endsWith('/')) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, problem: problem('damaged', DAMAGED_ZIP) };
  }
}

export const DAMAGED_ZIP = 'This file is damaged and could not be opened. Download or copy it again.';
const CUT_OFF = 'This file is cut off: its end is missing. Download or copy it again.';

/** Where the data of an entry lie in the archive; undefined when they do not. */
export function packedBytes(bytes: Uint8Array, entry: ZipEntry): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.offset < 0 || entry.offset + 30 > bytes.length || view.getUint32(entry.offset, true) !== LOCAL)
    return undefined;
  const names = view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  const start = entry.offset + 30 + names;
  return start + entry.packedSize <= bytes.length
    ? bytes.subarray(start, start + entry.packedSize)
    : undefined;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;

/** The last one; a comment of at most 65,535 bytes may follow it. */
function findEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 65_557; at -= 1) {
    if (view.getUint32(at, true) === END) return at;
  }
  return undefined;
}

/** `shift`: how many bytes stand before the archive, which its offsets do not count. */
type Directory = { readonly start: number; readonly count: number; readonly shift: number };

function directoryOf(view: DataView, end: number): Directory {
  const locator = end - 20;
  const is64 = locator >= 0 && view.getUint32(locator, true) === LOCATOR_64;
  const end64 = is64 ? read64(view, locator + 8) : -1;
  const [count, size, offset, behind] =
    is64 && view.getUint32(end64, true) === END_64
      ? [read64(view, end64 + 32), read64(view, end64 + 40), read64(view, end64 + 48), end64]
      : [view.getUint16(end + 10, true), view.getUint32(end + 12, true), view.getUint32(end + 16, true), end];
  const start = behind - size;
  if (start < 0) throw new RangeError('the directory begins before the file');
  return { start, count, shift: start - offset };
}

function* readEntries(view: DataView, { start, count, shift }: Directory): Generator<ZipEntry> {
  let at = start;
  for (let done = 0; done < count; done += 1) {
    if (view.getUint32(at, true) !== CENTRAL) throw new RangeError('no entry where one is declared');
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const name = new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength);
    const [size, packedSize, offset] = sizesOf(view, at, {
      start: at + 46 + nameLength,
      length: extraLength,
    });
    yield {
      name: new TextDecoder().decode(name).replaceAll('\\', '/'),
      method: view.getUint16(at + 10, true),
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      crc: view.getUint32(at + 16, true),
      packedSize,
      size,
      offset: offset + shift,
    };
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
  }
}

type Extra = { readonly start: number; readonly length: number };

/** Sizes over 4 GB, and those of programs that write a stream, stand in an extra field, in this order. */
function sizesOf(
  view: DataView,
  at: number,
  extra: Extra,
): readonly [size: number, packed: number, offset: number] {
  const short = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  let next = findExtra64(view, extra);
  const [size = 0, packed = 0, offset = 0] = short.map((value) => {
    if (value !== 0xffffffff || next === undefined) return value;
    next += 8;
    return read64(view, next - 8);
  });
  return [size, packed, offset];
}

function findExtra64(view: DataView, { start, length }: Extra): number | undefined {
  for (let at = start; at + 4 <= start + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) === 1) return at + 4;
  }
  return undefined;
}

/** Sizes beyond 2^53 are refused later as too large, so their last digits do not matter. */
const read64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));
