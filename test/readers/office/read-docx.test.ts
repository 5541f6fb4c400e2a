import * as word from 'docx';
import { describe, expect, test } from 'vitest';
import { readDocx } from '../../../src/readers/office/read-docx.ts';
import { readAll } from '../text/read-all.ts';
import { docx, relationships, zip } from './zip-files.ts';

const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const box = (text: string): string =>
  `<w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>${paragraph(text)}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>`;

async function letter(): Promise<Uint8Array> {
  const cell = (text: string, options = {}) =>
    new word.TableCell({ children: [new word.Paragraph(text)], ...options });
  const made = new word.Document({
    title: 'A letter',
    comments: { children: [{ id: 0, author: 'Bo', children: [new word.Paragraph('Is this right?')] }] },
    footnotes: { 1: { children: [new word.Paragraph('Of the house.')] } },
    sections: [
      {
        headers: {
          default: new word.Header({ children: [new word.Paragraph('Clinic of Ulm, 3 May 2024')] }),
        },
        footers: { default: new word.Footer({ children: [new word.Paragraph('Page one of one')] }) },
        children: [
          new word.Paragraph({ text: 'Findings', heading: word.HeadingLevel.HEADING_1 }),
          new word.Paragraph({
            children: [
              new word.CommentRangeStart(0),
              new word.TextRun('All is well.'),
              new word.CommentRangeEnd(0),
              new word.TextRun({ children: [new word.CommentReference(0)] }),
              new word.FootnoteReferenceRun(1),
            ],
          }),
          new word.Paragraph({ text: 'first', bullet: { level: 0 } }),
          new word.Table({
            rows: [
              new word.TableRow({ children: [cell('a'), cell('b', { columnSpan: 2 })] }),
              new word.TableRow({ children: [cell('c'), cell('d'), cell('e')] }),
            ],
          }),
        ],
      },
    ],
  });
  return word.Packer.toBuffer(made);
}

describe('readDocx', () => {
  test('reads headers, text, lists, tables, footnotes, footers and comments', async () => {
    const { text, pages, outline, start } = await readAll(readDocx, await letter());
    expect(text).toMatch(/^Header: Clinic of Ulm, 3 May 2024\nFindings\nAll is well\. ?\[1\]/);
    expect(text).toContain('- first\na | b\nc | d | e');
    expect(text).toContain('Of the house.');
    expect(text).toMatch(/Footer: Page one of one\nComment \(Bo\): Is this right\?$/);
    expect(pages[0]?.tables).toMatchObject([
      {
        rows: [
          ['a', 'b', ''],
          ['c', 'd', 'e'],
        ],
      },
    ]);
    expect(outline).toEqual([{ title: 'Findings', level: 1, page: 1 }]);
    expect(start?.metadata).toMatchObject({ title: 'A letter' });
  });

  test('reads equations as a line', async () => {
    const equation =
      '<m:oMath><m:r><m:t>x=</m:t></m:r><m:f><m:num><m:r><m:t>a+1</m:t></m:r></m:num><m:den><m:sSup><m:e><m:r><m:t>b</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:den></m:f></m:oMath>';
    const body = `<w:p><w:r><w:t>so</w:t></w:r>${equation}<w:r><w:t>holds</w:t></w:r></w:p><w:p><m:oMathPara>${equation}</m:oMathPara></w:p>`;
    expect((await readAll(readDocx, docx(body))).text).toBe('so x=(a+1)/(b^2) holds\nx=(a+1)/(b^2)');
  });

  test('reads a text box once, of new drawings and of those that are there twice', async () => {
    const old = `<w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>${paragraph('twice')}</w:txbxContent></v:textbox></v:shape></w:pict>`;
    const body = `<w:p><w:r>${box('alone')}</w:r></w:p><w:p><w:r><mc:AlternateContent><mc:Choice>${box('twice')}</mc:Choice><mc:Fallback>${old}</mc:Fallback></mc:AlternateContent></w:r></w:p><w:p><w:r><mc:AlternateContent><mc:Choice>${box('new')}</mc:Choice><mc:Fallback/></mc:AlternateContent></w:r></w:p>`;
    expect((await readAll(readDocx, docx(body))).text).toBe('alone\ntwice\nnew');
  });

  test('says what it does not read, and lists what is embedded', async () => {
    const bytes = docx(
      `<w:p><w:del w:id="1"><w:r><w:delText>old</w:delText></w:r></w:del></w:p>${paragraph('new')}`,
      {
        'word/charts/chart1.xml': '<c/>',
        'word/embeddings/data.xlsx': 'xx',
      },
    );
    const { text, warnings, attachments } = await readAll(readDocx, bytes);
    expect(text).toBe('new');
    expect(warnings.map(({ code }) => code)).toEqual(['part-not-read', 'part-not-read']);
    expect(attachments).toEqual([{ name: 'data.xlsx', byteLength: 2, read: false }]);
  });

  test('lists pictures as not read', async () => {
    const made = new word.Document({
      sections: [
        {
          children: [
            new word.Paragraph({
              children: [
                new word.ImageRun({
                  type: 'png',
                  data: Buffer.from('x'),
                  transformation: { width: 9, height: 9 },
                }),
              ],
            }),
          ],
        },
      ],
    });
    const { pages } = await readAll(readDocx, await word.Packer.toBuffer(made));
    expect(pages).toMatchObject([
      { via: 'none', pictures: [{ read: false }], warnings: [{ code: 'picture-not-read' }] },
    ]);
  });

  test('expands no entities, and reads no other files', async () => {
    const head =
      '<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>';
    const { text, refused } = await readAll(readDocx, docx(paragraph('x&b;&c;'), { head }));
    expect(text).not.toContain('aaaaaaaaaa');
    expect(refused ?? { code: 'damaged' }).toMatchObject({ code: 'damaged' });
  });

  test('refuses elements nested deeper than any program writes them', async () => {
    const deep = `${'<w:sdt><w:sdtContent>'.repeat(20_000)}${'</w:sdtContent></w:sdt>'.repeat(20_000)}`;
    expect((await readAll(readDocx, docx(deep))).refused).toMatchObject({ code: 'damaged' });
  });

  test.each([
    ['a bomb', docx('<w:p/>', { 'word/media/a.xml': new Uint8Array(30_000_000) }), 'bomb'],
    ['a document without its main part', zip({ '[Content_Types].xml': '<Types/>' }), 'damaged'],
    ['broken XML', docx('<w:p>'), 'damaged'],
    ['no archive', new Uint8Array([1, 2, 3]), 'cut-off'],
  ])('refuses %s', async (_, bytes, code) => {
    expect((await readAll(readDocx, bytes)).refused).toMatchObject({ code });
  });

  test('reads a footer only when the document refers to it', async () => {
    const footer = `<w:ftr xmlns:w="w">${paragraph('used')}</w:ftr>`;
    const bytes = docx(paragraph('text'), {
      'word/footer1.xml': footer,
      'word/footer2.xml': footer.replace('used', 'left over'),
      'word/_rels/document.xml.rels': relationships(['f1', 'footer', 'footer1.xml']),
    });
    expect((await readAll(readDocx, bytes)).text).toBe('text\nFooter: used');
  });
});
