import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectKind } from '../../src/readers/detect-kind.ts';
import { docx, epub, odt, pptx, xlsx, zip } from './office/zip-files.ts';

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const ole = (stream: string): Uint8Array =>
  new Uint8Array(
    Buffer.concat([latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'), Buffer.from(stream, 'utf16le')]),
  );
const PDF = '%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer';

describe('the kind of a file is told by its content', () => {
  test.each([
    ['a PDF', latin1(PDF), 'pdf'],
    [
      'a PDF behind a byte order mark and other bytes',
      latin1(`\xef\xbb\xbf${'x'.repeat(900)}\n${PDF}`),
      'pdf',
    ],
    ['a PDF without a header', latin1('1 0 obj\n<<>>\nendobj\n'), 'pdf'],
    ['PNG', latin1('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), 'png'],
    ['JPEG', latin1('\xff\xd8\xff\xe0\0\x10JFIF'), 'jpeg'],
    ['GIF', latin1('GIF89a\x01\0'), 'gif'],
    ['WebP', latin1('RIFF\x10\0\0\0WEBPVP8 '), 'webp'],
    ['TIFF', latin1('II*\0\x08\0\0\0'), 'tiff'],
    ['AVIF', latin1('\0\0\0\x1cftypmif1\0\0\0\0avifmif1'), 'avif'],
    ['HEIC', latin1('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'heic'],
    ['docx', docx('<w:p/>'), 'docx'],
    ['xlsx', xlsx([{ name: 'a', xml: '' }]), 'xlsx'],
    ['pptx', pptx(['']), 'pptx'],
    ['odt', odt(''), 'odt'],
    ['epub', epub(['']), 'epub'],
    ['HTML', utf8('\n<!-- a --><!DOCTYPE html><p>a'), 'html'],
    ['XHTML', utf8('<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"/>'), 'html'],
    ['XML', utf8('<?xml version="1.0"?><invoice/>'), 'xml'],
    ['XML without a declaration', utf8('<note><to>Ann</to></note>\n'), 'xml'],
    ['XML in UTF-16', new Uint8Array(Buffer.from('\ufeff<?xml version="1.0"?><a/>', 'utf16le')), 'xml'],
    ['JSON', utf8(' {"a": [1]}'), 'json'],
    ['mail', utf8('Received: from a\r\n\tby b\r\nSubject: x\r\nTo: c@d\r\n\r\nHi'), 'eml'],
    ['a text about PDF', utf8('The header %PDF-1.7 begins it.'), 'text'],
    ['a text with brackets', utf8('[1] Smith et al.'), 'text'],
    ['a text that begins with BM', utf8('BMW makes cars and motorcycles.'), 'text'],
    ['a text with an escape sequence', utf8('\x1b[31mred\x1b[0m text'), 'text'],
    ['a text in Latin-1', latin1('Gr\xf6\xdfe'), 'text'],
  ])('%s', (_, bytes, kind) => {
    expect(detectKind(bytes, 'file')).toEqual({ kind, warnings: [] });
  });

  test.each([
    ['a.csv', 'csv'],
    ['a.TSV', 'tsv'],
    ['notes.md', 'markdown'],
    ['a.txt', 'text'],
    ['a', 'text'],
    ['a.constructor', 'text'],
  ])('the name decides between kinds of plain text: %s', (name, kind) => {
    expect(detectKind(utf8('a,b\n1,2\n'), name)).toEqual({ kind, warnings: [] });
  });

  test('a note that begins like a mail stays a note when it is named so', () => {
    const note = utf8('From: the kitchen\nSubject: soup\n\nIt is ready.');
    expect(detectKind(note, 'note.txt')).toMatchObject({ kind: 'text' });
    expect(detectKind(note, 'note.eml')).toMatchObject({ kind: 'eml' });
  });

  test.each([
    [
      'scan.pdf',
      latin1('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'),
      'png',
      'This is named .pdf but is not a PDF (it looks like a PNG image).',
    ],
    [
      'table.xls',
      utf8('<html><table></table></html>'),
      'html',
      'This is named .xls but is not an Excel workbook (it looks like an HTML page).',
    ],
    ['a.txt', latin1(PDF), 'pdf', 'This is named .txt but is not plain text (it looks like a PDF).'],
    [
      'a.eml',
      utf8('Only words.'),
      'text',
      'This is named .eml but is not a mail message (it looks like plain text).',
    ],
  ])('a name that says otherwise is corrected: %s', (name, bytes, kind, sentence) => {
    expect(detectKind(bytes, name)).toEqual({ kind, warnings: [{ code: 'wrong-name', sentence }] });
  });
});

describe('what is not read says what it is', () => {
  test.each([
    ['nothing', utf8(''), 'empty', 'This file is empty.'],
    ['doc', ole('WordDocument'), 'unsupported', 'older format .doc'],
    ['xls', ole('Workbook'), 'unsupported', 'older format .xls'],
    ['ppt', ole('PowerPoint Document'), 'unsupported', 'older format .ppt'],
    ['msg', ole('__substg1.0_0037001F WordDocument'), 'unsupported', 'message of Outlook'],
    ['an encrypted docx', ole('EncryptedPackage'), 'password-needed', 'protected with a password'],
    ['rtf', utf8('{\\rtf1 a}'), 'unsupported', 'Rich Text Format'],
    ['svg', utf8('<?xml version="1.0"?><!DOCTYPE svg PUBLIC "a" "b"><svg/>'), 'unsupported', 'SVG'],
    ['bmp', latin1(`BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0`), 'unsupported', 'BMP image'],
    [
      'ods',
      zip({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet' }),
      'unsupported',
      'OpenDocument spreadsheet',
    ],
    ['zip', zip({ 'a.txt': 'a' }), 'unsupported', 'ZIP archive'],
    ['gzip', latin1('\x1f\x8b\x08\0\0'), 'unsupported', 'gzip archive'],
    ['jxl', latin1('\0\0\0\x0cJXL \r\n'), 'unsupported', 'JPEG XL'],
    ['jp2', latin1('\0\0\0\x0cjP  \r\n'), 'unsupported', 'JPEG 2000'],
    ['a program', latin1('MZ\x90\0\x03\0\0\0'), 'unsupported', 'a program'],
    ['music', latin1('ID3\x03\0'), 'unsupported', 'audio'],
    ['a video', latin1('\0\0\0\x18ftypmp42\0\0\0\0mp42isom'), 'unsupported', 'video'],
    ['bytes', latin1('\x01\x02\x03\x04\x05'), 'unsupported', 'binary data'],
    [
      'a PNG changed on its way',
      latin1('\x89PNG\n\x1a\n\0\0\0\0\rIHDR').slice(0, 16),
      'damaged',
      'PNG image is damaged',
    ],
    ['a ZIP that is cut off', docx('<w:p/>').slice(0, 300), 'cut-off', 'cut off'],
  ])('%s', (_, bytes, code, words) => {
    const found = detectKind(bytes, 'file');
    expect(found).toMatchObject({ problem: { code } });
    expect('problem' in found && found.problem.sentence).toContain(words);
  });
});

test('no bytes make it throw', () => {
  const starts = [
    '',
    '%PDF-',
    'PK\x03\x04',
    'PK\x05\x06',
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    '<',
    '{',
    '\xff\xfe',
    'BM',
    '\0\0\0\x18ftyp',
  ];
  const bytes = fc.tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }));
  fc.assert(
    fc.property(bytes, fc.constantFrom('a', 'a.json', 'a.csv', 'a.pdf'), ([start, rest], name) => {
      const found = detectKind(new Uint8Array([...latin1(start), ...rest]), name);
      expect('kind' in found || found.problem.sentence.endsWith('.')).toBe(true);
    }),
    { numRuns: 500 },
  );
});
