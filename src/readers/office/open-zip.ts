import { crc32, inflateRawSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { type Problem, problem } from '../document.ts';
import type { Limits } from '../limits.ts';
import { DAMAGED_ZIP, listZip, packedBytes, type ZipEntry } from './list-zip.ts';

export type ZipLimits = Pick<Limits, 'zipEntries' | 'zipBytes' | 'zipRatio'>;
export type Content =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly problem: Problem };
export type Zip = {
  readonly names: ReadonlySet<string>;
  /** Unpacks one entry. What all calls unpack counts together; `bomb` when that is more than is allowed. */
  readonly read: (name: string) => Content;
  /** Unpacked, as the archive declares it; 0 of an entry that is not there. */
  readonly sizeOf: (name: string) => number;
};
export type OpenedZip =
  | { readonly ok: true; readonly zip: Zip }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Opens a ZIP archive whose directory promises nothing bad: not too many entries, not too much unpacked, each name once
 * and none that leads outside, nothing encrypted. The directory may lie: what is really unpacked is counted too.
 */
export function openZip(bytes: Uint8Array, limits: ZipLimits): OpenedZip {
  const listed = listZip(bytes);
  if (!listed.ok) return listed;
  const found = findProblem(listed.entries, bytes.length, limits);
  if (found) return { ok: false, problem: found };
  return { ok: true, zip: makeZip(bytes, listed.entries, limits.zipBytes) };
}

/** Entries of an open archive by name. */
export function makeZip(bytes: Uint8Array, entries: readonly ZipEntry[], mostBytes: number): Zip {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  let left = mostBytes;
  const read = (name: string): Content => {
    const entry = byName.get(name);
    if (!entry) return refuse('damaged', 'A part of this file is missing.');
    const content = unpack(bytes, entry, left);
    left -= content.ok ? content.bytes.length : 0;
    return content;
  };
  return { names: new Set(byName.keys()), read, sizeOf: (name) => byName.get(name)?.size ?? 0 };
}

/** An archive of our own with some of the entries, for a library that reads archives without limits: what it gets was
 * unpacked here, under ours. `changed`: contents that take the place of an entry's own. */
export function packAgain(
  zip: Zip,
  isNeeded: (name: string) => boolean,
  changed: ReadonlyMap<string, string> = new Map(),
): Content {
  const entries: Record<string, Uint8Array> = Object.create(null);
  for (const name of zip.names) {
    if (!isNeeded(name)) continue;
    const text = changed.get(name);
    const content = text === undefined ? zip.read(name) : { ok: true as const, bytes: encode(text) };
    if (!content.ok) return content;
    entries[name] = content.bytes;
  }
  return { ok: true, bytes: zipSync(entries, { level: 0 }) };
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** An archive that unpacks to less is harmless, whatever its ratio. */
const HARMLESS_BYTES = 20_000_000;

function findProblem(
  entries: readonly ZipEntry[],
  byteLength: number,
  limits: ZipLimits,
): Problem | undefined {
  if (entries.length > limits.zipEntries)
    return problem('bomb', `This file holds ${entries.length} parts, more than this program opens.`);
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (size > limits.zipBytes || (size > HARMLESS_BYTES && size > byteLength * limits.zipRatio))
    return problem('bomb', BOMB);
  if (
    entries.some(
      ({ name }) => name.startsWith('/') || /^[a-z]:/i.test(name) || name.split('/').includes('..'),
    )
  )
    return problem('damaged', 'This file is damaged: a part of it has a name that leads outside of it.');
  if (new Set(entries.map(({ name }) => name)).size < entries.length)
    return problem('damaged', 'This file is damaged: it holds the same part twice.');
  if (entries.some(({ isEncrypted }) => isEncrypted)) return problem('password-needed', ENCRYPTED);
  return undefined;
}

const BOMB = 'Stopped: this file unpacks to more than this program allows.';
const ENCRYPTED =
  'This file is packed with a password, which is not supported. Save it without one and try again.';

function unpack(bytes: Uint8Array, entry: ZipEntry, most: number): Content {
  const packed = packedBytes(bytes, entry);
  if (!packed || (entry.method !== 0 && entry.method !== 8)) return refuse('damaged', DAMAGED_ZIP);
  if (Math.max(entry.size, entry.method === 0 ? packed.length : 0) > most) return refuse('bomb', BOMB);
  try {
    const content =
      entry.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(most, 1) });
    return crc32(content) === entry.crc
      ? { ok: true, bytes: new Uint8Array(content) }
      : refuse('damaged', DAMAGED_ZIP);
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? refuse('bomb', BOMB) : refuse('damaged', DAMAGED_ZIP);
  }
}

const refuse = (code: Problem['code'], sentence: string): Content => ({
  ok: false,
  problem: problem(code, sentence),
});
