import { describe, expect, test } from 'vitest';
import { readXlsx } from '../../../src/readers/office/read-xlsx.ts';
import { readAll } from '../text/read-all.ts';
import { xlsx } from './zip-files.ts';

const sheet = (...rows: readonly string[]): string =>
  `<sheetData>${rows.map((cells, at) => `<row r="${at + 1}">${cells}</row>`).join('')}</sheetData>`;
const rowsOf = async (xml: string) =>
  (await readAll(readXlsx, xlsx([{ name: 'a', xml }]))).pages[0]?.tables[0]?.rows;

describe('the cells of a workbook', () => {
  const formats = {
    'xl/styles.xml': `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/><numFmt numFmtId="165" formatCode="yyyy\\-mm"/><numFmt numFmtId="166" formatCode="0.0&quot; [h]&quot;"/></numFmts><cellXfs>${[0, 46, 164, 165, 166].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
  };

  test.each([
    ['a duration beyond a day', 2, '1.25', '30:00:00'],
    ['a duration in the format that is built in', 1, '2.0003472222', '48:00:30'],
    ['a short duration', 2, '0.5', '12:00:00'],
    ['a duration below zero', 2, '-0.0625', '-01:30:00'],
    ['a number below zero where a date is meant', 3, '-5', '-5'],
    ['a day', 3, '46023', '2026-01-01'],
    ['a number whose format has a bracket in quotes', 4, '1.25', '1.25'],
  ])('reads %s', async (_, style, value, text) => {
    const xml = sheet(`<c r="A1" s="${style}"><v>${value}</v></c>`);
    expect((await readAll(readXlsx, xlsx([{ name: 'a', xml }], formats))).text).toBe(text);
  });

  test('reads cells that do not say where they are, each beside the one before it', async () => {
    const words = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
    const xml = `<sheetData><row>${words('a')}<c/><c><v>1</v></c></row><row/><row r="4"><c r="AA4"><v>2</v></c>${words('b')}</row></sheetData>`;
    const rows = await rowsOf(xml);
    const filled = rows?.flatMap((row, at) =>
      row.flatMap((text, column) => (text === '' ? [] : [[at, column, text]])),
    );
    expect(filled).toEqual([
      [0, 0, 'a'],
      [0, 2, '1'],
      [3, 26, '2'],
      [3, 27, 'b'],
    ]);
  });

  test('reads cells whose places are written in an unusual way', async () => {
    expect(
      await rowsOf(`<sheetData><row r='1'><c\nr='B1'><v>1</v></c><c><v>2</v></c></row></sheetData>`),
    ).toEqual([['', '1', '2']]);
  });

  test('reads the other sheets beside one that is damaged', async () => {
    const broken = sheet('<c r="A1" t="s"><v>99</v></c>');
    const { pages, refused } = await readAll(
      readXlsx,
      xlsx([
        { name: 'broken', xml: broken },
        { name: 'good', xml: sheet('<c r="A1"><v>3</v></c>') },
      ]),
    );
    expect(refused).toBeUndefined();
    expect(pages.map(({ text, via }) => [text, via])).toEqual([
      ['', 'none'],
      ['3', 'text'],
    ]);
    expect(pages[0]?.warnings).toMatchObject([{ code: 'page-failed' }]);
  });

  test('gives the rows and the text of a very large sheet, and no cells one by one', async () => {
    const rows = Array.from(
      { length: 10_001 },
      (_, at) => `<c r="A${at + 1}"><v>1</v></c><c r="B${at + 1}"><v>2</v></c>`,
    );
    const { pages } = await readAll(readXlsx, xlsx([{ name: 'a', xml: sheet(...rows) }]));
    const [page] = pages;
    expect([page?.tables[0]?.rows.length, page?.tables[0]?.cells.length]).toEqual([10_001, 0]);
    expect([page?.spans.length, page?.text]).toEqual([0, Array(10_001).fill('1 | 2').join('\n')]);
  });
});
