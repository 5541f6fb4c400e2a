import { describe, expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { verifyClaim } from '../../src/extract/evidence/verify-claim.ts';
import type { Field } from '../../src/extract/extraction.ts';
import { makePage } from '../helpers/page.ts';

const SUMS = ['net', 'tax', 'total'].map(
  (path): Field => ({ path, type: 'amount', description: '', choices: [], isRequired: false }),
);

/** The status of an amount, or why it is not verified. */
function outcome(text: string, path: string, value: string, siblings = SUMS, quote = value) {
  const report = { pages: [], limits: [], warnings: [] };
  const document = {
    kind: 'text' as const,
    sha256: '',
    byteLength: 0,
    pageCount: 1,
    pages: [makePage(1, { text })],
  };
  const index = indexDocument({ ...document, outline: [], attachments: [], metadata: {}, report });
  const field = siblings.find((each) => each.path === path) ?? siblings[0];
  if (!field) throw new Error(path);
  const { status, problem } = verifyClaim(field, { quote, value }, { index, conventions: {}, siblings });
  return problem ?? status;
}

describe('a label behind a value', () => {
  test.each([
    ['100.00 EUR net', 'total', 'net'],
    ['100.00 net of tax', 'total', 'net of tax'],
    ['We ask for 100.00 EUR net, soon', 'total', 'net'],
    ['We ask for 119.00 incl. 19% VAT', 'net', 'incl. 19% VAT'],
  ])('gives it to another field: %s as %s', (text, path, label) => {
    const value = /\d+\.\d\d/.exec(text)?.[0] ?? '';
    expect(outcome(text, path, value)).toBe(`The document calls this "${label}".`);
  });

  test.each([
    ['100.00 EUR net', 'net', '100.00'],
    ['100.00 EUR soon', 'total', '100.00'],
    ['Total 119.00 Net 100.00', 'total', '119.00'],
    ['Net 100.00 Tax 19.00', 'net', '100.00'],
    ['119.00; net to be paid', 'total', '119.00'],
  ])('leaves it where it is no label of another: %s as %s', (text, path, value) => {
    expect(outcome(text, path, value)).toBe('verified');
  });
});

describe('a label below a value', () => {
  test('gives it to another field where nothing else says what it is', () => {
    expect(outcome('119.00\nTotal\n', 'net', '119.00')).toBe('The document calls this "Total".');
    expect(outcome('119.00\nTotal\n', 'total', '119.00')).toBe('verified');
    expect(outcome('Net\n119.00\nTotal\n', 'net', '119.00')).toBe('verified');
  });
});

describe('several numbers behind one label', () => {
  const DOUBT = 'What the document says here can be read in more than one way.';

  test.each([
    ['Summary 100.00 19.00 119.00', 'total', '19.00'],
    ['Summary 100.00 19.00 119.00', 'total', '119.00'],
    ['Total 100.00 19.00 119.00', 'total', '100.00'],
    ['Total   100.00   19.00   119.00', 'total', '19.00'],
    ['Total | 100.00 | 19.00 | 119.00', 'total', '19.00'],
  ])('leave it open which it names: %s as %s %s', (text, path, value) => {
    expect(outcome(text, path, value)).toBe(DOUBT);
  });

  test.each([
    ['Total 100.00 19.00 119.00', 'total', '119.00'],
    ['Total 119.00 EUR 119.00', 'total', '119.00'],
    ['Total (3 items) 119.00', 'total', '119.00'],
    ['Total 119.00 01.02.2026', 'total', '119.00'],
    ['VAT 19% 19.00', 'tax', '19.00'],
    ['Net 100.00 Tax 19.00 Total 119.00', 'tax', '19.00'],
    ['  | Net | Tax | Total\nSummary | 100.00 | 19.00 | 119.00', 'tax', '19.00'],
  ])('do not where it is the last one, or named otherwise: %s as %s %s', (text, path, value) => {
    expect(outcome(text, path, value)).toBe('verified');
  });
});

test('what stands behind or below words is no label of them', () => {
  const fields = ['seller', 'invoice'].map(
    (path): Field => ({ path, type: 'text', description: '', choices: [], isRequired: false }),
  );
  expect(outcome('Acme Ltd\nInvoice\n', 'seller', 'Acme Ltd', fields)).toBe('verified');
});
