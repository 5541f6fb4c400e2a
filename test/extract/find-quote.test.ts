import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { findQuote, LONGEST_QUOTE } from '../../src/extract/evidence/find-quote.ts';
import type { Document, Page } from '../../src/readers/document.ts';
import { makePage } from '../helpers/page.ts';

const documentOf = (...pages: readonly Page[]): Document => ({
  kind: 'pdf',
  sha256: '',
  byteLength: 0,
  pageCount: pages.length,
  pages,
  outline: [],
  attachments: [],
  metadata: {},
  report: { pages: [], limits: [], warnings: [] },
});
const indexOf = (text: string, more: Partial<Page> = {}) =>
  indexDocument(documentOf(makePage(1, { text, ...more })));
const textsOf = (text: string, quote: string, more: Partial<Page> = {}) => {
  const found = findQuote(indexOf(text, more), quote, undefined);
  return found.ok ? found.places.map(({ layer, start, end }) => layer.text.slice(start, end)) : found.problem;
};
const NOT_FOUND = 'The quoted words do not stand in the document.';

describe('a quote is found', () => {
  test('over two lines, with a word parted between them', () => {
    expect(textsOf('To be paid by Au-\ngust 24', 'paid by August 24')).toEqual(['paid by Au-\ngust 24']);
  });

  test('in all of its places', () => {
    expect(textsOf('Net 5\nTax 5', '5')).toEqual(['5', '5']);
  });

  test('where it begins and ends with words, rather than within one', () => {
    expect(textsOf('Subtotal 5\nTotal 5', 'Total 5')).toEqual(['Total 5']);
  });

  test.each([
    ['Total 12.50', 'Total 12'],
    ['Total -12', 'Total 12'],
    ['Total 1,234', '234'],
    ['Totally', 'Total'],
  ])('in %s as all of its word, when it is cut: %s', (text, quote) => {
    expect([textsOf(text, quote)].flat().join()).not.toBe(quote);
  });

  test('in the rows of a table whose words the text has in another order', () => {
    const rows = [
      ['Net', 'Tax'],
      ['10', '2'],
    ];
    const tables = [{ rows, cells: [], method: 'ruled' as const, guessed: false }];
    expect(textsOf('Net 10 Tax 2', 'Net | Tax', { tables })).toEqual(['Net | Tax']);
  });

  test('in a field of a form', () => {
    const fields = [{ name: 'Total', value: '12.50', box: [1, 2, 3, 4] as const }];
    expect(textsOf('Form', 'Total: 12.50', { fields })).toEqual(['Total: 12.50']);
  });
});

describe('a quote is not found', () => {
  test.each([
    ['with one digit changed', 'Total 12.50', 'Total 12.51'],
    ['glued from two lines', 'Net 10\nTax 2\nTotal 12', 'Net Total 12'],
    ['with an ellipsis for what is between', 'Net 10\nTax 2\nTotal 12', 'Net 10 … Total 12'],
    ['with another letter', 'Total 12', 'Tofal 12'],
  ])('%s', (_, text, quote) => {
    expect(textsOf(text, quote)).toBe(NOT_FOUND);
  });

  test('when it has no word, or is too long to say where', () => {
    expect(textsOf('Total', ' .. ')).toBe('The model gave no words of the document for it.');
    const long = 'word '.repeat(LONGEST_QUOTE);
    expect(textsOf(long, long)).toBe('The quote is longer than 400 characters.');
  });

  test('on pages that were not asked for', () => {
    const index = indexDocument(documentOf(makePage(1, { text: 'Net 1' }), makePage(2, { text: 'Total 2' })));
    expect(findQuote(index, 'Total 2', [[1, 1]])).toEqual({
      ok: false,
      problem: 'The quoted words stand on page 2, which is not where the value was looked for.',
    });
    expect(findQuote(index, 'Total 2', [[2, 2]])).toMatchObject({ ok: true });
  });
});

describe('on a page that was read from a picture', () => {
  const text = 'The totaI amount is 1,250.00 dollars';

  test.each(['ocr', 'ocr-layer', 'vision'] as const)('letters may differ (%s)', (via) => {
    expect(textsOf(text, 'The total amount is 1,250.00', { via })).toEqual(['The totaI amount is 1,250.00']);
    expect(textsOf(text, 'The total amount is 1,250.00')).toBe(NOT_FOUND);
  });

  test.each([
    ['another digit', 'The totaI amount is 1,260.00'],
    ['a digit too many', 'The totaI amount is 11,250.00'],
    ['a digit too few', 'The totaI amount is 1,250.0 dollars'],
    ['a point for a comma', 'The totaI amount is 1.250.00'],
    ['a letter for a digit', 'The totaI amount is l,250.00'],
    ['a minus', 'The totaI amount is -1,250.00'],
    ['more letters than one in eight', 'Tho tofal amounf is 1,250.00 doIlars'],
  ])('%s is another text', (_, quote) => {
    expect(textsOf(text, quote, { via: 'ocr' })).toBe(NOT_FOUND);
  });
});

test('a quote that is cut out of the text is always found, and where it stands', () => {
  const words = fc.array(
    fc.oneof(
      fc.constantFrom('Total', '12.50', 'e-mail', '-3', '–', '|', '…', 'ﬁn', 'Mu\u0308ller', 'A', '1'),
      fc.string({ minLength: 1, maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(
      words,
      fc.constantFrom(' ', '\n', '  '),
      fc.nat(),
      fc.nat({ max: 12 }),
      (all, gap, from, count) => {
        const text = all.join(gap);
        const first = from % all.length;
        const quote = all.slice(first, first + 1 + count).join(' ');
        fc.pre(quote.length <= LONGEST_QUOTE && /[\p{L}\p{N}]/u.test(quote));
        const start = all.slice(0, first).join(gap).length;
        const found = findQuote(indexOf(text), quote, undefined);
        if (!found.ok) throw new Error(`${found.problem} ${JSON.stringify([text, quote])}`);
        expect(found.places.some((place) => place.end > start)).toBe(true);
      },
    ),
  );
});

test('2,000 pages are searched for a quote of the last one', () => {
  const pages = Array.from({ length: 2000 }, (_, at) =>
    makePage(at + 1, { text: `Page of words ${'and more '.repeat(300)}\nTotal ${at}` }),
  );
  const found = findQuote(indexDocument(documentOf(...pages)), 'Total 1999', undefined);
  expect(found.ok && found.places.map(({ page }) => page.number)).toEqual([2000]);
});
