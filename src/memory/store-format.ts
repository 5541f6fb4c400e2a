/**
 * The text of a store: `{ "version": 1, …, "crc": "89abcdef" }`, JSON that people can read.
 *
 * The checksum is of the content, not of its spaces. Without it, a file that is half an old and half a new one could be
 * taken for good; where it is missing, as in a file that was written by hand, the content counts as it is.
 */
import { crc32 } from 'node:zlib';
import type { ZodType } from 'zod';

export type StoreFormat<Data> = {
  /** Of what the store holds, from 1. */
  readonly version: number;
  /** Of an object without `version` and `crc`. */
  readonly schema: ZodType<Data>;
};

export type ParsedStore<Data> =
  | { readonly kind: 'good'; readonly data: Data }
  /** `problem` is part of a sentence: `it is empty`. */
  | { readonly kind: 'damaged'; readonly problem: string }
  | { readonly kind: 'newer'; readonly version: number };

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const OTHER = 'it holds something else than Sotto writes';

/** Says what a file holds; never throws. */
export function parseStore<Data>(
  bytes: Uint8Array,
  { version, schema }: StoreFormat<Data>,
): ParsedStore<Data> {
  const damaged = (problem: string) => ({ kind: 'damaged', problem }) as const;
  if (bytes.length === 0) return damaged('it is empty');
  if (bytes.every((byte) => byte === 0)) return damaged('it holds nothing but zeros');
  if (BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte)) {
    return damaged('it begins with a byte order mark, which some editors write');
  }
  const text = decode(bytes);
  if (text === undefined) return damaged('it is not UTF-8');
  const value = parseJson(text);
  if (value === undefined)
    return damaged(text.trimEnd().endsWith('}') ? 'it is not JSON' : 'its end is missing');
  if (!isObject(value)) return damaged(OTHER);
  const { version: found, crc, ...content } = value;
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 1) return damaged(OTHER);
  if (found > version) return { kind: 'newer', version: found };
  if (crc !== undefined && crc !== checksum(found, content)) {
    return damaged('its checksum is wrong, so it is not what Sotto wrote');
  }
  const checked = schema.safeParse(content);
  return checked.success ? { kind: 'good', data: checked.data } : damaged(OTHER);
}

/** The bytes that `parseStore` reads. */
export function formatStore<Data extends object>(data: Data, version: number): Uint8Array {
  const text = JSON.stringify({ version, ...data, crc: checksum(version, data) }, undefined, 2);
  return Buffer.from(`${text}\n`);
}

const checksum = (version: number, content: object): string =>
  crc32(JSON.stringify({ version, ...content }))
    .toString(16)
    .padStart(8, '0');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
