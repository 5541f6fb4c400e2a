import { describe, expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { verifyClaim } from '../../src/extract/evidence/verify-claim.ts';
import type { Field, FieldType } from '../../src/extract/extraction.ts';
import type { Conventions } from '../../src/extract/values/conventions.ts';
import type { Box, Page, Span } from '../../src/readers/document.ts';
import { makePage } from '../helpers/page.ts';

const field = (path: string, type: FieldType = 'amount', more: Partial<Field> = {}): Field => ({
  path,
  type,
  description: '',
  choices: [],
  isRequired: false,
  ...more,
});
const [net, tax, total] = [field('net'), field('tax'), field('total')];
const SUMS = [net, tax, total];

type Asked = {
  readonly siblings?: readonly Field[];
  readonly conventions?: Conventions;
  readonly kind?: 'pdf' | 'csv';
};
function verify(
  page: Partial<Page>,
  of: Field,
  [quote, value]: readonly [string, string],
  asked: Asked = {},
) {
  const { siblings = [of], conventions = {}, kind = 'pdf' } = asked;
  const pages = [makePage(1, page)];
  const document = {
    kind,
    sha256: '',
    byteLength: 0,
    pageCount: 1,
    pages,
    outline: [],
    attachments: [],
  };
  const report = { pages: [], limits: [], warnings: [] };
  const index = indexDocument({ ...document, metadata: {}, report });
  return verifyClaim(of, { quote, value }, { index, conventions, siblings });
}
/** The status, or why it is not verified. */
const outcome = (...of: Parameters<typeof verify>) => {
  const { status, problem } = verify(...of);
  return problem ?? status;
};
const NOT_IN_QUOTE = 'The quoted words do not state this value.';

describe('a value', () => {
  test('carries its quote as the document has it, its page and its part of the box', () => {
    const spans = [{ text: 'Total: 12.50', box: [100, 10, 220, 20] as const }];
    expect(
      verify({ text: 'Total: 12.50', spans }, total, ['total   12.50'.replace('  ', ':'), '12.5']),
    ).toEqual({
      value: 12.5,
      status: 'verified',
      source: 'model',
      original: '12.50',
      quote: 'Total: 12.50',
      page: 1,
      box: [170, 10, 220, 20],
      via: 'text',
    });
  });

  test.each([
    ['amount', 'Total 1.234,50 EUR', '1234.50', 1234.5],
    ['amount', 'Total 1’234.50', '1,234.50', 1234.5],
    ['date', 'on 24. August 2026', '2026-08-24', '2026-08-24'],
    ['date', 'on 24.08.2026', 'Aug 24, 2026', '2026-08-24'],
    ['currency', 'Total 5 €', 'EUR', 'EUR'],
    ['integer', 'Pieces: 12', '12', 12],
  ] as const)('is the same in another format (%s: %s)', (type, text, value, expected) => {
    const result = verify({ text }, field('x', type), [text, value]);
    expect(result).toMatchObject({ status: 'verified', value: expected });
  });

  test.each([
    ['amount', 'Total 12.50', '12', NOT_IN_QUOTE],
    ['amount', 'Total 2  345.00', '2345', NOT_IN_QUOTE],
    ['amount', 'Total 12.50', '12.5 or 13', '"12.5 or 13"'],
    ['amount', 'Total 1,234', '1,234', '1234'],
    ['date', 'on 03/04/2026', '2026-04-03', 'What the document says here can be read in more than one way.'],
    ['text', 'Number INV/2023/08', '2023', NOT_IN_QUOTE],
    ['text', 'Quantity 1 2', '12', NOT_IN_QUOTE],
    ['text', 'The Smithsons', 'Smith', NOT_IN_QUOTE],
  ] as const)(
    'is not verified as a part, a sum of parts or one of two readings (%s: %s as %s)',
    (type, text, value, why) => {
      const result = verify({ text }, field('x', type), [text, value]);
      expect(result.status).toBe('unverified');
      expect(result.problem).toContain(why);
    },
  );

  test('is looked for in its quote alone, not in the rest of the line', () => {
    expect(outcome({ text: 'Total 12.50, in all 7' }, total, ['Total 12.50', '7'])).toBe(NOT_IN_QUOTE);
  });

  test('of a file of values is that of one cell', () => {
    const tables = [{ rows: [['Lamp', '12', '345']], cells: [], method: 'native' as const, guessed: false }];
    const page = { text: 'Lamp,12,345', tables };
    expect(outcome(page, total, ['Lamp,12,345', '12345'], { kind: 'csv' })).toBe(NOT_IN_QUOTE);
    expect(outcome(page, total, ['Lamp,12,345', '345'], { kind: 'csv' })).toBe('verified');
  });

  test('of text is written as the document has it, and its groups may stand apart', () => {
    expect(
      verify({ text: 'IBAN DE12 3456 7890' }, field('x', 'text'), ['IBAN DE12 3456 7890', 'DE1234567890']),
    ).toMatchObject({
      status: 'verified',
      value: 'DE12 3456 7890',
      original: 'DE12 3456 7890',
    });
    expect(verify({ text: 'ACME Corp' }, field('x', 'text'), ['ACME Corp', 'Acme corp']).value).toBe(
      'ACME Corp',
    );
  });

  test('that the quote does not state keeps the place of the quote', () => {
    expect(verify({ text: 'Total 12.50' }, total, ['Total 12.50', '13'])).toMatchObject({
      status: 'unverified',
      value: 13,
      page: 1,
      quote: 'Total 12.50',
    });
  });
});

describe('a choice', () => {
  const state = field('state', 'choice', { choices: ['paid', 'part_paid', 'open'] });

  test.each([
    ['State: paid', 'paid', 'verified'],
    ['State: part paid', 'part_paid', 'verified'],
    ['State: part paid', 'paid', 'The quoted words say something else too.'],
    ['State: not paid', 'paid', NOT_IN_QUOTE],
    ['paid or open', 'paid', 'The quoted words say something else too.'],
    ['State: unpaid', 'paid', NOT_IN_QUOTE],
    ['State: closed', 'open', NOT_IN_QUOTE],
  ])('of %s as %s', (text, value, expected) => {
    expect(outcome({ text }, state, [text, value])).toBe(expected);
  });
});

describe('yes or no', () => {
  test.each([
    ['Member: yes', 'true', 'verified'],
    ['Mitglied: nein', 'false', 'verified'],
    ['☑ Member', 'true', 'verified'],
    ['Member No. 17', 'false', NOT_IN_QUOTE],
    ['Member', 'true', NOT_IN_QUOTE],
    ['Member: yes / no', 'true', 'The quoted words say something else too.'],
  ])('of %s as %s', (text, value, expected) => {
    expect(outcome({ text }, field('member', 'boolean'), [text, value])).toBe(expected);
  });
});

describe('the label of a value', () => {
  test.each([
    ['Tax 5', net, 'The document calls this "Tax".'],
    ['Net total 5', total, 'The document calls this "Net total".'],
    ['Net total 5', net, 'verified'],
    ['Total incl. VAT 5', total, 'verified'],
    ['Total incl. VAT 5', tax, 'The document calls this "Total incl. VAT".'],
    ['Subtotal 5', total, 'The document calls this "Subtotal".'],
    ['Umsatzsteuer 19 % 5', total, 'The document calls this "Umsatzsteuer 19 %".'],
    ['Gesamtbetrag 5', total, 'verified'],
    ['Razem do zapłaty 5', total, 'verified'],
    ['Endabrechnung 5', net, 'verified'],
    ['Net 3 Tax 5 Total 8', tax, 'verified'],
  ])('%s', (text, of, expected) => {
    expect(outcome({ text }, of, [text, '5'], { siblings: SUMS })).toBe(expected);
  });

  test.each([
    ['Invoice date 2026-08-24', 'date', 'verified'],
    ['Due date 2026-08-24', 'date', 'The document calls this "Due date".'],
    ['Fällig am 2026-08-24', 'date', 'The document calls this "Fällig am".'],
    ['Date 2026-08-24', 'dueDate', 'The document calls this "Date".'],
    ['Payable until 2026-08-24', 'dueDate', 'verified'],
  ])('%s as %s', (text, path, expected) => {
    const siblings = [field('date', 'date'), field('dueDate', 'date')];
    const of = siblings.find((each) => each.path === path) ?? net;
    expect(outcome({ text }, of, [text, '2026-08-24'], { siblings })).toBe(expected);
  });

  test('says which part of a sum a number is, however the fields are named', () => {
    const untaxed = field('amount_untaxed');
    const siblings = [untaxed, field('amount', 'amount', { description: 'The total, with tax' })];
    const text = 'Totaal 5';
    expect(outcome({ text }, untaxed, [text, '5'], { siblings })).toBe('The document calls this "Totaal".');
    expect(outcome({ text }, untaxed, [text, '5'])).toBe('The document calls this "Totaal".');
  });

  test('of a line with several values is their head, not the word that begins the line', () => {
    const text = '          Net    Tax    Total\nTotal     5      1      6';
    expect(outcome({ text }, total, ['5', '5'], { siblings: SUMS })).toBe('The document calls this "Net".');
    expect(outcome({ text }, total, ['6', '6'], { siblings: SUMS })).toBe('verified');
  });

  test('is the one on the page, not the one in the quote', () => {
    expect(outcome({ text: 'Tax 5' }, total, ['5', '5'], { siblings: SUMS })).toBe(
      'The document calls this "Tax".',
    );
  });

  test('is the head of its column', () => {
    const row = (y: number, texts: readonly string[]): readonly Span[] =>
      texts.map((text, at) => ({ text, box: [100 * at, y, 100 * at + 40, y + 10] as Box }));
    const spans = [...row(0, ['Net', 'Tax', 'Total']), ...row(20, ['5', '1', '6'])];
    const text = 'Net  Tax  Total\n5  1  6';
    const asTotal = (page: Partial<Page>) => outcome(page, total, ['5', '5'], { siblings: SUMS });
    expect(asTotal({ text, spans })).toBe('The document calls this "Net".');
    expect(asTotal({ text: 'Net    Tax    Total\n5      1      6' })).toBe('The document calls this "Net".');
    expect(asTotal({ text: 'Net | Tax | Total\n5 | 1 | 6' })).toBe('The document calls this "Net".');
    expect(outcome({ text, spans }, net, ['5', '5'], { siblings: SUMS })).toBe('verified');
    expect(outcome({ text: `${text}\nTotal  5  1  6` }, total, ['5', '6'], { siblings: SUMS })).toBe(
      NOT_IN_QUOTE,
    );
  });

  test('decides between places of the same value', () => {
    const text = 'Net 5\nTax 0\nTotal 5';
    const result = verify({ text }, total, ['5', '5'], { siblings: SUMS });
    expect(result).toMatchObject({ status: 'verified' });
    expect(outcome({ text: 'Lamp 5\nTax 5' }, net, ['5', '5'], { siblings: SUMS })).toBe(
      'The document calls this "Tax".',
    );
  });
});

describe('what was read from a picture', () => {
  const page = (confidence: number): Partial<Page> => ({
    text: 'Total 12.50',
    via: 'ocr',
    spans: [
      { text: 'Total', box: [0, 0, 30, 10], confidence: 20 },
      { text: '12.50', box: [40, 0, 60, 10], confidence },
    ],
  });

  test('is verified where OCR was sure of the value itself', () => {
    expect(outcome(page(90), total, ['Total 12.50', '12.50'])).toBe('verified');
    expect(outcome(page(69), total, ['Total 12.50', '12.50'])).toBe(
      'These words were read from a picture, and not surely: 69 of 100.',
    );
  });
});
