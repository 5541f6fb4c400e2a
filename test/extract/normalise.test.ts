import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldType } from '../../src/extract/extraction.ts';
import type { Conventions } from '../../src/extract/values/conventions.ts';
import { normalise } from '../../src/extract/values/normalise.ts';

const field = (type: FieldType, more: { path?: string; description?: string; choices?: string[] } = {}) => ({
  type,
  path: 'a',
  description: '',
  choices: [],
  ...more,
});
const read = (type: FieldType, text: string, conventions: Conventions = {}) => {
  const normalised = normalise(field(type), text, conventions);
  return normalised.ok ? normalised.value : undefined;
};
const problemOf = (type: FieldType, text: string, conventions: Conventions = {}) => {
  const normalised = normalise(field(type), text, conventions);
  return normalised.ok ? undefined : normalised.problem;
};

describe('an amount', () => {
  test.each([
    ['12,50 €', 12.5],
    ["EUR 1'234.50", 1234.5],
    ['1.234,-', 1234],
    ['CHF 12.–', 12],
    ['1,23,456.00', 123456],
    ['-12.50', -12.5],
    ['−12,50 €', -12.5],
    ['12.50-', -12.5],
    ['12,50 €-', -12.5],
    ['€-12.50', -12.5],
    ['(12.50)', -12.5],
    ['(€12.50)', -12.5],
    ['+12.50', 12.5],
    ['１２．５０', 12.5],
    ['1 234,56', 1234.56],
    ['1\u202f234,56\u00a0€', 1234.56],
    ['1\u2009234\u2009567', 1234567],
    ['$1,234.56', 1234.56],
    ['1.234.567', 1234567],
    ['.50', 0.5],
    ['12 pcs', 12],
    ['5 m²', 5],
    ['123456789012345', 123456789012345],
    ['-0.00', 0],
  ])('%s is %s', (text, value) => expect(read('amount', text)).toBe(value));

  test.each([
    ['1,234', '"1,234" can be 1234 or 1.234.'],
    ['1.234', '"1.234" can be 1234 or 1.234.'],
    ['12.50 CR', '"12.50 CR" can be -12.5 or 12.5.'],
    ['- 12.50', '"- 12.50" can be -12.5 or 12.5.'],
    ['19 %', '"19 %" is a percentage, and no amount.'],
    ['5 Mio. EUR', '"5 Mio. EUR" is no single number.'],
    ['$5m', '"$5m" is no single number.'],
    ['1234567890123456', '"1234567890123456" has more digits than can be kept exactly.'],
    ['0.1234567890123456', '"0.1234567890123456" has more digits than can be kept exactly.'],
    ['24.08.2026', '"24.08.2026" is no single number.'],
    ['12.50 of 13.00', '"12.50 of 13.00" is no single number.'],
    ['12:50', '"12:50" is no single number.'],
    ['R-17', '"R-17" is no single number.'],
    ['1e5', '"1e5" is no single number.'],
    [' ', 'The value is empty.'],
  ])('%s is a problem', (text, problem) => expect(problemOf('amount', text)).toBe(problem));

  test('in doubt is decided by the decimal mark of the document, and what shows its own is not', () => {
    expect(read('amount', '1,234', { decimalMark: 'point' })).toBe(1234);
    expect(read('amount', '1,234', { decimalMark: 'comma' })).toBe(1.234);
    expect(read('amount', '1.234', { decimalMark: 'point' })).toBe(1.234);
    expect(read('amount', '1.234', { decimalMark: 'comma' })).toBe(1234);
    expect(read('amount', '12.50', { decimalMark: 'comma' })).toBe(12.5);
  });

  test('in percent is one where the field asks for a rate', () => {
    for (const asked of [
      { path: 'taxRate' },
      { description: 'Discount in percent' },
      { path: 'Steuersatz' },
    ]) {
      expect(normalise(field('amount', asked), '19,0 %', {})).toEqual({ ok: true, value: 19 });
    }
  });

  test('written in any language comes back', () => {
    const locale = fc.constantFrom('en', 'de', 'fr', 'de-CH', 'en-IN', 'pl', 'sv', 'es', 'pt-BR', 'it');
    const currency = fc.constantFrom('EUR', 'USD', 'CHF', 'PLN', 'GBP', 'SEK', 'INR');
    const cents = fc.integer({ min: -99_999_999_999, max: 99_999_999_999 });
    fc.assert(
      fc.property(locale, currency, cents, (language, code, whole) => {
        const value = whole === 0 ? 0 : whole / 100;
        const options = { style: 'currency', currency: code } as const;
        expect(read('amount', new Intl.NumberFormat(language, options).format(value))).toBe(value);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an integer', () => {
  test.each([
    ['3', 3],
    ['3.00', 3],
    ['-7', -7],
    ['1,234,567', 1234567],
  ])('%s is %s', (text, value) => expect(read('integer', text)).toBe(value));
  test('has no decimals, and is in doubt where a thousand may be one', () => {
    expect(problemOf('integer', '3.5')).toBe('"3.5" is no whole number.');
    expect(problemOf('integer', '1.000')).toBe('"1.000" can be 1000 or 1.');
  });
});

describe('a date', () => {
  test.each([
    '2026-08-24',
    '2026/08/24',
    '24.08.2026',
    '24.8.26',
    '24. 8. 2026',
    '24/08/2026',
    '08/24/2026',
    '24-08-2026',
    '20260824',
    'Aug 24, 2026',
    'August 24th, 2026',
    '24 August 2026',
    '24-Aug-26',
    "24 Aug '26",
    '24. August 2026',
    'Montag, 24. August 2026',
    '24 août 2026',
    '24 aou\u0302t 2026',
    '24 de agosto de 2026',
    '24 agosto 2026',
    '24 augustus 2026',
    '24 augusti 2026',
    '24. elokuuta 2026',
    '24 августа 2026 г.',
    '24 sierpnia 2026',
    '24. srpna 2026',
    '24 Αυγούστου 2026',
    '24 Ağustos 2026',
    '2026年8月24日',
    '2026년 8월 24일',
    '２４．０８．２０２６',
    '2026-08-24T10:30:00Z',
    '24.08.2026, 10:30 Uhr',
    '2026-Aug-24',
  ])('%s is 2026-08-24', (text) => expect(read('date', text)).toBe('2026-08-24'));

  test.each([
    ['04/05/2026', '"04/05/2026" can be 2026-05-04 or 2026-04-05.'],
    ['24-08-26', '"24-08-26" can be 2026-08-24 or 2024-08-26.'],
    ['2 listopada 2026', '"2 listopada 2026" can be 2026-11-02 or 2026-10-02.'],
    ['31.02.2026', '"31.02.2026" is no day of the calendar.'],
    ['31 February 2026', '"31 February 2026" is no day of the calendar.'],
    ['29.02.2025', '"29.02.2025" is no day of the calendar.'],
    ['1403/05/06', '"1403/05/06" is no day of the calendar.'],
  ])('%s is a problem', (text, problem) => expect(problemOf('date', text)).toBe(problem));

  test.each(
    [
      '12.50|1.2.3|may|sat|12 may|August 2026|Q3 2026|24.08.|030/12345|+49 30 123456|INV-2026-08-24',
      '12 items 2026|3 pcs 26|1.234,56|2026|08/2026|KW 34 2026|tomorrow|24.08.2026 - 31.08.2026|10:30',
      'v1.2.26.3|192.168.1.26|2026082|202608240|5 may 20 units|12 March|Section 3.4.26a|Marc 12, 2026 b',
    ]
      .join('|')
      .split('|'),
  )('%s is none', (text) => expect(problemOf('date', text)).toMatch(/is no date with day, month and year/));

  test('in doubt is decided by the order of the document; against it, a dotted one stays in doubt', () => {
    expect(read('date', '04/05/2026', { dateOrder: 'day-first' })).toBe('2026-05-04');
    expect(read('date', '04/05/2026', { dateOrder: 'month-first' })).toBe('2026-04-05');
    expect(read('date', '04.05.2026')).toBe('2026-05-04');
    expect(problemOf('date', '04.05.2026', { dateOrder: 'month-first' })).toMatch(/can be/);
  });

  test('has years of two digits from 1970 to 2069', () => {
    expect(read('date', '01.02.69')).toBe('2069-02-01');
    expect(read('date', '01.02.70')).toBe('1970-02-01');
  });

  test.each('en de fr es it nl pt sv fi ru uk pl cs da nb hu ro tr el ja zh ko id'.split(' '))(
    'written in full in the language %s comes back',
    (language) => {
      const format = new Intl.DateTimeFormat(language, {
        dateStyle: 'long',
        timeZone: 'UTC',
        calendar: 'gregory',
      });
      for (const month of Array(12).keys()) {
        for (const day of [1, 24]) {
          const date = new Date(Date.UTC(2026, month, day));
          const text = format.format(date);
          // In Polish it is November, in Croatian October.
          if (/listopada/.test(text)) expect(problemOf('date', text)).toMatch(/can be/);
          else expect([text, read('date', text)]).toEqual([text, date.toISOString().slice(0, 10)]);
        }
      }
    },
  );
});

describe('a currency', () => {
  test.each([
    ['EUR', 'EUR'],
    ['eur', 'EUR'],
    ['€', 'EUR'],
    ['Euro', 'EUR'],
    ['£', 'GBP'],
    ['US$', 'USD'],
    ['zł', 'PLN'],
    ['Kč', 'CZK'],
    ['Swiss francs', 'CHF'],
    ['Schweizer Franken', 'CHF'],
  ])('%s is %s', (text, code) => expect(read('currency', text)).toBe(code));

  test('of several countries is the one that the document names', () => {
    expect(problemOf('currency', '$')).toMatch(
      /^"\$" can be USD, CAD, AUD or another of \d+, and the document names none of them\.$/,
    );
    expect(read('currency', '$', { currency: 'CAD' })).toBe('CAD');
    expect(problemOf('currency', '$', { currency: 'EUR' })).toMatch(/can be/);
    expect(problemOf('currency', 'kr')).toMatch(/SEK, NOK, DKK/);
    expect(problemOf('currency', '¥')).toBe('"¥" can be JPY or CNY, and the document names none of them.');
  });

  test.each(['XYZ', 'constructor', '12', 'K'])('%s is none', (text) =>
    expect(problemOf('currency', text)).toMatch(/is no currency/),
  );
});

describe('other types', () => {
  test('a text has one form and single spaces', () => {
    expect(read('text', '  Mu\u0308ller\n &  Co ')).toBe('Müller & Co');
  });
  test.each([
    ['Ja', true],
    ['yes', true],
    ['Sí', true],
    ['☒', true],
    ['NEIN', false],
    ['нет', false],
    ['☐', false],
    ['perhaps', undefined],
    ['constructor', undefined],
  ])('%s as a boolean is %s', (text, value) => expect(read('boolean', text)).toBe(value));

  test('a choice is the literal, whatever its case and signs', () => {
    const status = field('choice', { choices: ['IN_PROGRESS', 'done', 'Done!'] });
    expect(normalise(status, 'in progress', {})).toEqual({ ok: true, value: 'IN_PROGRESS' });
    expect(normalise(status, 'done', {})).toEqual({ ok: true, value: 'done' });
    expect(normalise(status, 'DONE', {}).ok).toBe(false);
    expect(normalise(status, 'open', {})).toEqual({
      ok: false,
      problem: '"open" is none of the choices: IN_PROGRESS, done, Done!.',
    });
  });

  test('a choice of currencies tells which one a sign means', () => {
    expect(normalise(field('choice', { choices: ['USD', 'EUR'] }), '$', {})).toEqual({
      ok: true,
      value: 'USD',
    });
    expect(normalise(field('choice', { choices: ['USD', 'CAD'] }), '$', {}).ok).toBe(false);
  });
});
