import { extname } from 'node:path';

export type DecodedText =
  | {
      readonly ok: true;
      readonly text: string /** What a reader should know of the encoding. */;
      readonly note?: string;
    }
  /** `kind`: what it is instead, such as "a PDF". */
  | { readonly ok: false; readonly kind: string };

/** Text from the bytes of a file: UTF-8, UTF-16 with a byte order mark (which is dropped), or else Windows-1252, the
 * common superset of Latin-1, which takes any byte and is noted. Bytes that are no text say what they are. */
export function decodeText(bytes: Uint8Array, name: string): DecodedText {
  const kind = binaryKind(bytes, name);
  if (kind !== undefined) return { ok: false, kind };
  const utf16 = startsWith(bytes, [0xff, 0xfe])
    ? 'utf-16le'
    : startsWith(bytes, [0xfe, 0xff])
      ? 'utf-16be'
      : undefined;
  if (utf16 === undefined && bytes.includes(0)) return { ok: false, kind: 'binary data' };
  try {
    const text = new TextDecoder(utf16 ?? 'utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? { ok: false, kind: 'binary data' } : { ok: true, text };
  } catch {
    if (utf16 !== undefined) return { ok: false, kind: 'damaged UTF-16' };
    const note =
      'The file is not UTF-8. It was read as Latin-1 (Windows-1252): letters with accents may be wrong.';
    return { ok: true, text: new TextDecoder('windows-1252').decode(bytes), note };
  }
}

const SIGNATURES: readonly (readonly [string, string])[] = [
  ['%PDF-', 'a PDF'],
  ['\x89PNG\r\n\x1a\n', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF87a', 'a GIF image'],
  ['GIF89a', 'a GIF image'],
  ['II*\0', 'a TIFF image'],
  ['MM\0*', 'a TIFF image'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['PK\x05\x06', 'a ZIP archive'],
  ['\x1f\x8b', 'a gzip archive'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an older Office document'],
];

/** Documents that are ZIP archives inside. */
const ZIPPED: Readonly<Record<string, string>> = {
  '.docx': 'a Word document',
  '.xlsx': 'an Excel workbook',
  '.pptx': 'a PowerPoint presentation',
  '.odt': 'an OpenDocument text',
  '.ods': 'an OpenDocument spreadsheet',
  '.epub': 'an EPUB book',
};

function binaryKind(bytes: Uint8Array, name: string): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const kind = SIGNATURES.find(([signature]) => start.startsWith(signature))?.[1];
  return kind === 'a ZIP archive' ? (ZIPPED[extname(name).toLowerCase()] ?? kind) : kind;
}

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, at) => bytes[at] === byte);
