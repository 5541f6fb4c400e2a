import { describe, expect, test } from 'vitest';
import { formatRanges } from '../../src/readers/page-ranges.ts';
import { parsePages } from '../../tools/parse-pages.ts';

describe('parsePages', () => {
  test.each([
    ['3', '3'],
    ['2-5', '2-5'],
    ['1,4-6', '1,4-6'],
    [' 4 - 6 , 1 ', '1,4-6'],
    ['1, 2, 3', '1-3'],
    ['1 2 9', '1-2,9'],
    ['[1,2]', '1-2'],
    ['"3"', '3'],
    ['page 2', '2'],
    ['Page 2 of 7', '2'],
    ['pages 2 to 5', '2-5'],
    ['Pages 2–5 of 7', '2-5'],
    ['p. 4', '4'],
    ['pp. 4-5', '4-5'],
    ['1 and 3', '1,3'],
    ['2..4', '2-4'],
    ['5-2', '2-5'],
    ['2-6,4-9', '2-9'],
  ])('reads %j as %s', (text, pages) => {
    const parsed = parsePages(text);
    expect(parsed.ok && formatRanges(parsed.ranges ?? [])).toBe(pages);
  });

  test.each(['5-', '5-end', '5 to last'])('reads %j as all from there on', (text) => {
    const parsed = parsePages(text);
    const [first, last] = (parsed.ok && parsed.ranges?.[0]) || [0, 0];
    expect(first).toBe(5);
    expect(last).toBeGreaterThan(1_000_000);
  });

  test.each(['', ' ', 'all', 'All pages', '*', '[]', 'None', 'whole'])('reads %j as all', (text) => {
    expect(parsePages(text)).toEqual({ ok: true });
  });

  test.each(['0', '-3', '0-2', 'two', '1.5', 'last', 'first', '1-2-3', '1,x', '9999999999', '1e3', '²'])(
    'does not guess at %j',
    (text) => {
      expect(parsePages(text)).toEqual({ ok: false });
    },
  );
});
