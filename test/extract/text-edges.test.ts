/** The signs at the ends of a text, and quotes that were cut. */
import { describe, expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { verifyClaim } from '../../src/extract/evidence/verify-claim.ts';
import type { Field, FieldType } from '../../src/extract/extraction.ts';
import { makePage } from '../helpers/page.ts';

function verify(type: FieldType, path: string, text: string, value: string, quote = value) {
  const field: Field = { path, type, description: '', choices: [], isRequired: false };
  const report = { pages: [], limits: [], warnings: [] };
  const document = { kind: 'text' as const, sha256: '', byteLength: 0, pageCount: 1, outline: [] };
  const pages = [makePage(1, { text })];
  const index = indexDocument({ ...document, pages, attachments: [], metadata: {}, report });
  return verifyClaim(field, { quote, value }, { index, conventions: {}, siblings: [field] });
}

describe('a text', () => {
  test.each([
    ['Note =SUM(1) here', '=SUM(1)', '=SUM(1)'],
    ['Row 1. and more', '1.', '1.'],
    ['Note *urgent* here', '*urgent*', '*urgent*'],
    ['Seller Quoted Ltd. here', '“Quoted Ltd.”', 'Quoted Ltd.'],
    ['Seller “Quoted Ltd.” here', '“Quoted Ltd.”', 'Quoted Ltd.'],
    ['Size 12" wide', '12"', '12"'],
    ['Type A- here', 'A-', 'A-'],
    ['Type A here', 'A-', 'A'],
    ['Say “A” and “B” here', '“A” and “B”', '“A” and “B”'],
    ['Seller Acme Ltd.', 'Acme Ltd.', 'Acme Ltd.'],
    ['Seller Acme Ltd, a firm', 'Acme Ltd.', 'Acme Ltd'],
    ['Name: Acme', '  Acme ', 'Acme'],
  ])('in %j, claimed as %j, is %j', (text, claimed, value) => {
    expect(verify('text', 'note', text, claimed)).toMatchObject({ status: 'verified', value });
    expect(verify('text', 'note', text, claimed, text)).toMatchObject({ status: 'verified', value });
  });
});

describe('a quote that was cut within a word', () => {
  const CUT = 'The quoted words begin or end within a word of the document.';

  test.each([
    ['count', 'Discount: 5', 'count: 5', '5'],
    ['age', 'Mileage: 5', 'age: 5', '5'],
    ['age', 'Age 5 years', 'Age 5 ye', '5'],
    ['price', 'x 12.50', 'x 12', '12.50'],
  ])('is not the words of the document: %s in %j by %j', (path, text, quote, value) => {
    const found = verify('amount', path, text, value, quote);
    expect(path === 'age' && quote.startsWith('Age') ? 'verified' : CUT).toBe(found.problem ?? found.status);
  });

  test.each([
    ['total', 'Total: £455.00', 'Total: £455', '455.00'],
    ['total', 'Total: £455.00', '455.00', '455.00'],
    ['size', '大きさは 123 円です', 'は 123 円', '123'],
  ])('counts where the label speaks for it, or only a sign is left out: %s in %j by %j', (...given) => {
    const [path, text, quote, value] = given;
    expect(verify('amount', path, text, value, quote).status).toBe('verified');
  });

  test('is called what the whole word says', () => {
    const found = verify('amount', 'total', 'Subtotal: £455.00', '455.00', 'total: £455.00');
    expect(found.problem).toBe('The document calls this "Subtotal".');
  });
});
