import { describe, expect, test } from 'vitest';
import { buildTable } from '../../../src/readers/text/build-table.ts';
import { flowPage, tableBlock, textPage } from '../../../src/readers/text/flow-page.ts';

const PICTURES = [{ width: 1, height: 1, read: false }];
const sentence = (place: Parameters<typeof textPage>[0]) =>
  textPage(place, { text: ' ' }).warnings[0]?.sentence;

describe('a page without a word', () => {
  test('is called by its label, or else by its number', () => {
    expect(sentence({ number: 2 })).toBe('Page 2 is blank.');
    expect(sentence({ number: 2, label: 'Costs' })).toBe('“Costs” is blank.');
    expect(sentence({ number: 2, label: 'Costs', pictures: PICTURES })).toBe(
      '“Costs” holds pictures only, which were not read.',
    );
  });

  test('is called by its label in one short line', () => {
    expect(sentence({ number: 2, label: ' \n ' })).toBe('Page 2 is blank.');
    expect(sentence({ number: 2, label: `a\n${'b'.repeat(90)}` })).toBe(`“a ${'b'.repeat(58)}…” is blank.`);
  });
});

test('a page lists the cells of a table, but not those of a very large one', () => {
  const tableOf = (count: number) => buildTable(Array.from({ length: count }, () => [{ text: 'a' }]));
  const page = flowPage({ number: 1 }, [tableBlock(tableOf(2)), tableBlock(tableOf(20_001))]);
  expect(page.tables.map(({ rows, cells }) => [rows.length, cells.length])).toEqual([
    [2, 2],
    [20_001, 0],
  ]);
  expect(page.spans).toHaveLength(2);
});
