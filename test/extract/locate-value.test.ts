import { describe, expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { locateValue } from '../../src/extract/evidence/locate-value.ts';
import type { Field, FieldType, Scalar } from '../../src/extract/extraction.ts';
import { makePage } from '../helpers/page.ts';

const field = (path: string, type: FieldType): Field => ({
  path,
  type,
  description: '',
  choices: [],
  isRequired: false,
});
const siblings = [
  field('net', 'amount'),
  field('tax', 'amount'),
  field('total', 'amount'),
  field('date', 'date'),
  field('seller', 'text'),
];

function locate(path: string, value: Scalar, ...texts: readonly string[]) {
  const of = siblings.find((each) => each.path === path);
  if (!of) throw new Error(path);
  const pages = texts.map((text, at) => makePage(at + 1, { text }));
  const report = { pages: [], limits: [], warnings: [] };
  const document = { kind: 'pdf' as const, sha256: '', byteLength: 0, pageCount: pages.length, pages };
  const index = indexDocument({ ...document, outline: [], attachments: [], metadata: {}, report });
  return locateValue(of, value, { index, conventions: {}, siblings });
}

describe('a value that is known', () => {
  test('is found in any format, with its page and the line up to it', () => {
    expect(locate('total', 1234.5, 'Net 1.000,00', 'Total EUR 1.234,50 in all')).toEqual({
      value: 1234.5,
      status: 'verified',
      source: 'invoice-xml',
      original: '1.234,50',
      quote: 'Total EUR 1.234,50',
      page: 2,
      via: 'text',
    });
    expect(locate('date', '2026-08-04', 'On 4. August 2026 in Bonn')?.original).toBe('4. August 2026');
    expect(locate('total', 1234, 'Total １２３４')?.page).toBe(1);
    expect(locate('seller', 'Müller & Sons', 'From Müller\n& Sons')?.page).toBe(1);
  });

  test('is found where its label fits, and not under that of another field', () => {
    expect(locate('total', 5, 'Lamp 5\nTax 5\nTotal 5')?.quote).toBe('Total 5');
    expect(locate('net', 5, 'Tax 5')).toBeUndefined();
  });

  test.each([
    ['total', 12, 'Total 12.50'],
    ['total', 12, 'Total 112'],
    ['date', '2026-08-04', 'On 5. August 2026'],
    ['seller', 'Smith', 'Smithsons'],
  ] as const)('is not found as a part of another (%s %s in %s)', (path, value, text) => {
    expect(locate(path, value, text)).toBeUndefined();
  });
});
