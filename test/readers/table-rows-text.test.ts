import { describe, expect, test } from 'vitest';
import type { Table } from '../../src/readers/document.ts';
import { withTableRows } from '../../src/readers/table-rows-text.ts';

const ROWS = [
  ['Test', 'Value', 'Note'],
  ['Glucose', '6.3', ''],
  ['Ferritin', '18', 'low'],
];
const table = (rows: readonly (readonly string[])[], guessed = false): Table => ({
  rows,
  cells: [],
  method: guessed ? 'columns' : 'ruled',
  guessed,
});
const SHOWN = 'Test | Value | Note\nGlucose | 6.3 | \nFerritin | 18 | low';

describe('withTableRows', () => {
  test('puts the rows in the place of the lines with the same words', () => {
    const text = 'Before.\nTest      Value  Note\nGlucose   6.3\nFerritin  18     low\nAfter.';
    expect(withTableRows(text, [table(ROWS)])).toBe(`Before.\n${SHOWN}\nAfter.`);
  });

  test('does so where cells of several lines are laid out across each other', () => {
    const text = 'Test  Value  Long\n             note\nA     1';
    const rows = [
      ['Test', 'Value', 'Long\nnote'],
      ['A', '1', ''],
    ];
    expect(withTableRows(text, [table(rows)])).toBe('Test | Value | Long note\nA | 1 | ');
  });

  test('places two tables of a page, whatever their order', () => {
    const other = [
      ['X', 'Y'],
      ['1', '2'],
    ];
    const text = 'X  Y\n1  2\nBetween.\nTest Value Note\nGlucose 6.3\nFerritin 18 low';
    expect(withTableRows(text, [table(ROWS), table(other)])).toBe(`X | Y\n1 | 2\nBetween.\n${SHOWN}`);
  });

  test('gives a table that the text holds elsewhere not a second time', () => {
    const text = 'Glucose 6.3 and then\nTest Value Note\nFerritin 18 low';
    expect(withTableRows(text, [table(ROWS)])).toBe(text);
    expect(withTableRows(SHOWN, [table(ROWS)])).toBe(SHOWN);
  });

  test('gives a table that the text does not hold at the end', () => {
    expect(withTableRows('A note.', [table(ROWS)])).toBe(`A note.\n\n${SHOWN}`);
    expect(withTableRows('', [table(ROWS)])).toBe(SHOWN);
  });

  test('leaves guessed columns as they are laid out', () => {
    const text = 'Test Value Note\nGlucose 6.3\nFerritin 18 low';
    expect(withTableRows(text, [table(ROWS, true)])).toBe(text);
  });
});
