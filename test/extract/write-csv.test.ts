import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { safeCell } from '../../src/extract/table/safe-cell.ts';
import { writeTable } from '../../src/extract/table/write-table.ts';
import { found, makeExtraction, makeRow, PLAN, tempFolder } from './sample-extraction.ts';

const total = (value: number) => ({ total: found(value) });

async function csvOf(extraction: ReturnType<typeof makeExtraction>) {
  const folder = await tempFolder();
  const paths = await writeTable(extraction, join(folder, 'table.csv'));
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  const names = paths.map((path) => path.slice(folder.length + 1));
  const records = (at: number): Record<string, string>[] =>
    parse(texts[at] ?? '', { bom: true, columns: true });
  return { names, texts, records };
}

describe('a table as CSV', () => {
  test('has the values, and beside it the evidence, the pages and each list', async () => {
    const items = [{ 'items.text': found('Water'), 'items.amount': found(12.5) }];
    const { names, texts, records } = await csvOf(
      makeExtraction([makeRow('a.pdf', { values: total(12.5), lists: { items } })]),
    );
    expect(names).toEqual(['table.csv', 'table.evidence.csv', 'table.pages.csv', 'table.items.csv']);
    expect(records(0)).toMatchObject([{ file: 'a.pdf', total: '12.5' }]);
    expect(records(1)).toHaveLength(PLAN.fields.length + 2);
    expect(records(2)).toMatchObject([{ file: 'a.pdf', 'first page': '1', 'given to the model': 'true' }]);
    expect(records(3)).toEqual([{ file: 'a.pdf', row: '1', text: 'Water', amount: '12.5', unverified: '' }]);
    for (const text of texts) expect(text.startsWith('\ufeff')).toBe(true);
  });

  test('leaves negative numbers numbers, and writes none with an exponent', async () => {
    const rows = [-12.5, 1e-7, 1e21, 1234567.89].map((value) => makeRow('a.pdf', { values: total(value) }));
    const { records } = await csvOf(makeExtraction(rows));
    expect(records(0).map((record) => record.total)).toEqual([
      '-12.5',
      '0.0000001',
      '1000000000000000000000',
      '1234567.89',
    ]);
  });

  test.each([
    '=1+1',
    '@SUM(A1)',
    ' =1+1',
    '＝1+1',
    '-1+cmd|x',
    '\u3000＠x',
    'a;=1+1',
    'a\n=1+1',
    '\t=1',
    'foo;"=1+1',
    '"=1+1',
    'x;"" =1',
    'x;\u200b＋1+1',
    'a;−1+cmd',
  ])(
    'holds no cell that a spreadsheet would run, by whatever separator it takes the line: %j',
    async (text) => {
      const row = makeRow(`${text}.pdf`, {
        values: { number: found(text, { quote: text, original: text, problem: text }) },
        notes: [text],
        checks: [{ check: text, holds: false, sentence: text }],
      });
      const { texts } = await csvOf(
        makeExtraction([row], { failures: [{ file: text, problem: text }], left: [text] }),
      );
      for (const csv of texts) {
        const cells = [...parse(csv, { bom: true }).flat(), ...csv.split(/[;\t\r\n]/)].map((cell: string) =>
          cell.replace(/^[\s\p{Cf}"]+/u, ''),
        );
        expect(cells.filter((cell) => /^[=@＝＠+＋]|^[-−]\D|^[-−]1\+/.test(cell))).toEqual([]);
      }
    },
  );

  test('keeps what only looks a little like a formula', () => {
    for (const text of ['a-b; c', 'x = y', '-5', 'a;-5', '-12.50', 'a;"-5', '+49 170 1234567', '5 @ 3,00'])
      expect(safeCell(text)).toBe(text);
  });

  test('shows control characters instead of sending them', async () => {
    const { texts } = await csvOf(makeExtraction([makeRow('\u001b[2Ja\u0000.pdf')]));
    expect(texts[0]).toContain('\\x1b[2Ja\\x00.pdf');
  });

  test('has files of different names for lists that are called alike, or as the others are', async () => {
    const columns = PLAN.lists[0]?.columns ?? [];
    const lists = ['evidence', 'a/b', 'A\\B'].map((path) => ({
      path,
      columns,
      description: '',
      isOfValues: false,
    }));
    const { names } = await csvOf(makeExtraction([], { plan: { ...PLAN, lists } }));
    expect(names).toEqual([
      'table.csv',
      'table.evidence.csv',
      'table.pages.csv',
      'table.evidence-2.csv',
      'table.a_b.csv',
      'table.A_B-2.csv',
    ]);
  });

  test('is refused for another extension, and nothing is written', async () => {
    const path = join(await tempFolder(), 'table.txt');
    await writeFile(path, 'mine');
    await expect(writeTable(makeExtraction([]), path)).rejects.toThrow(/ends in \.csv, \.xlsx or \.json/);
    expect(await readFile(path, 'utf8')).toBe('mine');
  });
});
