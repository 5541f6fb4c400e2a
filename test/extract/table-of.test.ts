import { describe, expect, test } from 'vitest';
import type { DataTable } from '../../src/extract/table/data-table.ts';
import { tablesOf } from '../../src/extract/table/table-of.ts';
import { found, makeExtraction, makeRow } from './sample-extraction.ts';

const records = ({ columns, rows }: DataTable) =>
  rows.map((row) => Object.fromEntries(columns.map(({ head }, at) => [head, row[at]?.value])));

describe('the table of values', () => {
  test('has a row for every file, also for those that failed or were left', () => {
    const { values, pages } = tablesOf(
      makeExtraction([makeRow('a.pdf')], {
        failures: [{ file: 'b.pdf', problem: 'It is cut off.' }],
        left: ['c.pdf'],
      }),
    );
    expect(records(values).map(({ file, notes }) => [file, notes])).toEqual([
      ['a.pdf', ''],
      ['b.pdf', 'Nothing was taken from it: It is cut off.'],
      ['c.pdf', 'Not looked at: the job was stopped before.'],
    ]);
    expect(records(pages).map(({ file }) => file)).toEqual(['a.pdf', 'b.pdf', 'c.pdf']);
    for (const { rows, columns } of [values, pages])
      for (const row of rows) expect(row).toHaveLength(columns.length);
  });

  test('begins with the file and the fields, and names what is not verified behind them', () => {
    const values = {
      number: found('7', { status: 'unverified', problem: 'Not found.' }),
      seller: found('X', { status: 'rejected' }),
      due: found(null, { status: 'missing' }),
    };
    const items = [{ 'items.text': found('a'), 'items.amount': found(1, { status: 'unverified' }) }];
    const { values: table, lists } = tablesOf(
      makeExtraction([makeRow('a.pdf', { values, lists: { items } })]),
    );
    const heads = table.columns.map(({ head }) => head);
    expect([heads[0], heads.slice(-3)]).toEqual(['file', ['unverified', 'checks', 'notes']]);
    expect(records(table)[0]).toMatchObject({
      number: '7',
      // A program that reads the column must not take what a person refused.
      seller: null,
      unverified: 'number, seller (rejected), total (missing), items[1].amount',
    });
    expect(lists.map(records)).toEqual([
      [{ file: 'a.pdf', row: 1, text: 'a', amount: 1, unverified: 'amount' }],
    ]);
  });

  test('says the checks that do not hold, and pages that no model was given', () => {
    const row = makeRow('a.pdf', {
      pageCount: 3,
      notes: ['Two currencies stand in it.'],
      pages: [
        { first: 1, last: 1, via: 'text', isAsked: true, sentence: 'Text.' },
        { first: 2, last: 3, via: 'none', isAsked: false, sentence: 'Blank.' },
      ],
      checks: [
        { check: 'a = b', holds: false, sentence: '1 is not 2' },
        { check: 'a = c', holds: true, sentence: '1 is 1' },
        { check: 'a = d', sentence: 'd is missing' },
      ],
    });
    expect(records(tablesOf(makeExtraction([row])).values)[0]).toMatchObject({
      checks: 'a = b: 1 is not 2',
      notes: 'Two currencies stand in it.\nThe model was not given 2 of 3 pages.',
    });
  });

  test('names at most twenty values, and says how many there are more', () => {
    const items = Array.from({ length: 23 }, () => ({
      'items.text': found('a', { status: 'unverified' as const }),
      'items.amount': found(1),
    }));
    const row = makeRow('a.pdf', { values: { total: found(1) }, lists: { items } });
    const [record] = records(tablesOf(makeExtraction([row])).values);
    expect(String(record?.unverified).split(', ')).toHaveLength(21);
    expect(record?.unverified).toMatch(/items\[20\]\.text, and 3 more$/);
  });
});

test('the table of evidence says of every value where it stands and what is wrong with it', () => {
  const total = found(5, {
    status: 'unverified',
    original: '5,00',
    problem: 'The quote was not found.',
    quote: 'Total 5,00',
    page: 2,
    box: [1, 2.04, 3, 4.25],
    via: 'ocr',
    others: [found(6, { page: 3 })],
    review: { decision: 'corrected', at: '2026-05-02T09:00:00.000Z' },
  });
  const { evidence } = tablesOf(makeExtraction([makeRow('a.pdf', { values: { total } })]));
  expect(records(evidence).find(({ field }) => field === 'total')).toMatchObject({
    value: 5,
    'as it stands': '5,00',
    status: 'unverified',
    source: 'model',
    problem: 'The quote was not found.',
    quote: 'Total 5,00',
    page: 2,
    box: '1,2,3,4.3',
    'read by': 'ocr',
    review: 'corrected 2026-05-02T09:00:00.000Z',
    'other readings': '6 (page 3)',
  });
});
