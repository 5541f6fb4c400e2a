import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText, looksBinary } from '../../../src/readers/text/decode-text.ts';

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'));
const utf16be = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le').swap16());
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('decodeText', () => {
  test.each([
    ['UTF-8', utf8('Größe 😀\r\n'), 'utf-8', 'Größe 😀\r\n'],
    ['UTF-8 with a byte order mark', utf8('\ufeffname;größe'), 'utf-8', 'name;größe'],
    ['UTF-16, little end first', utf16('\ufeffGröße 😀'), 'utf-16le', 'Größe 😀'],
    ['UTF-16, big end first', utf16be('\ufeffGröße'), 'utf-16be', 'Größe'],
    ['UTF-16 without a mark', utf16('Total: 12 €'), 'utf-16le', 'Total: 12 €'],
    ['UTF-16 without a mark, big end first', utf16be('Total: 12 €'), 'utf-16be', 'Total: 12 €'],
    ['nothing', utf8(''), 'utf-8', ''],
    ['control characters, as data', utf8('a\0b\x1b[0m'), 'utf-8', 'a\0b\x1b[0m'],
  ])('reads %s', (_, bytes, encoding, text) => {
    expect(decodeText(bytes)).toEqual({ text, encoding, warnings: [] });
  });

  test('reads other bytes as Latin-1, and says so', () => {
    const decoded = decodeText(latin1('Gr\xf6\xdfe: 5 \x80'));
    expect(decoded).toMatchObject({ text: 'Größe: 5 €', encoding: 'windows-1252' });
    expect(decoded.warnings).toMatchObject([{ code: 'encoding-guessed' }]);
  });

  test('keeps UTF-8 that lost a byte, and says so', () => {
    const decoded = decodeText(utf8('Größe, Füße, Straße, Öl, Ärger, Übel, süß, heiß, groß').slice(0, -1));
    expect(decoded.text).toBe('Größe, Füße, Straße, Öl, Ärger, Übel, süß, heiß, gro\ufffd');
    expect(decoded.warnings).toMatchObject([{ code: 'encoding-guessed' }]);
  });

  test('takes the encoding that the file declares', () => {
    expect(decodeText(latin1('\xe6\xc1'), 'koi8-r')).toEqual({
      text: 'Фа',
      encoding: 'koi8-r',
      warnings: [],
    });
    expect(decodeText(latin1('\xe9'), 'iso-8859-1')).toMatchObject({ text: 'é', warnings: [] });
    expect(decodeText(utf8('é'), 'no-such-encoding')).toMatchObject({ text: 'é', warnings: [] });
  });

  test('reads UTF-8 that declares Latin-1 as UTF-8, and says so', () => {
    const decoded = decodeText(utf8('Größe'), 'iso-8859-1');
    expect(decoded).toMatchObject({ text: 'Größe', warnings: [{ code: 'encoding-guessed' }] });
  });

  test('gives every text in UTF-8 back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(text.isWellFormed() && !/^[\ufeff]|\0/.test(text));
        expect(decodeText(utf8(text)).text).toBe(text);
      }),
    );
  });
});

test.each([
  ['words', 'A text.\n', false],
  ['a stray zero', 'ab\0', false],
  ['escape sequences', '\x1b[1ma\x1b[0m', false],
  ['control characters', '\x01\x02a\x03\x04', true],
  ['a zero alone', '\0', true],
  ['nothing', '', false],
])('looksBinary of %s', (_, text, expected) => {
  expect(looksBinary(text)).toBe(expected);
});
