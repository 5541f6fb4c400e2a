import { describe, expect, test } from 'vitest';
import type { Value } from '../../src/extract/extraction.ts';
import { mergeValues, missingValue } from '../../src/extract/rows/merge-values.ts';

const said = (value: string | number, page: number, status: Value['status'] = 'verified'): Value => ({
  value,
  status,
  source: 'model',
  quote: `Total ${value}`,
  page,
});

describe('the values of several passages', () => {
  test('are missing where none says any, with the reason that one gives', () => {
    expect(mergeValues([])).toEqual({ value: null, status: 'missing', source: 'model' });
    expect(mergeValues([missingValue(), missingValue('Cut off.')])).toMatchObject({
      status: 'missing',
      problem: 'Cut off.',
    });
  });

  test('are what a model said, where it cannot be read as a value', () => {
    const unread: Value = { value: null, status: 'unverified', source: 'model', original: 'about ten' };
    expect(mergeValues([missingValue('Cut off.'), unread])).toEqual(unread);
    expect(mergeValues([unread, said(10, 2, 'unverified')])).toEqual(said(10, 2, 'unverified'));
  });

  test('are all that a model said, where none of it can be read', () => {
    const unread = (original: string): Value => ({
      value: null,
      status: 'unverified',
      source: 'model',
      original,
    });
    const merged = mergeValues([
      missingValue(),
      unread('about ten'),
      unread('About  ten'),
      unread('a dozen'),
    ]);
    expect(merged).toEqual({ ...unread('about ten'), others: [unread('a dozen')] });
  });

  test('are the verified one, whatever comes before it', () => {
    const verified = said(12, 3);
    expect(mergeValues([missingValue(), said(11, 1, 'unverified'), verified])).toEqual(verified);
  });

  test('are the first of those that agree', () => {
    expect(mergeValues([said('ACME  GmbH', 1), said('Acme GmbH', 2)])).toEqual(said('ACME  GmbH', 1));
  });

  test('are unverified where verified ones differ, and name the pages', () => {
    expect(mergeValues([said(12, 1), said(13, 2), said(13, 3), said('x', 4)])).toEqual({
      ...said(12, 1, 'unverified'),
      problem: 'Page 1 says 12, but page 2 says 13, and page 4 says "x".',
      others: [said(13, 2), said('x', 4)],
    });
    expect(mergeValues([said(12, 1), said(13, 1)]).problem).toBe('Page 1 says 12, but also 13.');
  });

  test('are the first unverified one, with the others, where none is verified', () => {
    const values = [said('a', 1, 'unverified'), said('b', 2, 'unverified'), said('a', 3, 'unverified')];
    expect(mergeValues(values)).toEqual({ ...values[0], others: [values[1]] });
  });
});
