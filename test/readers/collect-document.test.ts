import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCollector } from '../../src/readers/collect-document.ts';
import { type Page, problem } from '../../src/readers/document.ts';
import type { PageRange } from '../../src/readers/page-ranges.ts';
import { makePage as page } from '../helpers/page.ts';

const FILE = { sha256: 'ab', byteLength: 3 };

function reportOf(pageCount: number, pages: readonly Page[], wanted?: readonly PageRange[]) {
  const collector = createCollector(FILE, wanted);
  collector.add({ type: 'start', pageCount });
  for (const one of pages) collector.add({ type: 'page', page: one });
  return collector.document().report.pages;
}

describe('the report of a document', () => {
  test('says the same of several pages once, in order', () => {
    const scan = { via: 'ocr', confidence: 91.4 } as const;
    expect(reportOf(5, [page(1), page(2), page(3, scan), page(4), page(5)])).toEqual([
      { first: 1, last: 2, via: 'text', sentence: 'Read as text.' },
      { first: 3, last: 3, via: 'ocr', sentence: 'A picture of text: read by OCR, confidence 91 of 100.' },
      { first: 4, last: 5, via: 'text', sentence: 'Read as text.' },
    ]);
  });

  test('says why a page was not read, and keeps the code of it', () => {
    const blank = page(1, { via: 'none', text: '', warnings: [problem('blank', 'The page is blank.')] });
    expect(reportOf(1, [blank])).toEqual([
      { first: 1, last: 1, via: 'none', sentence: 'The page is blank.', code: 'blank' },
    ]);
  });

  test('names the pictures that were not read, and what else is to be known', () => {
    const picture = { width: 10, height: 10, read: false };
    const warnings = [problem('recovered', 'The page is damaged.')];
    expect(
      reportOf(1, [page(1, { pictures: [picture, picture, { ...picture, read: true }], warnings })]),
    ).toEqual([
      {
        first: 1,
        last: 1,
        via: 'text',
        sentence: 'Read as text. 2 pictures were not read. The page is damaged.',
      },
    ]);
  });

  test('tells pages that were not asked for from those that a limit left out', () => {
    const collector = createCollector(FILE, [[2, 9]]);
    collector.add({ type: 'start', pageCount: 9 });
    collector.add({ type: 'page', page: page(2) });
    collector.stop(problem('too-slow', 'Stopped.'));
    expect(collector.document().report).toMatchObject({
      pages: [
        { first: 1, last: 1, via: 'none', sentence: 'Not asked for.' },
        { first: 2, last: 2, via: 'text' },
        { first: 3, last: 9, via: 'none', sentence: 'Stopped.', code: 'too-slow' },
      ],
      limits: [{ code: 'too-slow' }],
    });
  });

  test('is a refusal when reading stops before there was a page', () => {
    const collector = createCollector(FILE);
    collector.stop(problem('bomb', 'Too much.'));
    expect(collector.document()).toMatchObject({
      pageCount: 0,
      report: { refused: { code: 'bomb' }, pages: [], limits: [] },
    });
  });

  test('has every page once, whatever was read of it', () => {
    const some = fc.uniqueArray(fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), some, some, (pageCount, read, none) => {
        const pages = read
          .filter((number) => number <= pageCount)
          .sort((a, b) => a - b)
          .map((number) => page(number, none.includes(number) ? { via: 'none', text: '' } : {}));
        const numbers = reportOf(pageCount, pages).flatMap(({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, at) => first + at),
        );
        expect(numbers).toEqual(Array.from({ length: pageCount }, (_, at) => at + 1));
      }),
    );
  });
});

describe('a document', () => {
  test('holds what its parts said, the first invoice only', () => {
    const collector = createCollector(FILE);
    const invoice = { name: 'a.xml', profile: 'basic', xml: '<a/>' };
    collector.setKind('pdf');
    collector.add({ type: 'start', pageCount: 1, metadata: { title: 'T' }, outline: [] });
    collector.add({ type: 'invoice', invoice });
    collector.add({ type: 'invoice', invoice: { ...invoice, name: 'b.xml' } });
    collector.add({ type: 'attachment', attachment: { name: 'a.xml', byteLength: 4, read: true } });
    collector.add({ type: 'warning', problem: problem('wrong-name', 'Named otherwise.') });
    collector.add({ type: 'page', page: page(1) });
    expect(collector.document()).toMatchObject({
      ...FILE,
      kind: 'pdf',
      pageCount: 1,
      metadata: { title: 'T' },
      invoice,
      attachments: [{ name: 'a.xml' }],
      report: { warnings: [{ code: 'wrong-name' }] },
    });
  });

  test('counts the pages that were found on the way', () => {
    const collector = createCollector(FILE);
    collector.add({ type: 'start', pageCount: 1 });
    collector.add({ type: 'page', page: page(1) });
    collector.add({ type: 'page', page: page(2, { label: 'a.pdf, page 1' }) });
    expect(collector.document().pageCount).toBe(2);
  });
});
