/** What stands around a value and changes it: nothing of it is verified. */
import { describe, expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { readingsWithin, textsWithin } from '../../src/extract/evidence/find-values.ts';
import { verifyClaim } from '../../src/extract/evidence/verify-claim.ts';
import type { Field, FieldType } from '../../src/extract/extraction.ts';
import { doubtBeside } from '../../src/extract/values/beside-value.ts';
import { findReadings } from '../../src/extract/values/find-readings.ts';
import { foldWords } from '../../src/extract/values/fold-words.ts';
import { normalise } from '../../src/extract/values/normalise.ts';
import { makePage } from '../helpers/page.ts';

const field = (type: FieldType, choices: readonly string[] = []): Field => ({
  path: 'x',
  type,
  description: '',
  choices,
  isRequired: false,
});
function statusOf(of: Field, text: string, value: string, quote = text) {
  const report = { pages: [], limits: [], warnings: [] };
  const document = { kind: 'text' as const, sha256: '', byteLength: 0, pageCount: 1, outline: [] };
  const pages = [makePage(1, { text })];
  const index = indexDocument({ ...document, pages, attachments: [], metadata: {}, report });
  return verifyClaim(of, { quote, value }, { index, conventions: {}, siblings: [of] }).status;
}

describe('a number', () => {
  const SIGNS = [
    'minus 7.50',
    '-  7.50',
    'x ⁻7.50',
    '―7.50',
    '(  7.50 )',
    '±7.50',
    '± 7.50',
    '~7.50',
    '<7.50',
  ];
  const WORDS = ['> 7.50', 'ca. 7.50', 'approx.  7.50', '3+7.50', '3 + 7.50', '7.50 ½', '7.50²', '²7.50'];
  const SCALES = ['7.50 kEUR', '7.50 TEUR', '7.50 k€', '7.50 Lakh', '7.50 crore', '7.50万円', '7.50 万円'];
  const LARGE = ['7.50 тыс.', '7.50 mil', '7.50  Mio', '7.50\nMrd', '7.50 milliers', '7.50  million'];
  const MORE = [
    '7.50 EURm',
    '7.50 $m',
    "7.50 €'000",
    "€'000 7.50",
    'TEUR 7.50',
    'Net (T€)  7.50',
    '7.50\nmillion',
  ];
  const DENIED = [
    'is not 7.50',
    'nicht 7.50',
    'kein 7.50',
    'pas 7.50',
    'non EUR 7.50',
    'no es 7.50',
    "isn't 7.50",
  ];
  const PERCENT = ['7.50  %', '7.50\t%'];
  test.each([SIGNS, WORDS, SCALES, LARGE, MORE, DENIED, PERCENT].flat())(
    '%j is not verified as 7.50',
    (text) => expect(statusOf(field('amount'), text, '7.50')).toBe('unverified'),
  );

  test.each([
    ['1 ½', '1'],
    ['1 1/2', '1'],
    ['1⁄2', '1'],
    ['12\n.50', '12'],
    ['12\n.50', '.50'],
    ['12, 50', '12'],
    ['12, 50', '50'],
    ['12 , 50', '12'],
    ['12 .50', '12'],
    ['12. 50', '12'],
    ['x 12. 50 EUR', '50'],
    ['4711²', '4711'],
    ['①②', '12'],
  ])('%j is not verified as %s', (text, value) =>
    expect(statusOf(field('amount'), text, value)).toBe('unverified'),
  );

  test('is negative where its minus is a minus', () => {
    for (const text of ['⁻7.50', '―7.50', '➖7.50', '(  7.50 )']) {
      expect([text, normalise(field('amount'), text, {})]).toEqual([text, { ok: true, value: -7.5 }]);
    }
  });

  test.each([
    ['Total 7.50, 3 items', '7.50'],
    ['5 m² of floor', '5'],
    ['1. 50 pieces', '50'],
    ['3 x 4.50', '4.50'],
    ['Oakland, CA 94607', '94607'],
    ['[LUX_TRF] Truffles  15.00', '15.00'],
    ['MWST 8.1 %: CHF 119.07', '119.07'],
    ['Paper A4, 80 g', '80'],
    ['Telephone 49.99', '49.99'],
    ['Subscription 2026 12.50 EUR', '12.50'],
  ])('of %j is verified', (text, value) => expect(statusOf(field('amount'), text, value)).toBe('verified'));

  test.each([
    ['12.05.2026', '12'],
    ['12. May 2026', '12'],
    ['12. May 2026', '2026'],
    ['on 12 May', '12'],
    ['at 12 pm', '12'],
    ['12 Uhr', '12'],
    ['+49 30 1234', '1234'],
    ['+49 30 1234', '30'],
    ['Tel. 12 1234', '1234'],
    ['(012) 1234567', '1234567'],
  ])('of %j is not %s: it is a date, a time, a telephone', (text, value) => {
    expect(statusOf(field('integer'), text, value)).toBe('unverified');
    expect(findReadings('integer', text, {})).toEqual([]);
  });
});

test('the parts of a date stand on one line and in one cell, with one sign between them', () => {
  for (const text of [
    'Page 1\nMarch 2026',
    '1  March 2026',
    '1 | March 2026',
    '1 March\t2026',
    '1 March\n2026',
  ]) {
    expect([text, findReadings('date', text, {})]).toEqual([text, []]);
  }
  expect(findReadings('date', 'not 1 March 2026', {})[0]?.isInDoubt).toBe(true);
});

describe('a direction that is forced upon a value', () => {
  test.each(['\u202e7.50', '7.50\u202c', '\u202eabc 7.50 x', 'sum \u2066 7.50', '7\u202e.50'])(
    '%j is in doubt',
    (text) => {
      expect(statusOf(field('amount'), text, '7.50')).toBe('unverified');
      expect(statusOf(field('text'), text, '7.50')).toBe('unverified');
    },
  );
  test('has a sentence of its own; the marks of Hebrew and Arabic have none', () => {
    const [found] = findReadings('amount', '\u202e7.50', {});
    expect(found?.doubt).toMatch(/^Signs beside this value change the direction/);
    expect(doubtBeside('\u200f7.50\u200f', { start: 1, end: 5 }, true)).toBeUndefined();
  });
  test('goes on to the evidence', () => {
    const report = { pages: [], limits: [], warnings: [] };
    const pages = [makePage(1, { text: 'No. \u202eA-17' })];
    const document = { kind: 'text' as const, sha256: '', byteLength: 0, pageCount: 1, outline: [], pages };
    const [page] = indexDocument({ ...document, attachments: [], metadata: {}, report }).pages;
    const [layer] = page?.layers ?? [];
    if (!layer) throw new Error('no layer');
    const within = { layer, start: 0, end: layer.text.length, isNear: false };
    expect(textsWithin('A-17', within)[0]?.doubt).toMatch(/direction/);
    expect(readingsWithin(field('integer'), within, {})).toEqual([]);
  });
});

describe('words', () => {
  const paid = field('choice', ['paid', 'open']);
  const DENIED = [
    'not yet paid',
    'not yet fully paid',
    "isn't paid",
    'paid: no',
    'paid | no',
    'Paid: not yes',
  ];
  const BOXES = [
    '☐ paid ☒ open',
    '[ ] paid [x] open',
    '( ) paid (x) open',
    'paid ☐ open ☒',
    'Paid: ☐',
    '☐ paid',
  ];
  test.each([DENIED, BOXES].flat())('%j is not verified as paid', (text) => {
    expect(statusOf(paid, text, 'paid')).toBe('unverified');
    expect(statusOf(paid, text, 'paid', /paid/i.exec(text)?.[0])).toBe('unverified');
  });
  test.each([
    '☒ paid ☐ open',
    '[x] paid [ ] open',
    'paid ☒ open ☐',
    '☐ open ☒ paid',
    'Status: paid, not open',
  ])('%j is verified as paid', (text) => expect(statusOf(paid, text, 'paid')).toBe('verified'));

  test.each(['☐ yes ☒ no', '[ ] yes [x] no', 'Paid: not yes', '☐ yes'])('%j is no yes', (text) =>
    expect(statusOf(field('boolean'), text, 'yes', 'yes')).toBe('unverified'),
  );
  test.each(['☐ paid ☒ open', '☒ not paid'])('the ticked box of %j says no yes', (text) =>
    expect(statusOf(field('boolean'), text, '☒')).toBe('unverified'),
  );
  test('yes, no and a box of their own are verified', () => {
    for (const [text, value] of [
      ['☐ no ☒ yes', 'yes'],
      ['☐ yes ☒ no', 'no'],
      ['Paid: ☒', '☒'],
      ['Paid: yes', 'yes'],
    ] as const) {
      expect([text, statusOf(field('boolean'), text, value)]).toEqual([text, 'verified']);
    }
  });

  test('are no currencies', () => {
    const choices = field('choice', ['TRY', 'ALL', 'EUR']);
    for (const text of [
      'Please TRY again',
      'TERMS FOR ALL',
      'See 1. TRY again',
      'page 2\nTRY again',
      'Euro Trade',
      'Terms FOR ALL: 500',
    ]) {
      expect([text, findReadings('currency', text, {})]).toEqual([text, []]);
      expect([text, findReadings(choices, text, {})]).toEqual([text, []]);
    }
    expect(findReadings(choices, 'not EUR 5', {})).toEqual([]);
    for (const text of [
      'TRY',
      'a\nTRY\nb',
      'a | TRY | b',
      '5 TRY',
      'TRY 5',
      'Amount (TRY)',
      'Currency: TRY',
    ]) {
      expect([text, findReadings('currency', text, {})[0]?.value]).toEqual([text, 'TRY']);
    }
    for (const text of ['Total GBP: 261.60', 'Total (GBP): 5', 'Total: GBP £261.00', 'GBP -£2']) {
      expect([text, findReadings('currency', text, {})[0]?.value]).toEqual([text, 'GBP']);
    }
  });

  test('with circled digits are not those with plain ones', () => {
    expect(foldWords('Plan ①②')).not.toBe(foldWords('Plan 12'));
    expect(foldWords('Plan Ａ')).toBe('plan a');
  });
});
