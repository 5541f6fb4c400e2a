import { describe, expect, test } from 'vitest';
import { conventionsOf } from '../../src/extract/values/conventions.ts';
import type { Document, Page } from '../../src/readers/document.ts';

const documentOf = (...texts: readonly string[]): Document => ({
  sha256: '',
  byteLength: 0,
  pageCount: texts.length,
  pages: texts.map(
    (text, at): Page => ({
      number: at + 1,
      text,
      spans: [],
      tables: [],
      fields: [],
      pictures: [],
      via: 'text',
      warnings: [],
    }),
  ),
  outline: [],
  attachments: [],
  metadata: {},
  report: { pages: [], limits: [], warnings: [] },
});
const of = (...texts: readonly string[]) => conventionsOf(documentOf(...texts));

describe('the decimal mark', () => {
  test.each([
    ['1.234,56', 'comma'],
    ['12,50 €', 'comma'],
    ['19,0 %', 'comma'],
    ['1.234.567', 'comma'],
    ['1,234.56', 'point'],
    ['$12.50', 'point'],
    ['1,234,567', 'point'],
  ])('of %s is a %s', (text, mark) => expect(of(text)).toEqual({ decimalMark: mark }));

  test.each([
    ['numbers that can be two', '1,234 and 1.234'],
    ['sections, dates and times', 'Section 3.10, on 24.08., at 12.30, version 2.10'],
    ['order numbers', 'R-1.234,56'],
    ['nothing', ''],
  ])('is not decided by %s', (_, text) => expect(of(text).decimalMark).toBeUndefined());

  test('is not decided where pages contradict each other', () => {
    expect(of('12,50 €', '€ 12,50').decimalMark).toBe('comma');
    expect(of('12,50 €', '€ 12.50').decimalMark).toBeUndefined();
  });
});

describe('the order of dates', () => {
  test.each([
    ['24/08/2026', 'day-first'],
    ['24.8.2026', 'day-first'],
    ['24/8/26', 'day-first'],
    ['08/24/2026', 'month-first'],
  ])('of %s is %s', (text, order) => expect(of(text)).toEqual({ dateOrder: order }));
  test.each([
    '04/05/2026',
    '2026-08-24',
    '24 August 2026',
    '31/02/2026',
    '99/99/2026',
    '24-08-26',
    'version 13.2.26',
  ])('is not decided by %s', (text) => expect(of(text).dateOrder).toBeUndefined());
  test('is not decided where pages contradict each other', () => {
    expect(of('24/08/2026', '08/24/2026').dateOrder).toBeUndefined();
  });
});

describe('the currency', () => {
  test.each([
    'EUR 12',
    '12.50 EUR',
    'All amounts in EUR',
    'Währung: EUR',
    '12 EUR and EUR 13',
    'EUR €5',
    'Total EUR: 5',
  ])('of "%s" is EUR', (text) => expect(of(text).currency).toBe('EUR'));
  test.each(['ALL PRICES ARE TOP', 'CUP of tea', '12 € 13 $', '12 EUR or 13 USD', 'EUROPE 12'])(
    'is not decided by "%s"',
    (text) => expect(of(text).currency).toBeUndefined(),
  );
});

test('the fields of a form vote too', () => {
  const document = documentOf('');
  const pages = document.pages.map((page) => ({ ...page, fields: [{ name: 'Total', value: '12,50 EUR' }] }));
  expect(conventionsOf({ ...document, pages })).toEqual({ decimalMark: 'comma', currency: 'EUR' });
});
