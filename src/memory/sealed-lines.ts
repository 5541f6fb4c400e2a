/**
 * Lines that tell whether they are what was written: JSON objects, each with the CRC-32 of all that stands before it in its
 * line.
 */
import { crc32 } from 'node:zlib';

const SEALED = /^(\{.*),"crc":"([0-9a-f]{8})"\}$/s;
const NEWLINE = 0x0a;

/** The line of an object that has at least one property, without its end. */
export function toSealed(value: object): string {
  const open = JSON.stringify(value).slice(0, -1);
  return `${open},"crc":"${checksum(open)}"}`;
}

/** The object of a line. Nothing where it is not what was written, or has no checksum. */
export function fromSealed(line: string): object | undefined {
  const [, open = '', crc] = SEALED.exec(line) ?? [];
  if (crc === undefined || checksum(open) !== crc) return undefined;
  return parseObject(`${open}}`);
}

/** Nothing where it is not JSON of an object. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The lines of a file without their ends, empty ones left out, the last one too where it has no end. */
export function* splitLines(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, from);
    const end = found < 0 ? bytes.length : found;
    if (end > from) yield bytes.subarray(from, end);
    from = end + 1;
  }
}

/** As text. Nothing where it is no UTF-8. */
export function decodeLine(line: Uint8Array): string | undefined {
  try {
    return UTF8.decode(line);
  } catch {
    return undefined;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
