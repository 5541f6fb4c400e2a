import { describe, expect, test } from 'vitest';
import { across, endingAt, item, prose, rowsFromLeft, rowsOfItems, tablesOf } from './made-page.ts';

const XS = [50, 250, 320, 390];
const TEXTS = [
  ['Item', 'Count', 'Price', 'Sum'],
  ['Bolts', '3', '1.50', '4.50'],
  ['Nuts and washers', '12', '-0.20', '-2.40'],
  ['Screws', '100', '0.10', '10.00'],
  ['Total', '', '', '12.10'],
];
const table = () => rowsOfItems(TEXTS, { xs: XS });
const rowsOf = (...page: Parameters<typeof tablesOf>) => tablesOf(...page).map(({ rows }) => rows);
const paragraph = (from: number, { x = 50, lines = 4, letters = 90 } = {}) =>
  prose(lines, letters).map((text, at) => item(text, x, from + at * 14));

describe('a table of white space', () => {
  test('has the columns that stand under each other, and is a guess', () => {
    const [found] = tablesOf(table());
    expect(found).toMatchObject({ rows: TEXTS, method: 'columns', guessed: true, box: [50, 92, 390, 158] });
    expect(found?.cells).toHaveLength(18);
  });

  test('is found between paragraphs, without being told where', () => {
    const items = [...paragraph(30), ...table(), ...paragraph(170)];
    expect(rowsOf(items)).toEqual([TEXTS]);
  });

  test('ends where paper is empty, and another one begins', () => {
    const items = [...table(), ...rowsOfItems(TEXTS, { xs: XS, from: 400 })];
    expect(rowsOf(items)).toEqual([TEXTS, TEXTS]);
  });

  test('leaves its title and its notes outside', () => {
    const title = item('Table 1. What was sold in the year before this one', 50, 86);
    const note = item('See the notes.', 50, 170);
    expect(rowsOf([title, ...table(), note])).toEqual([TEXTS]);
  });

  test('begins and ends between short lines of prose', () => {
    const lines = (from: number) => prose(3, 52).map((text, at) => item(text, 50, from + at * 14));
    expect(rowsOf([...lines(58), ...table(), ...lines(170)])).toEqual([TEXTS]);
  });

  test('has headings over several columns, and lines of headings', () => {
    const items = [item('Sold in this year', 230, 72), item('Unit', 300, 86), ...table()];
    const [found] = tablesOf(items);
    expect(found?.rows.slice(0, 3)).toEqual([
      ['', 'Sold in this year', '', ''],
      ['', '', 'Unit', ''],
      TEXTS[0],
    ]);
    expect(found?.cells[0]).toMatchObject({ row: 0, column: 1, columnSpan: 2, rowSpan: 1 });
  });

  test('has a sign of currency with its number', () => {
    const rows = [
      ['Weekly', '71.15'],
      ['Monthly', '308.33'],
      ['Yearly', '3,700.00'],
      ['Daily', '14.23'],
    ];
    const items = [...rowsOfItems(rows, { xs: [50, 300] }), item('$', 250, 100)];
    expect(rowsOf(items)).toEqual([[['Weekly', '$ 71.15'], ...rows.slice(1)]]);
  });

  test('keeps the lines of a cell together where lines part its rows', () => {
    const rows = [
      ['Animal', 'Says', 'Heard'],
      ['Cat', 'Meow', '12'],
      ['A very long', 'Buzz', '7'],
      ['name', '', ''],
      ['Fox', 'Ring', '3'],
      ['', 'ding', ''],
    ];
    const items = rowsFromLeft(rows, { xs: [50, 200, 300] });
    const lines = [103, 117, 145, 180].map((y) => across(y, 50, 330));
    expect(rowsOf(items, { lines })).toEqual([
      [
        ['Animal', 'Says', 'Heard'],
        ['Cat', 'Meow', '12'],
        ['A very long\nname', 'Buzz', '7'],
        ['Fox', 'Ring\nding', '3'],
      ],
    ]);
  });

  test('is found in a column of a page beside prose', () => {
    const rows = TEXTS.map((row) => [row[0] ?? '', row[3] ?? '']);
    const items = [
      ...paragraph(40, { lines: 30, letters: 46 }),
      ...paragraph(40, { x: 330, lines: 5, letters: 46 }),
      ...rowsOfItems(rows, { xs: [330, 540], from: 126, pitch: 17 }),
      ...paragraph(240, { x: 330, lines: 15, letters: 46 }),
    ];
    expect(rowsOf(items)).toEqual([rows]);
  });

  test('may hold words alone where every row is full', () => {
    const names = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gus'];
    const rows = names.map((name, at) => [name, at % 2 ? 'Salta' : 'Jujuy', 'absent']);
    expect(rowsOf(rowsFromLeft(rows, { xs: [50, 200, 350] }))).toEqual([rows]);
    expect(rowsOf(rowsFromLeft(rows.slice(0, 5), { xs: [50, 200, 350] }))).toEqual([]);
  });

  test('is what is left where ruling lines part groups of its columns only', () => {
    const lines = [
      across(90, 45, 400),
      across(160, 45, 400),
      across(76, 45, 400),
      ...[45, 200, 400].map((x) => ({ vertical: true, at: x, from: 76, to: 160, drawn: true })),
    ];
    expect(tablesOf(table(), { lines })).toMatchObject([{ rows: TEXTS, method: 'columns' }]);
  });
});

describe('no table is invented', () => {
  const none = (items: ReturnType<typeof table>) => expect(rowsOf(items)).toEqual([]);

  test('on a page of two columns of prose', () => {
    none([
      ...paragraph(40, { lines: 40, letters: 46 }),
      ...paragraph(40, { x: 330, lines: 40, letters: 46 }),
    ]);
  });

  test('on a page of three columns of prose', () => {
    none([50, 230, 410].flatMap((x) => paragraph(40, { x, lines: 40, letters: 31 })));
  });

  test('in prose that is set with wide gaps', () => {
    const words = prose(20, 60).map((line) => line.split(' '));
    none(
      words.flatMap((line, row) => {
        let x = 50;
        return line.map((word) => {
          const piece = item(word, x, 40 + row * 14);
          x = piece.box[2] + 6 + (row % 4);
          return piece;
        });
      }),
    );
  });

  test('in a table of contents', () => {
    const titles = [
      'Introduction',
      'What was done',
      'How it was measured',
      'Results',
      'Discussion',
      'Sources',
    ];
    const rows = titles.map((title, at) => [title, String(1 + at * 7)]);
    none(rowsOfItems(rows, { xs: [50, 500] }));
    none(
      rowsOfItems(
        rows.map((row, at) => [`${at + 1}`, `${' '.repeat(0)}${row[0]}`, row[1] ?? '']),
        { xs: [50, 250, 500] },
      ),
    );
    none(
      rowsOfItems(
        ['ii', 'iv', '1', '4', '9'].map((page, at) => [titles[at] ?? '', page]),
        { xs: [50, 500] },
      ),
    );
  });

  test.each([['-'], ['•'], ['1.'], ['(a)'], ['[12]']])('in a list with %s', (mark) => {
    const rows = Array.from({ length: 8 }, (_, at) => [mark, prose(8, 30)[at] ?? '']);
    none(rowsFromLeft(rows, { xs: [50, 80] }));
  });

  test('in keys with their values', () => {
    const rows = [
      ['Number:', '4711'],
      ['Date:', '2026'],
      ['Customer:', '12'],
      ['Terms:', '30'],
      ['Page:', '7'],
    ];
    none(rowsFromLeft(rows, { xs: [50, 150] }));
  });

  test('in addresses beside each other', () => {
    const rows = [
      ['Acme Ltd.', 'Bank of Nowhere', 'Court of Town'],
      ['Main Street 1', 'IBAN DE00 1234', 'HRB 4711'],
      ['Town', 'BIC NOWHERE', 'A. Director'],
      ['Country', '', ''],
    ];
    none(rowsFromLeft(rows, { xs: [50, 220, 400] }));
  });

  test('where numbers stand scattered', () => {
    const places = [
      [50, 40],
      [210, 40],
      [90, 52],
      [300, 52],
      [160, 64],
      [420, 64],
      [70, 76],
      [350, 76],
      [250, 88],
      [500, 88],
    ];
    none(places.map(([x = 0, y = 0], at) => item(String(at * 37), x, y)));
  });

  test('of rows without end', () => {
    const rows = Array.from({ length: 4 }, () => Array.from({ length: 250 }, (_, at) => `${at}`));
    none(rowsFromLeft(rows, { xs: Array.from({ length: 250 }, (_, at) => at * 40) }));
  });

  test('of two rows', () => {
    none(rowsOfItems(TEXTS.slice(0, 2), { xs: XS }));
  });

  test('where there is nothing', () => {
    none([]);
    none([item(' ', 50, 50), endingAt('alone', 300, 50)]);
  });
});
