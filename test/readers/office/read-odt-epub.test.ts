import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocx } from '../../../src/readers/office/read-docx.ts';
import { readEpub } from '../../../src/readers/office/read-epub.ts';
import { readOdt } from '../../../src/readers/office/read-odt.ts';
import { readPptx } from '../../../src/readers/office/read-pptx.ts';
import { readXlsx } from '../../../src/readers/office/read-xlsx.ts';
import { readAll } from '../text/read-all.ts';
import { docx, epub, odt, odtStyles, pptx, xlsx, zip } from './zip-files.ts';

const textOf = async (body: string): Promise<string> => (await readAll(readOdt, odt(body))).text;

describe('readOdt', () => {
  test.each([
    [
      'paragraphs with spaces and tabs',
      '<text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d</text:p><text:p>e</text:p>',
      'a  b\tc\nd\ne',
    ],
    [
      'lists',
      '<text:list><text:list-item><text:p>a</text:p><text:list><text:list-item><text:p>b</text:p></text:list-item></text:list></text:list-item></text:list>',
      '- a\n  - b',
    ],
    [
      'notes where they stand',
      '<text:p>a<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>n</text:p></text:note-body></text:note>b</text:p>',
      'a1 [Note:  n] b',
    ],
    ['elements of any name', '<__defineGetter__/><constructor/><text:p>a</text:p>', 'a'],
    [
      'nothing that was deleted',
      '<text:tracked-changes><text:p>old</text:p></text:tracked-changes><text:p>new</text:p>',
      'new',
    ],
  ])('reads %s', async (_, body, text) => {
    expect(await textOf(body)).toBe(text);
  });

  test('reads tables with spans and repeats', async () => {
    const cell = (words: string, more = '') =>
      `<table:table-cell${more}><text:p>${words}</text:p></table:table-cell>`;
    const body = `<table:table><table:table-row>${cell('a', ' table:number-columns-spanned="2"')}<table:covered-table-cell/></table:table-row><table:table-row table:number-rows-repeated="2">${cell('b', ' table:number-columns-repeated="2"')}</table:table-row><table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000"/></table:table-row></table:table>`;
    const { pages } = await readAll(readOdt, odt(body));
    expect(pages[0]?.tables).toMatchObject([
      {
        rows: [
          ['a', ''],
          ['b', 'b'],
          ['b', 'b'],
        ],
      },
    ]);
  });

  test('repeats a cell no more often than a table may have it', async () => {
    const body =
      '<table:table><table:table-row><table:table-cell table:number-columns-repeated="4000000000"><text:p>a</text:p></table:table-cell></table:table-row></table:table>';
    const { pages } = await readAll(readOdt, odt(body));
    expect(pages[0]?.tables[0]?.rows[0]).toHaveLength(1000);
  });

  test('reads headers and headings, and says what it does not read', async () => {
    const bytes = odt(
      '<text:h text:outline-level="2">A</text:h><text:p>b<draw:frame><draw:object/></draw:frame></text:p>',
      {
        'styles.xml': odtStyles('<text:p>Letterhead</text:p>'),
      },
    );
    const { text, outline, warnings } = await readAll(readOdt, bytes);
    expect(text).toBe('Header: Letterhead\nA\nb');
    expect(outline).toEqual([{ title: 'A', level: 2, page: 1 }]);
    expect(warnings).toMatchObject([{ code: 'part-not-read' }]);
  });

  test('refuses what is encrypted, and what is damaged', async () => {
    const locked = odt('', {
      'META-INF/manifest.xml': '<manifest:manifest><manifest:encryption-data/></manifest:manifest>',
    });
    expect((await readAll(readOdt, locked)).refused).toMatchObject({ code: 'password-needed' });
    expect((await readAll(readOdt, odt('<text:p>'))).refused).toMatchObject({ code: 'damaged' });
  });

  test('expands no entities', async () => {
    const content =
      '<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a xmlns:o="o"><o:body><o:text><p>&b;</p></o:text></o:body></a>';
    expect((await readAll(readOdt, odt('', { 'content.xml': content }))).text).not.toContain('bbbbbbbb');
  });
});

describe('readEpub', () => {
  test('reads the chapters in the order of the spine, with the outline', async () => {
    const { pages, outline, start } = await readAll(
      readEpub,
      epub(['<h1>Two</h1><a id="x"/><p>end', '<p>One</p>']),
    );
    expect(pages.map(({ number, label, text }) => [number, label, text])).toEqual([
      [1, 'Chapter 1', 'One'],
      [2, 'Chapter 0', 'Two\nend'],
    ]);
    expect(outline).toEqual([
      { title: 'Chapter 0', level: 1, page: 2 },
      { title: 'Chapter 1', level: 1, page: 1 },
    ]);
    expect(start?.metadata).toEqual({ title: 'A book' });
  });

  test('reads the outline of EPUB 2', async () => {
    const { outline } = await readAll(
      readEpub,
      epub(['<p>a</p>'], {
        'OEBPS/nav.xhtml':
          '<ncx><docTitle><text>A book</text></docTitle><navMap><navPoint><navLabel><text>Part</text></navLabel><content src="text/c%200.xhtml"/><navPoint><navLabel><text>Chapter</text></navLabel><content src="text/c%200.xhtml#b"/></navPoint></navPoint></navMap></ncx>',
      }),
    );
    expect(outline).toEqual([
      { title: 'Part', level: 1, page: 1 },
      { title: 'Chapter', level: 2, page: 1 },
    ]);
  });

  test('refuses a book that is protected, and one without chapters', async () => {
    const locked = epub(['<p>a'], {
      'META-INF/encryption.xml': '<e><CipherReference URI="OEBPS/text/c%200.xhtml"/></e>',
    });
    expect((await readAll(readEpub, locked)).refused).toMatchObject({ code: 'unsupported' });
    expect((await readAll(readEpub, zip({ a: 'b' }))).refused).toMatchObject({ code: 'damaged' });
  });
});

const FILES = {
  docx: [readDocx, docx('<w:p><w:r><w:t>text</w:t></w:r></w:p>')],
  xlsx: [
    readXlsx,
    xlsx([{ name: 'a', xml: '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>' }]),
  ],
  pptx: [readPptx, pptx(['<p:sp><p:txBody><a:p><a:r><a:t>text</a:t></a:r></a:p></p:txBody></p:sp>'])],
  odt: [readOdt, odt('<text:p>text</text:p>')],
  epub: [readEpub, epub(['<p>text</p>'])],
} as const;

test.each(Object.entries(FILES))(
  'no change of bytes makes the reader of %s throw',
  async (_, [read, good]) => {
    const place = fc.nat(good.length - 1);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 5 }),
        fc.option(place),
        async (changes, end) => {
          const bytes = good.slice(0, end ?? good.length);
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          const { refused, start } = await readAll(read, bytes);
          expect(refused?.sentence.endsWith('.') ?? (start && start.pageCount > 0)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  },
);
