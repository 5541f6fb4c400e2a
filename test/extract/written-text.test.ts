import { describe, expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { verifyClaim } from '../../src/extract/evidence/verify-claim.ts';
import type { Field, FieldType } from '../../src/extract/extraction.ts';
import type { Kind, Page } from '../../src/readers/document.ts';
import { makePage } from '../helpers/page.ts';

const report = { pages: [], limits: [], warnings: [] };
const rest = { sha256: '', byteLength: 0, pageCount: 1, outline: [], attachments: [], metadata: {}, report };

function verify(
  page: Partial<Page>,
  value: string,
  { quote = value, type = 'text' as FieldType, kind = 'text' as Kind } = {},
) {
  const index = indexDocument({ kind, pages: [makePage(1, page)], ...rest });
  const field: Field = { path: 'words', type, description: '', choices: [], isRequired: false };
  return verifyClaim(field, { quote, value }, { index, conventions: {}, siblings: [field] });
}

describe('a text is not in the document', () => {
  test.each([
    ['when a raised digit would have to be a digit of it', 'Number 4711²', '47112'],
    ['when a raised digit ends it', 'Number RE-10²', 'RE-102'],
    ['when its digits are signs in circles', 'Number ①②', '12'],
    ['when a fraction would have to be digits', 'Size 3½', '31⁄2'],
    ['when its digits stand on two lines', 'Customer 12345\n67890 Berlin', '1234567890'],
    ['when its groups of digits stand on two lines', 'Customer 12345\n67890 Berlin', '12345 67890'],
    ['when its digits stand in two cells', 'Nr | Qty\n12 | 345', '12345'],
    ['when its digits stand in two cells, and it has the bar', 'Nr | Qty\n12345 | 67890', '12345 | 67890'],
    ['when its words stand in two cells', 'Name | Town\nAnna | Bonn', 'Anna Bonn'],
    ['when a sign stands between its digits', 'Pipe 12"5 m', '125'],
    ['when a hyphen stands elsewhere', 'Code RE-X5', 'R-EX5'],
    ['when a hyphen of it is missing', 'Code RE-X5', 'REX5'],
  ])('%s', (_, text, value) => {
    expect(
      verify({ text }, value, { quote: text.split('\n').at(-1)?.includes(value) ? value : text }),
    ).toMatchObject({
      status: 'unverified',
    });
  });

  test('when it stands in two cells of a file of values', () => {
    const rows = [
      ['nr', 'qty'],
      ['AB', '345'],
    ];
    const tables = [{ rows, cells: [], method: 'native' as const, guessed: false }];
    const page = { text: 'nr,qty\nAB,345', tables };
    expect(verify(page, 'AB,345', { kind: 'csv' }).status).toBe('unverified');
    expect(verify(page, '345', { kind: 'csv' }).status).toBe('verified');
  });

  test('when its groups of digits stand in two columns', () => {
    const spans = (x: number) => [
      { text: '12345', box: [50, 10, 80, 20] as const },
      { text: '67890', box: [x, 10, x + 30, 20] as const },
    ];
    const text = '12345 67890';
    expect(verify({ text, spans: spans(88) }, text).status).toBe('unverified');
    expect(verify({ text, spans: spans(83) }, text).status).toBe('verified');
  });
});

describe('a text is written as the document has it', () => {
  test.each([
    ['4711²', 'Number 4711²', '4711²'],
    ['RE-X5', 'Code RE-X5', 'RE–X5'],
    ['DE12 3456 7890', 'IBAN DE12 3456 7890', 'DE1234567890'],
    ["1'234.50", "Sum 1'234.50", "1'234.50"],
    ['Haus 5 am See', 'Haus 5\nam See', 'Haus 5am See'],
    ['Rechnung', 'Rech-\nnung', 'Rechnung'],
    ['Rechnung 5', 'Rech-\nnung 5', 'Rechnung 5'],
    ['e-mail', 'e-\nmail', 'e-mail'],
    ['RE-2024', 'RE-\n2024', 'RE-2024'],
    ['Haus-Meister', 'Haus-\nMeister', 'HausMeister'],
    ['Rechnung', 'Rech\u00adnung', 'Rechnung'],
    ['MÜLLER', 'MÜLLER', 'Müller'],
  ])('%s', (written, text, value) => {
    expect(verify({ text }, value, { quote: text })).toMatchObject({ status: 'verified', value: written });
  });
});

describe('numbers in two columns', () => {
  const at = (gap: number) => ({
    text: 'Chair 12 345.00',
    spans: [
      { text: 'Chair', box: [10, 10, 40, 20] as const },
      { text: '12', box: [50, 10, 60, 20] as const },
      { text: '345.00', box: [60 + gap, 10, 90 + gap, 20] as const },
    ],
  });
  const quote = 'Chair 12 345.00';

  test('are two, by the gap between them', () => {
    expect(verify(at(6), '12345.00', { quote, type: 'amount' }).status).toBe('unverified');
    expect(verify(at(6), '345.00', { quote, type: 'amount' }).status).toBe('verified');
  });

  test('are one where the gap is a space', () => {
    expect(verify(at(3), '12 345.00', { quote, type: 'amount' })).toMatchObject({ value: 12345 });
    expect(verify(at(3), '345.00', { quote, type: 'amount' }).status).toBe('unverified');
  });
});

describe('digits that are raised, or smaller', () => {
  const at = (text: string, raised: readonly [number, number, number, number]) => ({
    text,
    spans: [
      { text: 'Total EUR 100', box: [10, 10, 90, 20] as const },
      { text: '99', box: raised },
    ],
  });

  test.each([
    ['10099', at('Total EUR 10099', [90.5, 10, 97, 16])],
    ['100', at('Total EUR 100 99', [90.5, 10, 97, 16])],
    ['10099', at('Total EUR 10099', [90.5, 5, 100, 15])],
  ])('leave %s in doubt', (value, page) => {
    for (const type of ['amount', 'text'] as const) {
      expect(verify(page, value, { quote: page.text, type })).toMatchObject({
        status: 'unverified',
        problem: 'Smaller or raised digits stand at this number: they may be a part of it or of a note.',
      });
    }
  });

  test.each([
    ['as large, on the same line', '10099', at('Total EUR 10099', [90.5, 10, 102, 20])],
    ['smaller, and apart', '100', at('Total EUR 100 99', [97, 14, 103, 20])],
    ['on another line', '100', at('Total EUR 100\n99', [90.5, 22, 100, 28])],
  ])('are others where they are %s', (_, value, page) => {
    expect(verify(page, value, { quote: page.text, type: 'amount' }).status).toBe('verified');
  });
});
