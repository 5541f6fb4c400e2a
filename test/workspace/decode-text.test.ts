import { describe, expect, test } from 'vitest';
import { decodeText } from '../../src/workspace/decode-text.ts';

const bytes = (latin1: string): Uint8Array => Buffer.from(latin1, 'latin1');
const utf16 = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le');

describe('decodeText', () => {
  test.each([
    ['UTF-8', Buffer.from('Größe 😀\r\n'), 'Größe 😀\r\n'],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffname;größe'), 'name;größe'],
    ['UTF-16, little end first', utf16('Größe 😀'), 'Größe 😀'],
    ['UTF-16, big end first', Buffer.from(utf16('Größe')).swap16(), 'Größe'],
    ['nothing', bytes(''), ''],
    ['a byte order mark alone', bytes('\xff\xfe'), ''],
    ['words about PDF', bytes('The header %PDF-1.7 begins it.'), 'The header %PDF-1.7 begins it.'],
  ])('reads %s', (_, content, text) => {
    expect(decodeText(content, 'a.txt')).toEqual({ ok: true, text });
  });

  test('reads other bytes as Latin-1, and says so', () => {
    const decoded = decodeText(bytes('Gr\xf6\xdfe: 5 \x80'), 'a.csv');
    expect(decoded).toMatchObject({
      ok: true,
      text: 'Größe: 5 €',
      note: expect.stringContaining('not UTF-8'),
    });
  });

  test.each([
    ['a PDF', bytes('%PDF-1.7\n%\xe2\xe3'), 'a.txt'],
    ['a PNG image', bytes('\x89PNG\r\n\x1a\n\0\0'), 'a.txt'],
    ['a JPEG image', bytes('\xff\xd8\xff\xe0'), 'a'],
    ['a GIF image', bytes('GIF89a'), 'a.gif'],
    ['a TIFF image', bytes('II*\0'), 'a.tif'],
    ['a ZIP archive', bytes('PK\x03\x04'), 'a.zip'],
    ['a Word document', bytes('PK\x03\x04'), 'in/a.DOCX'],
    ['an Excel workbook', bytes('PK\x03\x04'), 'a.xlsx'],
    ['a gzip archive', bytes('\x1f\x8b\x08'), 'a.gz'],
    ['an older Office document', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), 'a.doc'],
    ['binary data', bytes('text, then\0'), 'a.txt'],
    ['binary data', utf16('a\0b'), 'a.txt'],
    ['damaged UTF-16', bytes('\xff\xfea\0b'), 'a.txt'],
  ])('names %s', (kind, content, name) => {
    expect(decodeText(content, name)).toEqual({ ok: false, kind });
  });
});
