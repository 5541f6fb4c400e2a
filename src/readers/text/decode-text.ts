import { type Problem, problem } from '../document.ts';

export type DecodedText = {
  readonly text: string;
  /** As the Encoding Standard names it, such as `utf-8`. */
  readonly encoding: string;
  /** What a reader should know of the encoding. */
  readonly warnings: readonly Problem[];
};

/**
 * Text from bytes: by its byte order mark (which is dropped), then by what the file itself declares, then as UTF-8, as
 * UTF-16 where the places of the zero bytes tell, or else as Windows-1252, the common superset of Latin-1, which takes
 * any byte and is a guess. Control characters are kept: they are data.
 *
 * @param declared The name of an encoding that stands in the file, such as `iso-8859-1`.
 */
export function decodeText(bytes: Uint8Array, declared?: string): DecodedText {
  const marked = markedEncoding(bytes);
  if (marked) return decodeAs(bytes, marked);
  const stated = knownEncoding(declared);
  const strict = decodeStrictly(bytes, 'utf-8');
  if (stated && stated !== 'utf-8') {
    const isReallyUtf8 = stated === 'windows-1252' && strict !== undefined && hasLetterBeyondAscii(strict);
    return isReallyUtf8 ? utf8Despite(strict, declared) : decodeAs(bytes, stated);
  }
  const utf16 = unmarkedUtf16(bytes);
  if (utf16) return decodeAs(bytes, utf16);
  return strict === undefined ? guess(bytes) : { text: strict, encoding: 'utf-8', warnings: [] };
}

/** Whether text is none: too many of its characters are control characters that no text editor writes. */
export function looksBinary(text: string): boolean {
  const controls = text.match(CONTROLS)?.length ?? 0;
  return controls > 0 && (controls === text.length || controls > Math.max(1, text.length * MOST_CONTROLS));
}

/** Of the whole text. Logs with escape sequences and texts with a stray zero stay below it. */
const MOST_CONTROLS = 0.05;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\0-\x07\x0e-\x1a\x1c-\x1f\ufffd]/g;

function markedEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

function knownEncoding(label: string | undefined): string | undefined {
  if (!label) return undefined;
  try {
    const { encoding } = new TextDecoder(label);
    // A file whose declaration can be read byte by byte is not UTF-16, whatever it says (Encoding Standard, "sniff").
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding;
  } catch {
    return undefined;
  }
}

function decodeAs(bytes: Uint8Array, encoding: string): DecodedText {
  const text = decodeStrictly(bytes, encoding);
  if (text !== undefined) return { text, encoding, warnings: [] };
  return { text: new TextDecoder(encoding).decode(bytes), encoding, warnings: [damagedLetters(encoding)] };
}

function decodeStrictly(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Western text in UTF-16 has a zero in every other place, and hardly one in the others. */
function unmarkedUtf16(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const half = Math.floor(sample.length / 2);
  if (half < 2 || bytes.length % 2 !== 0) return undefined;
  if (odd > half * 0.4 && even < half * 0.05) return 'utf-16le';
  return even > half * 0.4 && odd < half * 0.05 ? 'utf-16be' : undefined;
}

/** A text that is UTF-8 but for a few bytes was damaged or cut off; one with many such bytes is in another encoding. */
function guess(bytes: Uint8Array): DecodedText {
  const lenient = new TextDecoder().decode(bytes);
  const bad = lenient.match(/\ufffd/g)?.length ?? 0;
  const good = (lenient.match(BEYOND_ASCII)?.length ?? 0) - bad;
  if (good > bad * 10) return { text: lenient, encoding: 'utf-8', warnings: [damagedLetters('utf-8')] };
  return {
    text: new TextDecoder('windows-1252').decode(bytes),
    encoding: 'windows-1252',
    warnings: [
      problem(
        'encoding-guessed',
        'The file is not UTF-8. It was read as Latin-1 (Windows-1252): letters with accents may be wrong.',
      ),
    ],
  };
}

const utf8Despite = (text: string, declared = ''): DecodedText => ({
  text,
  encoding: 'utf-8',
  warnings: [
    problem('encoding-guessed', `The file says that it is in ${declared}, but it is UTF-8, and was read so.`),
  ],
});

const damagedLetters = (encoding: string): Problem =>
  problem(
    'encoding-guessed',
    `A few letters of the file are damaged (no valid ${encoding.toUpperCase()}): they are shown as \ufffd.`,
  );

const BEYOND_ASCII = /[^\0-\x7f]/gu;
const hasLetterBeyondAscii = (text: string): boolean => text.search(BEYOND_ASCII) >= 0;
