import type { Kind } from './document.ts';

/** What the first bytes say: a kind that is read, or the words for one that is not. */
export type Signature = { readonly kind: Kind } | { readonly unsupported: string };

/** Undefined for text, ZIP archives and older Office files, which need a closer look, and for what nobody knows. */
export function readSignature(bytes: Uint8Array): Signature | undefined {
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  const brands = start.startsWith('ftyp', 4) ? isoBrands(start) : undefined;
  if (brands) return isoKind(brands);
  const found = SIGNATURES.find(([signature, at]) => start.startsWith(signature, at));
  return found?.[2];
}

const kind = (name: Kind): Signature => ({ kind: name });
const unsupported = (words: string): Signature => ({ unsupported: words });

const SIGNATURES: readonly (readonly [signature: string, at: number, Signature])[] = [
  ['%PDF-', 0, kind('pdf')],
  ['\x89PNG\r\n\x1a\n', 0, kind('png')],
  ['\xff\xd8\xff', 0, kind('jpeg')],
  ['GIF87a', 0, kind('gif')],
  ['GIF89a', 0, kind('gif')],
  ['II*\0', 0, kind('tiff')],
  ['MM\0*', 0, kind('tiff')],
  ['II+\0', 0, kind('tiff')],
  ['MM\0+', 0, kind('tiff')],
  ['WEBP', 8, kind('webp')],
  ['WAVE', 8, unsupported('an audio file')],
  ['AVI ', 8, unsupported('a video')],
  ['ID3', 0, unsupported('an audio file')],
  ['\xff\xfb', 0, unsupported('an audio file')],
  ['\xff\xf3', 0, unsupported('an audio file')],
  ['OggS', 0, unsupported('an audio file')],
  ['fLaC', 0, unsupported('an audio file')],
  ['\x1aE\xdf\xa3', 0, unsupported('a video')],
  ['\x30\x26\xb2\x75\x8e\x66\xcf\x11', 0, unsupported('a video')],
  ['{\\rtf', 0, unsupported('a document in Rich Text Format (RTF)')],
  ['%!PS', 0, unsupported('a PostScript file')],
  ['\0\0\0\fJXL ', 0, unsupported('a JPEG XL image')],
  ['\xff\n', 0, unsupported('a JPEG XL image')],
  ['\0\0\0\fjP  ', 0, unsupported('a JPEG 2000 image')],
  ['\xffO\xffQ', 0, unsupported('a JPEG 2000 image')],
  ['8BPS', 0, unsupported('a Photoshop image')],
  ['\0\0\x01\0', 0, unsupported('an icon')],
  ['DICM', 128, unsupported('a medical image (DICOM)')],
  ['\x1f\x8b', 0, unsupported('a gzip archive')],
  ['7z\xbc\xaf\x27\x1c', 0, unsupported('a 7z archive')],
  ['Rar!\x1a\x07', 0, unsupported('a RAR archive')],
  ['BZh', 0, unsupported('a bzip2 archive')],
  ['\xfd7zXZ\0', 0, unsupported('an xz archive')],
  ['(\xb5/\xfd', 0, unsupported('a Zstandard archive')],
  ['ustar', 257, unsupported('a tar archive')],
  ['\x7fELF', 0, unsupported('a program')],
  ['\xcf\xfa\xed\xfe', 0, unsupported('a program')],
  ['\xca\xfe\xba\xbe', 0, unsupported('a program')],
  ['\0asm', 0, unsupported('a program')],
  ['SQLite format 3\0', 0, unsupported('a database')],
];

/** Files of the ISO base media format name what can read them: first the major brand, then the compatible ones. */
function isoBrands(start: string): string[] {
  const length = Math.min(Buffer.from(start, 'latin1').readUInt32BE(0), start.length);
  const brands = [start.slice(8, 12)];
  for (let at = 16; at + 4 <= length; at += 4) brands.push(start.slice(at, at + 4));
  return brands;
}

function isoKind(brands: readonly string[]): Signature {
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return kind('avif');
  if (brands.some((brand) => /^(hei[cmsx]|hev[cx]|mif1|msf1)$/.test(brand))) return kind('heic');
  return unsupported(brands[0]?.startsWith('M4A') ? 'an audio file' : 'a video');
}
