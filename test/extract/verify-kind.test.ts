/** What a value is by its form and by the words beside it: identifiers, names, quantities, money, days of payment. */
import { describe, expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { verifyClaim } from '../../src/extract/evidence/verify-claim.ts';
import { verifyListRow } from '../../src/extract/evidence/verify-list-row.ts';
import type { Field, FieldType } from '../../src/extract/extraction.ts';
import type { Box, Page, Span } from '../../src/readers/document.ts';
import { makePage } from '../helpers/page.ts';

const field = (path: string, type: FieldType = 'text', description = ''): Field => ({
  path,
  type,
  description,
  choices: [],
  isRequired: false,
});

function contextOf(page: Partial<Page>, siblings: readonly Field[]) {
  const report = { pages: [], limits: [], warnings: [] };
  const pages = [makePage(1, page)];
  const document = { kind: 'pdf' as const, sha256: '', byteLength: 0, pageCount: 1, pages, outline: [] };
  const index = indexDocument({ ...document, attachments: [], metadata: {}, report });
  return { index, conventions: {}, siblings };
}
const verify = (text: string, of: Field, value: string, siblings: readonly Field[] = [of], quote = text) =>
  verifyClaim(of, { quote, value }, contextOf({ text }, siblings));
const outcome = (...of: Parameters<typeof verify>) => verify(...of).problem ?? verify(...of).status;

const SUMS = ['net', 'tax', 'total'].map((path) => field(path, 'amount'));
const NO_DIGIT = 'This is no number or code: it has no digit.';
const IS_MONEY = 'This is written as money, and nothing beside it calls it a quantity.';
const IS_QUANTITY = 'This is written as a quantity, and nothing beside it calls it money.';

describe('a label with a percentage', () => {
  const text = "Total netto: CHF -1'470.00\nMWST 8.1 %: CHF -119.07";
  const line = 'MWST 8.1 %: CHF -119.07';

  test('is that of the line, whatever stands above', () => {
    const [net, tax] = SUMS;
    if (!net || !tax) throw new Error('no fields');
    expect(outcome(text, tax, '-119.07', SUMS, line)).toBe('verified');
    expect(outcome(text, net, '-119.07', SUMS, line)).toBe('The document calls this "MWST 8.1 %: CHF".');
  });
});

test('a label with its own value heads nothing below it', () => {
  const [, , total = field('')] = SUMS;
  const spans = ['Net: 5.00', '150.00'].map((text, at) => ({
    text,
    box: [0, 20 * at, 40, 20 * at + 10] as Box,
  }));
  const context = contextOf({ text: 'Net: 5.00\n150.00', spans }, SUMS);
  expect(verifyClaim(total, { quote: '150.00', value: '150.00' }, context).status).toBe('verified');
});

describe('a unit behind another number of the line', () => {
  const total = field('total', 'amount');

  test.each([
    'Total, 2 pieces: 150.00',
    'Quantity\nTotal, 2 pieces: 150.00',
    'Total  16 pieces  150.00',
    'Total 16 Stück 150.00',
  ])('is no label: %s', (text) => {
    const siblings = [total, field('quantity', 'amount')];
    expect(outcome(text, total, '150.00', siblings)).toBe('verified');
  });
});

describe('a full stop behind a text', () => {
  test.each([
    ['Northgate Tool Rental, Inc.', 'Northgate Tool Rental, Inc.', 'Northgate Tool Rental, Inc.'],
    ['Northgate Tool Rental, Inc.', 'Northgate Tool Rental, Inc', 'Northgate Tool Rental, Inc'],
    ['Northgate Tool Rental, Inc', 'Northgate Tool Rental, Inc.', 'Northgate Tool Rental, Inc'],
    ['Northgate Tool Rental ...', 'Northgate Tool Rental.', 'Northgate Tool Rental'],
  ])('%s as %s', (text, claim, value) => {
    const result = verify(text, field('vendor'), claim, undefined, claim);
    expect(result).toMatchObject({ status: 'verified', value, original: value, quote: value });
  });

  test('ends a sentence behind a digit', () => {
    expect(verify('This is invoice A-17.', field('number'), 'A-17.').value).toBe('A-17');
  });
});

describe('words of paying before a date', () => {
  const dates = [field('date', 'date', 'The date of the invoice'), field('dueDate', 'date')];
  const [date = field(''), dueDate = field('')] = dates;

  test.each([
    'Please pay by 2 October 2025',
    'Pay before 2 October 2025',
    'Payment is due by 2 October 2025',
    'Payment not later than by 2 October 2025',
    'Zahlbar bis 2 October 2025',
    'Bitte zahlen Sie bis 2 October 2025',
    'À payer avant le 2 October 2025',
    'Te betalen voor 2 October 2025',
  ])('%s', (text) => {
    expect(outcome(text, dueDate, '2 October 2025', dates)).toBe('verified');
    expect(outcome(text, date, '2 October 2025', dates)).toMatch(/^The document calls this "/);
  });

  test('are not those of a day on which something was done', () => {
    expect(outcome('Date of invoice: 2 October 2025', date, '2 October 2025', dates)).toBe('verified');
    expect(outcome('Paid on 2 October 2025', date, '2 October 2025', dates)).toBe('verified');
    expect(outcome('Paid by card on 2 October 2025', date, '2 October 2025', dates)).toBe('verified');
  });
});

describe('an identifier', () => {
  test.each([
    [field('number'), 'Keller Optik AG', NO_DIGIT],
    [field('invoiceNo'), 'Keller', NO_DIGIT],
    [field('seller.id'), 'Keller', NO_DIGIT],
    [field('iban'), 'KELLER', NO_DIGIT],
    [field('invoice', 'text', 'The number of the invoice'), 'Keller', NO_DIGIT],
    [field('reference'), 'Keller', NO_DIGIT],
    [field('number'), 'G-5521', 'verified'],
    [field('bic'), 'COBADEFFXXX', 'verified'],
    [field('countryCode'), 'DE', 'verified'],
    [field('guests', 'text', 'The number of guests'), 'twelve', 'verified'],
    [field('address', 'text', 'Street and number'), 'Marktplatz', 'verified'],
    [field('vendor', 'text', 'The firm whose number is asked for too'), 'Keller', 'verified'],
    [field('numberName'), 'Keller', 'verified'],
  ] as const)('%o: %s', (of, value, expected) => {
    expect(outcome(value, of, value)).toBe(expected);
  });
});

describe('a name', () => {
  const number = field('number', 'text', 'The number of the invoice or credit note');
  const vendor = field('vendor', 'text', 'The firm that sends the invoice');
  const siblings = [vendor, number];

  test.each([
    ['Invoice # NG-77120', 'NG-77120', 'The document calls this "Invoice".'],
    ['Facture n° FA-2025-0316', 'FA-2025-0316', 'The document calls this "Facture n".'],
    ['this is invoice OH-90412 of Oakfield', 'OH-90412', 'The document calls this "this is invoice".'],
    ['Invoice no. TT-2025-61', 'TT-2025-61', 'The document calls this "Invoice no".'],
    ['Invoice TT-2025-61', 'TT-2025-61', 'The document calls this "Invoice".'],
    ['Invoice Services Ltd', 'Invoice Services Ltd', 'verified'],
    ['Invoice Services Ltd', 'Services Ltd', 'verified'],
    ['Invoice 24 Ltd', 'Invoice 24 Ltd', 'verified'],
    ['Invoice of Studio 54', 'Studio 54', 'verified'],
    ['Invoice from 3M', '3M', 'verified'],
    ['Invoice of 3M', '3M', 'verified'],
    ['Seller: 3M', '3M', 'verified'],
  ])('in %s: %s', (text, value, expected) => {
    expect(outcome(text, vendor, value, siblings)).toBe(expected);
  });

  test('may stand behind the word where no identifier is asked for', () => {
    expect(outcome('Invoice TT-2025-61', vendor, 'TT-2025-61', [vendor])).toBe('verified');
    expect(outcome('Invoice TT-2025-61', number, 'TT-2025-61', siblings)).toBe('verified');
  });
});

describe('a line of a list', () => {
  const columns = [
    field('items.description'),
    field('items.quantity', 'amount', 'How much or how many of it'),
    field('items.amount', 'amount', 'What this line costs in all'),
  ];
  const list = { path: 'items', description: '', columns, isOfValues: false };
  function row(text: string, values: readonly [quantity: string, amount: string], page: Partial<Page> = {}) {
    const quote = text.slice(text.lastIndexOf('\n') + 1);
    const [quantity, amount] = values;
    const claim = { quote, values: { 'items.quantity': quantity, 'items.amount': amount } };
    const cells = verifyListRow(list, claim, contextOf({ text, ...page }, columns));
    return [cells['items.quantity'], cells['items.amount']].map((cell) => cell?.problem ?? cell?.status);
  }

  test.each([
    'Sourdough loaf, 60 pieces: 270.00',
    'Oil and filter, 60 piece: 270.00',
    'Sourdough loaf, 60 pieces: 54.00\nRye loaf, 60 pieces: 270.00',
    'Web hosting, 60 months: $270.00',
    'Rabatt, 60 Stück: 270.00',
    'Quantity price guide, 60 hours: 270.00',
  ])('%s', (text) => {
    expect(row(text, ['60', '270.00'])).toEqual(['verified', 'verified']);
    expect(row(text, ['270.00', '60'])).toEqual([IS_MONEY, IS_QUANTITY]);
  });

  test.each([
    ['Leaflets A5 | 5000 | 410.00', '410.00', IS_MONEY],
    ['Leaflets A5 | 5000 | EUR 410', '410', IS_MONEY],
    ['Leaflets A5 | 5000 | 410 EUR', '410', IS_MONEY],
    ['Leaflets A5 | 5000 | 410 €', '410', IS_MONEY],
    ['Leaflets A5 | 5000 | 410 BIG', '410', 'verified'],
    ['Name | Quantity | Amount\nCable | 410.00 | 5', '410.00', 'verified'],
    ['Work, 410.25 hours', '410.25', 'verified'],
    ['Work | 410.5 | 12', '410.5', 'verified'],
  ])('a quantity in %s: %s', (text, value, expected) => {
    expect(row(text, [value, ''])[0]).toBe(expected);
  });

  test.each([
    ['Cable, 12 kg', '12', IS_QUANTITY],
    ['Cable, 12 EUR', '12', 'verified'],
    ['Cable | $12 month', '12', 'verified'],
    ['Name | Amount\nCable | 12 kg', '12', 'verified'],
    ['Work | Pages | EUR\nProof | 16 | 720.00', '16', 'The document calls this "Pages".'],
    ['Work | Pages | EUR\nProof | 16 | 720.00', '720.00', 'verified'],
  ])('money in %s: %s', (text, value, expected) => {
    expect(row(text, ['', value])[1]).toBe(expected);
  });

  test('is not headed by words of the line above that have their own value beside them', () => {
    const line = (y: number, texts: readonly (readonly [string, number, number])[]): readonly Span[] =>
      texts.map(([text, x0, x1]) => ({ text, box: [x0, y, x1, y + 10] as Box, confidence: 95 }));
    const spans = [
      ...line(0, [
        ['Sourdough', 0, 60],
        ['60', 70, 80],
        ['pieces:', 90, 130],
        ['54.00', 140, 180],
      ]),
      ...line(20, [
        ['Rye', 0, 30],
        ['24', 40, 50],
        ['pieces:', 55, 90],
        ['270.00', 100, 135],
      ]),
    ];
    const text = 'Sourdough 60 pieces: 54.00\nRye 24 pieces: 270.00';
    expect(row(text, ['270.00', '270.00'], { spans, via: 'ocr' })).toEqual([IS_MONEY, 'verified']);
  });
});
