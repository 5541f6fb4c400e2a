import { describe, expect, test } from 'vitest';
import { readDocx } from '../../../src/readers/office/read-docx.ts';
import { readAll } from '../text/read-all.ts';
import { docx, relationships } from './zip-files.ts';

const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const tickBox = (content: string): string =>
  `<w:sdt><w:sdtPr><w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent>${content}</w:sdtContent></w:sdt>`;
const oldForm = (data: string): string =>
  `<w:r><w:fldChar w:fldCharType="begin"><w:ffData>${data}</w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`;

describe('readDocx', () => {
  test.each([
    [
      'a simple field',
      'Dear <w:fldSimple w:instr="MERGEFIELD N"><w:r><w:t>Weber</w:t></w:r></w:fldSimple>',
      'Dear Weber',
    ],
    [
      'text of a direction',
      '<w:bdo w:val="rtl"><w:r><w:t>a</w:t></w:r></w:bdo><w:dir><w:r><w:t>b</w:t></w:r></w:dir>',
      'ab',
    ],
    [
      'text with ruby',
      '<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>x</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>base</w:t></w:r></w:rubyBase></w:ruby></w:r>',
      'base',
    ],
    [
      'tabs and breaks',
      '<w:r><w:t>a</w:t><w:ptab w:relativeTo="margin"/><w:t>b</w:t><w:cr/><w:t>c</w:t></w:r>',
      'a b\nc',
    ],
    [
      'boxes to tick',
      `${tickBox('<w:r><w:sym w:font="MS Gothic" w:char="2612"/></w:r>')}Yes ${tickBox('<w:r><w:t>☐</w:t></w:r>')}No`,
      '☒Yes ☐No',
    ],
    [
      'boxes of old forms',
      `${oldForm('<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>')}Yes ${oldForm('<w:checkBox><w:default w:val="0"/></w:checkBox>')}No`,
      '☒Yes ☐No',
    ],
    [
      'the choice of an old form',
      oldForm(
        '<w:ddList><w:result w:val="1"/><w:listEntry w:val="Ulm"/><w:listEntry w:val="Bern"/></w:ddList>',
      ),
      'Bern',
    ],
  ])('reads %s', async (_, inside, text) => {
    const runs = inside.replace(
      /(^|>)([^<>]+)(?=<w:fldSimple|<w:sdt|<w:r><w:fldChar|$)/g,
      '$1<w:r><w:t xml:space="preserve">$2</w:t></w:r>',
    );
    const { text: read, warnings } = await readAll(readDocx, docx(`<w:p>${runs}</w:p>`));
    expect(read).toBe(text);
    expect(warnings).toEqual([]);
  });

  test('reads a paragraph that is a box to tick with its words, and fields in footnotes', async () => {
    const field = '<w:p><w:fldSimple w:instr="REF"><w:r><w:t>clause 4</w:t></w:r></w:fldSimple></w:p>';
    const bytes = docx(
      `${tickBox(paragraph('☒ I agree'))}<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>`,
      {
        'word/footnotes.xml': `<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="2">${field}</w:footnote></w:footnotes>`,
        'word/_rels/document.xml.rels': relationships(['r1', 'footnotes', 'footnotes.xml']),
      },
    );
    expect((await readAll(readDocx, bytes)).text).toMatch(/^☒ I agree\n\[1\]\n1\. clause 4/);
  });

  test('says when text or a symbol of the document was not read', async () => {
    const body =
      '<w:p><w:odd><w:r><w:t>lost</w:t></w:r></w:odd><w:r><w:t>x</w:t><w:sym w:font="Own" w:char="F0AB"/></w:r></w:p>';
    const { text, warnings } = await readAll(readDocx, docx(body));
    expect(text).toBe('x');
    expect(warnings.map(({ sentence }) => sentence)).toEqual([
      'A part of the text of this document was not read.',
      'Some symbols in this document could not be read.',
    ]);
    const empty = await readAll(readDocx, docx('<w:p><w:odd/><w:r><w:t>x</w:t></w:r></w:p>'));
    expect(empty.warnings).toEqual([]);
  });
});
