import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCsv } from '../../src/cli/read/tables-csv.ts';

describe('a table as CSV', () => {
  test.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1 (555) 010', "'+1 (555) 010"],
    ['-1+cmd|x', "'-1+cmd|x"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', `"'\rx"`],
    [' =1+1', "' =1+1"],
    ['＝1+1', "'＝1+1"],
    ['-x', "'-x"],
    // Excel begins a cell behind each of these where its separator is another one.
    ['a;=1+1', "a;'=1+1"],
    ['a\n@x', `"a\n'@x"`],
  ])('defuses %j, which a spreadsheet could run', (text, cell) => {
    expect(toCsv([[text]])).toBe(cell);
  });

  test.each([
    '-5',
    '+5',
    '-1.234,56',
    '-1,234.56',
    "-1'234",
    '-3.5 %',
    '-1e-9',
    '+ 7',
    '-',
    '--',
    '7=7',
    'a@b',
  ])('leaves %j as it is', (text) => {
    expect(parse(toCsv([[text]]))).toEqual([[text]]);
  });

  test('comes back as it was, whatever stands in it', () => {
    const cell = fc.oneof(
      fc.constantFrom('', 'a', '"', ',', '\n', '\r\n', ' x ', 'a"b,c\nd', 'a;=1', 'a\n-x'),
      fc.string().filter((text) => !text.includes("'")),
    );
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }));
    fc.assert(
      fc.property(table, (rows) => {
        const read = parse(toCsv(rows), { record_delimiter: '\n' });
        const defused = read.map((row) => row.map((text) => text.replace(/(^|[;\t\r\n])'/g, '$1')));
        expect(defused).toEqual(rows);
      }),
    );
  });
});
