const NAME = Buffer.from('/Image');
/** What may follow a name; a letter makes it another one, such as `/ImageC`. */
const AFTER_NAME = new Set([...' \t\r\n\f\0/<>[]()%'].map((letter) => letter.charCodeAt(0)));

/**
 * Whether a PDF may hold pictures, by its bytes alone: a picture is a stream, and what a stream is stands uncompressed
 * before it. Pictures within the drawing of a page, which are small, are not seen.
 */
export function hasPictures(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = file.indexOf(NAME); at >= 0; at = file.indexOf(NAME, at + 1)) {
    const after = file[at + NAME.length];
    if (after === undefined || AFTER_NAME.has(after)) return true;
  }
  // A name may be written with escapes.
  return file.includes('/#') || file.includes('/I#') || file.includes('/Im#');
}
