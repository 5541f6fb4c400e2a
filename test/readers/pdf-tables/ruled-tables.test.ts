import { describe, expect, test } from 'vitest';
import type { Box } from '../../../src/readers/document.ts';
import type { TextItem } from '../../../src/readers/pdf/text-items.ts';
import { across, down, gridLines, HEIGHT, item, prose, rowsFromLeft, tablesOf, WIDTH } from './made-page.ts';

const XS = [50, 150, 250, 350];
const YS = [90, 110, 130, 150];
const TEXTS = [
  ['Name', 'Count', 'Price'],
  ['Bolt', '3', '-1.50'],
  ['Nut', '12', '(0.20)'],
];
const inCells = (texts: readonly (readonly string[])[]) =>
  rowsFromLeft(texts, { xs: XS.map((x) => x + 5), from: 104, pitch: 20 });
const rowsOf = (...page: Parameters<typeof tablesOf>) => tablesOf(...page).map(({ rows }) => rows);
/** Of those that were found by their lines. */
const ruledRows = (...page: Parameters<typeof tablesOf>) =>
  tablesOf(...page).flatMap(({ rows, method }) => (method === 'ruled' ? [rows] : []));

describe('a table with lines', () => {
  test('has a cell between each two of them, with its box', () => {
    const tables = tablesOf(inCells(TEXTS), { lines: gridLines(XS, YS) });
    expect(tables).toMatchObject([{ rows: TEXTS, method: 'ruled', guessed: false, box: [50, 90, 350, 150] }]);
    expect(tables[0]?.cells[5]).toEqual({
      row: 1,
      column: 2,
      rowSpan: 1,
      columnSpan: 1,
      text: '-1.50',
      box: [250, 110, 350, 130],
    });
  });

  test('is read where its lines are drawn cell by cell, a little beside each other', () => {
    const lines = gridLines(XS, YS).flatMap((line) => {
      const middle = (line.from + line.to) / 2;
      return [
        { ...line, to: middle - 1 },
        { ...line, at: line.at + 1, from: middle + 1 },
      ];
    });
    expect(ruledRows(inCells(TEXTS), { lines })).toEqual([TEXTS]);
  });

  test('is read where the lines are edges of areas of colour', () => {
    const lines = gridLines(XS, YS).map((line) => ({ ...line, drawn: false }));
    expect(ruledRows(inCells(TEXTS), { lines })).toEqual([TEXTS]);
  });

  test('has no row between the two strokes of a double line', () => {
    const lines = [...gridLines(XS, YS), across(113, 50, 350)];
    expect(ruledRows(inCells(TEXTS), { lines })).toEqual([TEXTS]);
  });

  test('needs no frame at its sides', () => {
    const lines = gridLines(XS, YS).filter((line) => !line.vertical || (line.at > 50 && line.at < 350));
    expect(ruledRows(inCells(TEXTS), { lines })).toEqual([TEXTS]);
  });

  test('has merged cells where a line is missing, their text at the top left', () => {
    const lines = [
      ...gridLines(XS, YS).filter((line) => !line.vertical || line.at !== 150),
      down(150, 110, 150),
    ];
    const [table] = tablesOf(inCells([['Both', '', 'Price'], ...TEXTS.slice(1)]), { lines });
    expect(table?.rows[0]).toEqual(['Both', '', 'Price']);
    expect(table?.cells[0]).toMatchObject({ row: 0, column: 0, columnSpan: 2, rowSpan: 1, text: 'Both' });
    expect(table?.cells).toHaveLength(8);
  });

  test('has cells merged over rows', () => {
    const lines = [
      ...gridLines(XS, YS).filter(({ at, vertical }) => vertical || at !== 130),
      across(130, 150, 350),
    ];
    const [table] = tablesOf(inCells(TEXTS.map((row, at) => (at === 2 ? ['', ...row.slice(1)] : row))), {
      lines,
    });
    expect(table?.cells.find(({ text }) => text === 'Bolt')).toMatchObject({
      row: 1,
      rowSpan: 2,
      columnSpan: 1,
    });
    expect(table?.rows.map((row) => row.length)).toEqual([3, 3, 3]);
  });

  test('keeps the lines of a cell', () => {
    const items = [...inCells(TEXTS.slice(1)), item('second', 55, 118, { size: 6 })];
    const lines = gridLines(XS, [90, 124, 144]);
    const moved = items.map((piece) => (piece.baseline === 124 ? { ...piece, ...below(piece, 14) } : piece));
    expect(ruledRows(moved, { lines })[0]?.[0]?.[0]).toBe('Bolt\nsecond');
  });

  test('has its text parted at a line that runs through one piece of it', () => {
    const [first, ...others] = inCells(TEXTS);
    const long: TextItem = { ...item('Name Count', 100, 104), box: [100, 96, 200, 106] };
    expect(first?.text).toBe('Name');
    const pieces = [long, ...others.filter(({ text }) => text !== 'Count')];
    expect(ruledRows(pieces, { lines: gridLines(XS, YS) })).toEqual([TEXTS]);
  });

  test('has a row for each line of text where lines stand between its columns only', () => {
    const lines = [
      across(90, 50, 350),
      across(110, 50, 350),
      across(190, 50, 350),
      ...XS.map((x) => down(x, 90, 190)),
    ];
    const body = [TEXTS[0], ['a', '1', '2'], ['b', '3', '4'], ['c', '5', '6'], ['d', '7', '8']].map(
      (row) => row ?? [],
    );
    const items = rowsFromLeft(body, { xs: XS.map((x) => x + 5), from: 104, pitch: 20 });
    expect(ruledRows(items, { lines })).toEqual([body]);
  });

  test('stays a single row where cells hold broken prose', () => {
    const cells = ['first', 'second', 'third'].flatMap((_, column) =>
      prose(4, 18).map((text, at) => item(text, 50 + column * 100 + 4, 124 + at * 12)),
    );
    const heads = ['A', 'B', 'C'].map((text, column) => item(text, 55 + column * 100, 104));
    const [rows] = ruledRows([...heads, ...cells], { lines: gridLines(XS, [90, 110, 170]) });
    expect(rows).toHaveLength(2);
  });

  test('may lie on its side', () => {
    const turn = ([x0, y0, x1, y1]: Box): Box => [y0, HEIGHT - x1, y1, HEIGHT - x0];
    const items = inCells(TEXTS).map(
      (piece): TextItem => ({ ...piece, box: turn(piece.box), baseline: piece.baseline, angle: 3 }),
    );
    const lines = gridLines(XS, YS).map((line) =>
      line.vertical
        ? across(HEIGHT - line.at, line.from, line.to)
        : down(line.at, HEIGHT - line.to, HEIGHT - line.from),
    );
    const upright = prose(3, 60).map((text, at) => item(text, 250, 40 + at * 14));
    const [table] = tablesOf([...upright, ...items], { lines });
    expect(table).toMatchObject({ rows: TEXTS, method: 'ruled', box: turn([50, 90, 350, 150]) });
  });

  test('has sideways headings in its cells', () => {
    const heading = item('Count', 0, 0, { angle: 3, box: [155, 92, 165, 108], baseline: 163 });
    const items = [...inCells(TEXTS).filter(({ text }) => text !== 'Count'), heading];
    expect(ruledRows(items, { lines: gridLines(XS, YS) })).toEqual([TEXTS]);
  });

  test('stands beside others on a page, from top to bottom', () => {
    const lower = YS.map((y) => y + 300);
    const items = [...inCells(TEXTS).map((piece) => ({ ...piece, ...below(piece, 300) })), ...inCells(TEXTS)];
    const tables = tablesOf(items, { lines: [...gridLines(XS, lower), ...gridLines(XS, YS)] });
    expect(tables.map(({ box }) => box?.[1])).toEqual([90, 390]);
  });
});

describe('lines are no table', () => {
  test('where they make a single column or row', () => {
    expect(rowsOf(inCells(TEXTS.slice(0, 1)), { lines: gridLines(XS, [90, 110]) })).toEqual([]);
    expect(
      rowsOf([item('Note', 55, 104), item('Text', 55, 124)], { lines: gridLines([50, 350], YS) }),
    ).toEqual([]);
  });

  test('where they are the layout of a page', () => {
    const lines = gridLines([20, 300, WIDTH - 20], [20, 400, HEIGHT - 20]);
    const column = (x: number, y: number) => prose(20, 50).map((text, at) => item(text, x, y + at * 14));
    const items = [...column(30, 40), ...column(310, 40), ...column(30, 440), ...column(310, 440)];
    expect(rowsOf(items, { lines })).toEqual([]);
  });

  test('where they frame a drawing', () => {
    const lines = gridLines([20, 40, 560, 580], [20, 40, 760, 780]);
    const marks = ['1', '2', '3', '4'].map((text, at) => item(text, 26, 60 + at * 150));
    expect(rowsOf([...marks, item('A', 300, 34), item('R18', 200, 400)], { lines })).toEqual([]);
  });

  test('where they join boxes, and what stands beside them is not guessed to be one', () => {
    const boxes = [
      [50, 90],
      [150, 130],
      [250, 170],
      [350, 210],
      [450, 250],
    ] as const;
    const lines = boxes.flatMap(([x, y]) => [
      ...gridLines([x, x + 60], [y, y + 20]),
      across(y + 10, x + 60, x + 100),
    ]);
    const links = boxes.map(([x, y]) => down(x + 100, y + 10, y + 40));
    const words = boxes.map(([x, y], at) => item(`Box ${at}`, x + 5, y + 14));
    const beside = rowsFromLeft(TEXTS, { xs: [50, 150, 250], from: 500 });
    expect(rowsOf([...words, ...beside])).toHaveLength(1);
    expect(rowsOf([...words, ...beside], { lines: [...lines, ...links] })).toEqual([]);
  });

  test('where they run through the words, as in a diagram', () => {
    const items = inCells(TEXTS.slice(0, 2)).map((piece) => ({ ...piece, ...below(piece, 10) }));
    expect(rowsOf(items, { lines: gridLines(XS, YS) })).toEqual([]);
  });
});

function below(
  { box: [x0, y0, x1, y1], baseline }: TextItem,
  by: number,
): Pick<TextItem, 'box' | 'baseline'> {
  return { box: [x0, y0 + by, x1, y1 + by], baseline: baseline + by };
}
