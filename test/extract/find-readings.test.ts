import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldType } from '../../src/extract/extraction.ts';
import { findReadings } from '../../src/extract/values/find-readings.ts';

const values = (type: FieldType, text: string, conventions = {}) =>
  findReadings(type, text, conventions).map(({ value, isInDoubt }) => (isInDoubt ? `${value}?` : value));

describe('numbers in a text', () => {
  test('are found with their place, which holds sign and currency', () => {
    const text = 'Net: -190,00 € due';
    expect(findReadings('amount', text, {})).toEqual([{ start: 5, end: 14, value: -190 }]);
    expect(text.slice(5, 14)).toBe('-190,00 €');
  });

  test.each([
    ['of orders', 'INV2024-55, R-17, 12-15, No_12, A4, x12'],
    ['of dates and times', '24.08.2026 24/08/2026 2026-08-24 10:30 12:50:01'],
    ['of versions and addresses', 'v1.2.3 192.168.0.1 §1.2.3'],
    ['in percent', '19 %, 19,0%, 7 Prozent'],
    ['that are multiplied', '5 million, 3 Mio. EUR, 2k, $5m, 7 ‰'],
    ['in words', 'ab12 12ab ä12 1e5'],
    ['with an Arabic decimal mark', '١٢٫٥'],
    ['that are cut off by the digits of a larger one', '12345678901234567.5'],
  ])('are none %s', (_, text) => expect(values('amount', text)).toEqual([]));

  test('in percent are found for a field that asks for them', () => {
    const rate = { type: 'amount', path: 'vatRate', description: '', choices: [] } as const;
    expect(findReadings(rate, 'VAT 19 % of 100,00 €', {}).map(({ value }) => value)).toEqual([19, 100]);
    // Brackets around an amount are a minus; around a rate they are brackets.
    expect(findReadings(rate, 'VAT (19 %)', {}).map(({ value }) => value)).toEqual([19]);
  });

  test('come twice where they can be read in two ways', () => {
    expect(values('amount', 'x 1,234 y')).toEqual(['1234?', '1.234?']);
    expect(values('amount', 'x 1,234 y', { decimalMark: 'comma' })).toEqual([1.234]);
    expect(values('amount', 'x 12.50 CR y')).toEqual(['-12.5?', '12.5?']);
    expect(values('amount', 'x - 12.50 y')).toEqual(['-12.5?', '12.5?']);
  });

  test('beside each other are not taken for one, unless it is sure', () => {
    expect(values('amount', 'Chairs 2 500,00 €').toSorted()).toEqual(['2500?', '2?', '500?']);
    expect(values('amount', 'Total € 2 500,00')).toEqual([2500]);
    expect(values('amount', 'Total: 2 500,00 €\nthanks')).toEqual([2500]);
    expect(values('amount', 'a | 2 500,00 € | b')).toEqual([2500]);
    expect(values('amount', 'a 2\u00a0500,00 b')).toEqual([2500]);
    expect(values('amount', 'a 2 1500,00 b')).toEqual([2, 1500]);
  });

  test('that are whole are found for an integer', () => {
    expect(values('integer', '3 of 4.5 and 5.00')).toEqual([3, 5]);
  });

  test('never change a digit, whatever stands around them', () => {
    const around = fc.string({ unit: fc.constantFrom(...'ab .,-/:()€$%|\n'), maxLength: 6 });
    fc.assert(
      fc.property(around, fc.integer({ min: 0, max: 99_999 }), around, (before, cents, behind) => {
        const number = (cents / 100).toFixed(2);
        for (const { value } of findReadings('amount', `${before}${number}${behind}`, {})) {
          expect(Math.abs(value as number)).toBe(cents / 100);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('dates in a text', () => {
  test('are found with their place', () => {
    const text = 'From 24. August 2026 to 08/31/2026.';
    const found = findReadings('date', text, {});
    expect(found.map(({ start, end, value }) => [text.slice(start, end), value])).toEqual([
      ['24. August 2026', '2026-08-24'],
      ['08/31/2026', '2026-08-31'],
    ]);
  });
  test('come once for each way of reading', () => {
    expect(values('date', 'x 04/05/2026 y')).toEqual(['2026-05-04?', '2026-04-05?']);
    expect(values('date', 'x 04/05/2026 y', { dateOrder: 'month-first' })).toEqual(['2026-04-05']);
  });
  test('stand beside a dash of another date, and not in an order number', () => {
    expect(values('date', '24.08.2026-31.08.2026')).toEqual(['2026-08-24', '2026-08-31']);
    expect(values('date', 'A-2026-08-24, 2026-08-24-17, 20260824-1, 1.24.08.2026')).toEqual([]);
  });
  test('are not made of amounts and words', () => {
    expect(values('date', '12 chairs 2026, 3 May 20 pieces, 12.50 Mar 1.200,50, August 24, 20265')).toEqual(
      [],
    );
  });
});

describe('currencies in a text', () => {
  test('are codes, signs and names', () => {
    expect(values('currency', 'EUR 5, 6 £, 7 kr. and Swiss francs', { currency: 'DKK' })).toEqual([
      'EUR',
      'GBP',
      'DKK',
      'CHF',
    ]);
    expect(values('currency', 'Amounts in Euro')).toEqual(['EUR']);
    expect(values('currency', 'EUROPE krone Rs').length).toBe(0);
  });
  test('come once for each that a sign can mean', () => {
    expect(values('currency', '5 ¥').toSorted()).toEqual(['CNY?', 'JPY?']);
  });
});

test('yes and no are found as words, and not in the number of something', () => {
  expect(values('boolean', 'Paid: yes, insured: nein. No. 12')).toEqual([true, false]);
});

test('choices are found at the bounds of words', () => {
  const status = { type: 'choice', path: 'a', description: '', choices: ['in_progress', 'done'] } as const;
  expect(findReadings(status, 'Now: In progress, undone', {})).toEqual([
    { start: 5, end: 16, value: 'in_progress' },
  ]);
});

test('of a text nothing is found', () => expect(values('text', '12.50 EUR 2026-08-24')).toEqual([]));
