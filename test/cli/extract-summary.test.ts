import { describe, expect, test } from 'vitest';
import { summarySentence } from '../../src/cli/extract/show-summary.ts';
import { makeExtraction, makeRow } from '../extract/sample-extraction.ts';

const counts = { known: 0, copies: 0, isAsked: true };
const rows = ['a.txt', 'b.txt', 'c.txt'].map((file) => makeRow(file));

describe('the summary of a job', () => {
  test('tells what was known before from copies of what was done now', () => {
    const known = { ...counts, known: 1, copies: 1 };
    expect(summarySentence(makeExtraction(rows), known)).toMatch(
      /^3 documents: 3 done \(1 known from before, 1 copy of another\)\./,
    );
    expect(summarySentence(makeExtraction(rows), { ...counts, copies: 2 })).toMatch(
      /^3 documents: 3 done \(2 copies of others\)\./,
    );
    expect(summarySentence(makeExtraction(rows))).toMatch(/^3 documents: 3 done\./);
  });

  test('counts a document once that changed while the job ran', () => {
    const failures = [{ file: 'd.txt', problem: 'It is empty.' }];
    const extraction = makeExtraction(rows, { failures, left: ['b.txt', 'd.txt', 'e.txt'] });
    expect(summarySentence(extraction, counts)).toMatch(
      /^5 documents: 3 done, 1 failed, 2 changed since, to be read again, 1 not looked at\./,
    );
  });
});
