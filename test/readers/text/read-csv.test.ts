import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guessDelimiter, parseRows, readCsv } from '../../../src/readers/text/read-csv.ts';
import { readAll } from './read-all.ts';

describe('readCsv', () => {
  test.each([
    ['commas', 'a,b\n1,"2,3"\n', ','],
    ['semicolons with decimal commas', 'a;b;c\n1,5;2,5;3\n', ';'],
    ['tabs', 'a\tb\n1, 2\t3\n', '\t'],
    ['bars', 'a|b\n1|2\n', '|'],
    ['one column', 'a\nb\n', ','],
  ])('tells %s', (_, text, delimiter) => {
    expect(guessDelimiter(text)).toBe(delimiter);
  });

  test('gives the text as it stands, and a table', async () => {
    const { pages, warnings } = await readAll(readCsv, '\ufeffname;born\r\nAnn;"1990;\r\nMay"\r\nBo\r\n');
    expect(pages).toMatchObject([
      {
        text: 'name;born\nAnn;"1990;\nMay"\nBo\n',
        tables: [
          {
            rows: [
              ['name', 'born'],
              ['Ann', '1990;\nMay'],
              ['Bo', ''],
            ],
            method: 'native',
          },
        ],
        via: 'text',
      },
    ]);
    expect(warnings).toEqual([]);
  });

  test('says where a quotation mark is not closed, and gives the rest line by line', async () => {
    const { pages, warnings } = await readAll(readCsv, 'a,b\nc,"d\ne"\n1,"x\n2,3\n');
    expect(pages[0]?.tables[0]?.rows).toEqual([
      ['a', 'b'],
      ['c', 'd\ne'],
      ['1', '"x'],
      ['2', '3'],
    ]);
    expect(warnings).toMatchObject([{ code: 'recovered', sentence: expect.stringContaining('line 4') }]);
  });

  test('says that an empty table is blank', async () => {
    const { pages } = await readAll(readCsv, '\n\n');
    expect(pages).toMatchObject([{ via: 'none', tables: [], warnings: [{ code: 'blank' }] }]);
  });

  test('cuts a table of very many cells, and keeps the text', async () => {
    const text = `${'1,2,3,4,5,6,7,8,9,10\n'.repeat(31_000)}`;
    const { pages } = await readAll(readCsv, text);
    expect(pages[0]?.text).toBe(text);
    expect(pages[0]?.tables[0]?.rows).toHaveLength(30_000);
    expect(pages[0]?.warnings).toMatchObject([{ code: 'too-much-text' }]);
  });

  test('lists the cells of a table, but not those of a very large one, whose rows hold them', async () => {
    const [small, large] = await Promise.all(
      [3, 10_001].map(async (count) => (await readAll(readCsv, 'a,b\n'.repeat(count))).pages[0]),
    );
    expect([small?.tables[0]?.cells.length, small?.spans.length]).toEqual([6, 6]);
    expect([large?.tables[0]?.cells.length, large?.spans.length]).toEqual([0, 0]);
    expect([large?.tables[0]?.rows.length, large?.text.length]).toEqual([10_001, 40_004]);
  });

  test('gives every table back as it was written', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', ' ', '|') });
    const tables = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }));
    fc.assert(
      fc.property(tables, fc.constantFrom(',', ';', '\t', '|'), (rows, delimiter) => {
        const text = rows
          .map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(delimiter))
          .join('\n');
        expect(parseRows(text, delimiter)).toEqual({ rows, cut: [], warnings: [] });
      }),
    );
  });
});
