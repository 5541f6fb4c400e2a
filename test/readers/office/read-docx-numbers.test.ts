import { describe, expect, test } from 'vitest';
import { readDocx } from '../../../src/readers/office/read-docx.ts';
import { readAll } from '../text/read-all.ts';
import { docx } from './zip-files.ts';

const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** A level: `[format, text, what else it says]`. */
type Level = readonly [format: string, text: string, more?: string];

const form = (id: number, levels: readonly Level[]): string =>
  `<w:abstractNum w:abstractNumId="${id}">${levels
    .map(
      ([format, text, more = ''], at) =>
        `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${more}<w:lvlText w:val="${text}"/></w:lvl>`,
    )
    .join('')}</w:abstractNum>`;
const num = (id: number, formId: number, more = ''): string =>
  `<w:num w:numId="${id}"><w:abstractNumId w:val="${formId}"/>${more}</w:num>`;
const item = (list: number, level: number, text: string, mark = ''): string =>
  `<w:p><w:pPr><w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${list}"/></w:numPr><w:rPr>${mark}</w:rPr></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
const styled = (style: string, text: string, more = ''): string =>
  `<w:p><w:pPr><w:pStyle w:val="${style}"/>${more}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;

const read = (body: string, numbering: string, styles = '') =>
  readAll(
    readDocx,
    docx(body, {
      'word/numbering.xml': `<w:numbering ${WORD}>${numbering}</w:numbering>`,
      'word/styles.xml': `<w:styles ${WORD}>${styles}</w:styles>`,
    }),
  );

const CLAUSES: readonly Level[] = [
  ['decimal', '%1.'],
  ['decimal', '%1.%2'],
  ['lowerLetter', '(%3)'],
];

describe('readDocx', () => {
  test('shows the numbers of clauses as the document defines them', async () => {
    const body = [
      item(1, 0, 'Parties'),
      item(1, 1, 'A Ltd.'),
      item(1, 1, 'B Ltd.'),
      item(1, 2, 'sub'),
      item(1, 0, 'Term'),
      item(1, 1, 'two years'),
      item(2, 0, 'Scope'),
      '<w:p><w:r><w:t>between</w:t></w:r></w:p>',
      item(2, 0, 'Law'),
      item(3, 0, 'point'),
    ].join('');
    const numbering =
      form(1, CLAUSES) +
      form(2, [['decimal', 'Art. %1']]) +
      form(3, [['bullet', 'o']]) +
      num(1, 1) +
      num(2, 2) +
      num(3, 3);
    const { text, warnings } = await read(body, numbering);
    expect(text).toBe(
      '1. Parties\n  1.1 A Ltd.\n  1.2 B Ltd.\n    (a) sub\n2. Term\n  2.1 two years\nArt. 1 Scope\nbetween\nArt. 2 Law\n- point',
    );
    expect(warnings).toEqual([]);
  });

  test.each([
    ['upperRoman', 'IV.'],
    ['lowerRoman', 'iv.'],
    ['upperLetter', 'D.'],
    ['decimalZero', '04.'],
    ['none', '.'],
  ])('counts in %s', async (format, mark) => {
    const start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride>';
    const { text } = await read(item(1, 0, 'a'), form(1, [[format, '%1.']]) + num(1, 1, start));
    expect(text).toBe(`${mark} a`);
  });

  test('goes on with the numbers of a list of the same form, unless a new one begins anew', async () => {
    const start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>';
    const body = [1, 1, 2, 3, 3].map((list) => item(list, 0, 'x')).join('');
    const { text } = await read(body, form(1, CLAUSES) + num(1, 1) + num(2, 1) + num(3, 1, start));
    expect(text).toBe('1. x\n2. x\n3. x\n1. x\n2. x');
  });

  test('begins a level again only after those that the document names', async () => {
    const levels: readonly Level[] = [
      ['decimal', '%1.'],
      ['decimal', '%2)', '<w:lvlRestart w:val="0"/>'],
    ];
    const body = [0, 1, 0, 1].map((level) => item(1, level, 'x')).join('');
    expect((await read(body, form(1, levels) + num(1, 1))).text).toBe('1. x\n  1) x\n2. x\n  2) x');
  });

  test('counts a level that was passed over', async () => {
    const body = item(1, 0, 'a') + item(1, 2, 'b') + item(1, 1, 'c');
    expect((await read(body, form(1, CLAUSES) + num(1, 1))).text).toBe('1. a\n    (a) b\n  1.2 c');
  });

  test('shows all levels in digits where the document says so', async () => {
    const levels: readonly Level[] = [
      ['upperRoman', '%1.'],
      ['decimal', '%1.%2', '<w:isLgl/>'],
    ];
    const body = item(1, 0, 'x') + item(1, 1, 'x');
    expect((await read(body, form(1, levels) + num(1, 1))).text).toBe('I. x\n  1.1 x');
  });

  test('numbers headings by their styles, in the outline too', async () => {
    const numbered = (id: string, level: number, basedOn = '') =>
      `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="heading ${level + 1}"/>${basedOn}<w:pPr><w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>`;
    const styles = `${numbered('H1', 0)}${numbered('H2', 1)}<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="H2"/></w:style>`;
    const none = '<w:numPr><w:numId w:val="0"/></w:numPr>';
    const body =
      styled('H1', 'Scope') + styled('Own', 'Law') + styled('H1', 'Annex', none) + styled('H1', 'End');
    const { text, outline } = await read(body, form(1, CLAUSES) + num(1, 1), styles);
    expect(text).toBe('1. Scope\n1.1 Law\nAnnex\n2. End');
    expect(outline.map(({ title }) => title)).toEqual(['1. Scope', 'Annex', '2. End']);
  });

  test('does not count clauses that were moved away or whose ends were deleted', async () => {
    const body = [
      item(1, 0, 'one'),
      item(1, 0, '', '<w:moveFrom/>'),
      item(1, 0, 'two, ', '<w:del/>'),
      item(1, 0, 'joined'),
      item(1, 0, 'three'),
    ].join('');
    expect((await read(body, form(1, CLAUSES) + num(1, 1))).text).toBe('1. one\n2. two, joined\n3. three');
  });

  test('counts a text box that is there twice only once', async () => {
    const boxed = `<w:txbxContent>${item(1, 0, 'boxed')}</w:txbxContent>`;
    const body = `<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>${boxed}</w:drawing></mc:Choice><mc:Fallback><w:pict>${boxed}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>${item(1, 0, 'after')}`;
    const { text } = await read(body, form(1, CLAUSES) + num(1, 1));
    expect(text.split('\n').sort()).toEqual(['1. boxed', '2. after']);
  });

  test('shows no number in a format that it does not know, and says so', async () => {
    const { text, warnings } = await read(item(1, 0, 'x'), form(1, [['hebrew1', '%1.']]) + num(1, 1));
    expect(text).toBe('- x');
    expect(warnings).toMatchObject([{ code: 'part-not-read', sentence: expect.stringContaining('numbers') }]);
  });
});
