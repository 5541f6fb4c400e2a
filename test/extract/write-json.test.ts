import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeTable } from '../../src/extract/table/write-table.ts';
import { found, makeExtraction, makeRow, tempFolder } from './sample-extraction.ts';

async function jsonOf(extraction: ReturnType<typeof makeExtraction>) {
  const path = join(await tempFolder(), 'table.JSON');
  expect(await writeTable(extraction, path)).toEqual([path]);
  return readFile(path, 'utf8');
}

describe('a table as JSON', () => {
  test('has each document in the shape of the schema, with the evidence of every value', async () => {
    const row = makeRow('a.pdf', {
      values: {
        number: found('7', { page: 1, quote: 'No. 7', box: [1, 2, 3, 4] }),
        total: found(12.5),
        seller: found('X', { status: 'rejected' }),
      },
      lists: { items: [{ 'items.text': found('Water'), 'items.amount': found(12.5) }] },
    });
    const extraction = makeExtraction([row], {
      failures: [{ file: 'b.pdf', problem: 'Cut off.' }],
      left: ['c.pdf'],
    });
    const read = JSON.parse(await jsonOf(extraction));
    expect(read.rows[0].output).toEqual({
      number: '7',
      total: 12.5,
      items: [{ text: 'Water', amount: 12.5 }],
    });
    const { output, ...rest } = read.rows[0];
    expect({ ...read, rows: [rest] }).toEqual(extraction);
  });

  test('holds no character that a terminal obeys, and reads back as it was', async () => {
    const file = 'a\u202e\u009b31m\u001b.pdf';
    const text = await jsonOf(makeExtraction([makeRow(file)]));
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(JSON.parse(text).rows[0].file).toBe(file);
  });
});
