import { describe, expect, test } from 'vitest';
import { readXlsx } from '../../../src/readers/office/read-xlsx.ts';
import { readAll } from '../text/read-all.ts';
import { relationships, xlsx } from './zip-files.ts';

const sheet = (...rows: readonly string[]): string =>
  `<sheetData>${rows.map((cells, at) => `<row r="${at + 1}">${cells}</row>`).join('')}</sheetData>`;
const rowsOf = async (xml: string) =>
  (await readAll(readXlsx, xlsx([{ name: 'a', xml }]))).pages[0]?.tables[0]?.rows;

describe('readXlsx', () => {
  test('gives each sheet as a page with its name, also empty and hidden ones', async () => {
    const { pages, start } = await readAll(
      readXlsx,
      xlsx([
        { name: 'One', xml: sheet('<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>') },
        { name: 'Two', xml: '<sheetData/>' },
        { name: 'Three', xml: sheet('<c r="A1"><v>3</v></c>'), state: 'veryHidden' },
      ]),
    );
    expect(start?.pageCount).toBe(3);
    expect(pages.map(({ number, label, text, via }) => [number, label, text, via])).toEqual([
      [1, 'One', 'plain | rich text', 'text'],
      [2, 'Two', '', 'none'],
      [3, 'Three', '3', 'text'],
    ]);
    expect(pages[1]?.warnings).toMatchObject([{ code: 'blank', sentence: '“Two” is blank.' }]);
    expect(pages[2]?.warnings).toMatchObject([{ code: 'hidden' }]);
  });

  test('says how many sheets there are where not all are read', async () => {
    const names = ['a', 'b', 'c'];
    const file = xlsx(names.map((name) => ({ name, xml: sheet('<c r="A1"><v>1</v></c>') })));
    const { pages, start, limits } = await readAll(readXlsx, file, { limits: { pages: 2 } });
    expect([pages.length, start?.pageCount, limits[0]?.code]).toEqual([2, 3, 'too-many-pages']);
  });

  test.each([
    ['a number with the noise of its binary form', '<c r="A1"><v>0.30000000000000004</v></c>', '0.3'],
    ['a large number', '<c r="A1"><v>123456789012345</v></c>', '123456789012345'],
    ['a day', '<c r="A1" s="1"><v>45413</v></c>', '2024-05-01'],
    ['a day and a time', '<c r="A1" s="2"><v>45413.520833333336</v></c>', '2024-05-01T12:30:00'],
    ['a time', '<c r="A1" s="3"><v>0.75</v></c>', '18:00:00'],
    ['a truth', '<c r="A1" t="b"><v>1</v></c>', 'TRUE'],
    ['an error', '<c r="A1" t="e"><v>#DIV/0!</v></c>', '#DIV/0!'],
    ['a text in its cell', '<c r="A1" t="inlineStr"><is><t> a &amp; b</t></is></c>', ' a & b'],
    ["a formula's stored value", '<c r="A1"><f>1+1</f><v>2</v></c>', '2'],
  ])('reads %s', async (_, cell, text) => {
    expect(await rowsOf(sheet(cell))).toEqual([[text]]);
  });

  test('says which formulas have no stored value', async () => {
    const xml = sheet('<c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f></c><c r="C1" t="str"><f>A1</f></c>');
    const { pages } = await readAll(readXlsx, xlsx([{ name: 'a', xml }]));
    expect(pages[0]?.text).toBe('1');
    expect(pages[0]?.warnings).toMatchObject([
      { code: 'value-not-stored', sentence: expect.stringContaining('2 formulas') },
    ]);
  });

  test('keeps places, and reads merged cells and hidden rows', async () => {
    const xml = `<cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row><row r="3" hidden="1"><c r="D3"><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="B2:C3"/></mergeCells>`;
    const { pages } = await readAll(readXlsx, xlsx([{ name: 'a', xml }]));
    expect(pages[0]?.tables[0]?.rows).toEqual([
      ['', '', '', ''],
      ['', '1', '', '2'],
      ['', '', '', '3'],
    ]);
    expect(pages[0]?.tables[0]?.cells).toContainEqual({
      row: 1,
      column: 1,
      rowSpan: 2,
      columnSpan: 2,
      text: '1',
    });
    expect(pages[0]?.warnings).toMatchObject([{ code: 'hidden' }]);
  });

  test('reads comments', async () => {
    const { text } = await readAll(
      readXlsx,
      xlsx([{ name: 'a', xml: sheet('<c r="A1"><v>1</v></c>') }], {
        'xl/worksheets/_rels/sheet0.xml.rels': relationships(['c', 'comments', '../comments1.xml']),
        'xl/comments1.xml':
          '<comments><commentList><comment ref="A1"><text><r><t>Check </t></r><r><t>this</t></r></text></comment></commentList></comments>',
      }),
    );
    expect(text).toBe('1\nComment (A1): Check this');
  });

  test('reads the other sheets beside one whose cells are too far apart', async () => {
    const far = sheet('<c r="A1"><v>1</v></c>', '<c r="XFD1048576"><v>2</v></c>');
    const { pages } = await readAll(
      readXlsx,
      xlsx([
        { name: 'far', xml: far },
        { name: 'near', xml: sheet('<c r="A1"><v>3</v></c>') },
      ]),
    );
    expect(pages.map(({ text, via }) => [text, via])).toEqual([
      ['', 'none'],
      ['3', 'text'],
    ]);
    expect(pages[0]?.warnings).toMatchObject([{ code: 'page-failed' }]);
  });

  test('reads the sheets that are asked for', async () => {
    const sheets = ['1', '2', '3'].map((value) => ({
      name: value,
      xml: sheet(`<c r="A1"><v>${value}</v></c>`),
    }));
    const { pages, start } = await readAll(readXlsx, xlsx(sheets), { pages: [[2, 2]] });
    expect(pages.map(({ number, text }) => [number, text])).toEqual([[2, '2']]);
    expect(start?.pageCount).toBe(3);
  });

  test('says that a sheet holds a chart only, and reads the others', async () => {
    const bytes = xlsx(
      [
        { name: 'c', xml: '' },
        { name: 'a', xml: sheet('<c r="A1"><v>1</v></c>') },
      ],
      {
        'xl/_rels/workbook.xml.rels': relationships(
          ['s0', 'chartsheet', 'chartsheets/sheet1.xml'],
          ['s1', 'worksheet', 'worksheets/sheet1.xml'],
        ),
        'xl/chartsheets/sheet1.xml': '<chartsheet/>',
      },
    );
    const { pages } = await readAll(readXlsx, bytes);
    expect(pages.map(({ text, via }) => [text, via])).toEqual([
      ['', 'none'],
      ['1', 'text'],
    ]);
  });

  test.each([
    [
      'an entity bomb',
      '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><worksheet><sheetData><row><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>',
    ],
    ['elements nested deeply', `<worksheet>${'<x>'.repeat(50_000)}`],
    ['half a sheet', '<worksheet><sheetData><row r="1"><c r="A1"><v>1'],
  ])('survives %s', async (_, part) => {
    const { text, refused, pages } = await readAll(
      readXlsx,
      xlsx([{ name: 'a', xml: '' }], { 'xl/worksheets/sheet0.xml': part }),
    );
    expect(text).not.toContain('aaaaaaaaaa');
    expect(refused?.code ?? pages[0]?.via).toMatch(/^(damaged|text|none)$/);
  });

  test('refuses a workbook without sheets', async () => {
    expect((await readAll(readXlsx, xlsx([]))).refused).toMatchObject({ code: 'damaged' });
  });
});
