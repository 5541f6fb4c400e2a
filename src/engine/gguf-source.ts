import fs from 'node:fs';
import { ModelLoadError } from '../errors.ts';

/** No GGUF header of a model that Sotto runs is longer: that of Qwen 3.5 has some 10 MB, nearly all of it vocabulary. */
export const MAX_HEADER_BYTES = 64 * 2 ** 20;
const CHUNK_BYTES = 2 ** 20;

/**
 * The bytes of a file's beginning, read as far as they are asked for. Positions count from the start of the file.
 * Nothing is believed: what lies behind the end of the file or of the longest header throws `ModelLoadError`.
 */
export type GgufSource = {
  readonly fileBytes: number;
  /** Makes sure that the bytes from 0 to `end` are there. */
  need(end: number): void;
  uint32(at: number): number;
  /** Numbers above 2^53 come rounded, which is enough to refuse them. */
  uint64(at: number): number;
  /** A number of things that follow. Refused when larger than `max`, or than what is left of the file can hold. */
  count(at: number, limits: CountLimits): number;
  text(at: number, bytes: number): string;
  /** The bytes from 0 to `end`, not copied. */
  bytes(end: number): Buffer;
  refuse(problem: string): never;
  damaged(detail: string): never;
};

type CountLimits = { readonly what: string; readonly itemBytes: number; readonly max: number };

/** `fd` stays open and belongs to the caller. */
export function createGgufSource({ fd, path }: { fd: number; path: string }): GgufSource {
  const fileBytes = fs.fstatSync(fd).size;
  // Not filled with zeros: the system gives memory only to the part that is read.
  const buffer = Buffer.allocUnsafe(Math.min(fileBytes, MAX_HEADER_BYTES));
  let filled = 0;

  const refuse = (problem: string): never => {
    throw new ModelLoadError({ path, problem });
  };
  const damaged = (detail: string) => refuse(`it is damaged (${detail}). Download it again.`);
  const incomplete = () =>
    refuse(`it is incomplete: it ends inside its own header, after ${fileBytes} bytes. Download it again.`);
  const need = (end: number) => {
    if (end > fileBytes) incomplete();
    if (end > MAX_HEADER_BYTES) damaged('its header is longer than 64 MB');
    while (filled < end) {
      const read = fs.readSync(fd, buffer, filled, Math.min(CHUNK_BYTES, buffer.length - filled), filled);
      if (read === 0) incomplete();
      filled += read;
    }
  };
  const uint32 = (at: number) => {
    if (at + 4 > filled) need(at + 4);
    return buffer.readUInt32LE(at);
  };
  const uint64 = (at: number) => uint32(at) + uint32(at + 4) * 2 ** 32;
  return {
    fileBytes,
    need,
    uint32,
    uint64,
    count(at, { what, itemBytes, max }) {
      const count = uint64(at);
      if (count > max) damaged(`it claims to have ${count} ${what}`);
      if (at + 8 + count * itemBytes > fileBytes) incomplete();
      return count;
    },
    text(at, bytes) {
      need(at + bytes);
      return buffer.toString('utf8', at, at + bytes);
    },
    bytes(end) {
      need(end);
      return buffer.subarray(0, end);
    },
    refuse,
    damaged,
  };
}
