import { describe, expect, test } from 'vitest';
import { createFileTable } from '../../src/cli/read/file-table.ts';
import { toDuration, toProgressLine } from '../../src/cli/read/progress-bar.ts';
import { pageHeading } from '../../src/cli/read/show-page.ts';
import { reportLines } from '../../src/cli/read/show-report.ts';
import { summarizeDocument } from '../../src/cli/read/summarize-document.ts';
import { widthOf } from '../../src/cli/read/text-width.ts';
import type { Document, Page, ReportEntry } from '../../src/readers/document.ts';
import { makePage } from '../helpers/page.ts';

const page = (number: number, more: Partial<Page> = {}): Page => makePage(number, { text: 'x', ...more });
const unread = { width: 9, height: 9, read: false };
const document = ({
  report,
  ...more
}: Partial<Omit<Document, 'report'>> & { report?: Partial<Document['report']> } = {}): Document => ({
  kind: 'pdf',
  sha256: 'f',
  byteLength: 1234,
  pageCount: 1,
  pages: [],
  outline: [],
  attachments: [],
  metadata: {},
  ...more,
  report: { pages: [], limits: [], warnings: [], ...report },
});
const entry = (first: number, last: number, more: Partial<ReportEntry> = {}): ReportEntry => ({
  first,
  last,
  via: 'text',
  sentence: 'Read as text.',
  ...more,
});
const blank = { via: 'none', code: 'blank', sentence: 'This page is blank.' } as const;
const lost = { via: 'none', code: 'page-failed', sentence: 'This page could not be read.' } as const;

describe('a heading', () => {
  test.each([
    [page(2), '--- page 2 of 7 ---'],
    [page(2, { label: '2' }), '--- page 2 of 7 ---'],
    [page(2, { label: 'Costs\u001b[2J' }), '--- page 2 of 7, "Costs\\x1b[2J" ---'],
    [page(2, { via: 'ocr', confidence: 90.6 }), '--- page 2 of 7 (read by OCR, confidence 91 of 100) ---'],
    [page(2, { pictures: [unread, unread] }), '--- page 2 of 7 (2 pictures not read) ---'],
    [page(2, { via: 'none', pictures: [unread] }), '--- page 2 of 7 (not read) ---'],
    [page(2, { via: 'none', warnings: [blank] }), '--- page 2 of 7 (blank) ---'],
  ])('says how the page was read where it is not plain text', (shown, heading) => {
    expect(pageHeading(shown, 7)).toBe(heading);
  });
});

describe('a summary', () => {
  test('counts every page by how it was read, and takes a blank one for read', () => {
    const pages = [entry(1, 3), entry(4, 4, { via: 'ocr' }), entry(5, 6, blank), entry(7, 7)];
    const summary = summarizeDocument(document({ pageCount: 7, report: { pages } }));
    expect(summary).toMatchObject({ how: '4 text, 1 OCR, 2 blank', wrong: [], isRead: 'yes' });
  });

  test('is of a file that is read in part when a page or the rest is missing', () => {
    const limits = [{ code: 'too-slow', sentence: 'Stopped.' }] as const;
    const failed = { pageCount: 3, report: { pages: [entry(1, 2), entry(3, 3, lost)] } };
    expect(summarizeDocument(document(failed))).toMatchObject({
      how: '2 text, 1 not read',
      wrong: ['Page 3: This page could not be read.'],
      isRead: 'partly',
    });
    expect(summarizeDocument(document({ report: { pages: [entry(1, 1)], limits } }))).toMatchObject({
      wrong: ['Stopped.'],
      isRead: 'partly',
    });
  });

  test('is of a file that is not read when it is refused or no page of it could be read', () => {
    const refused = { code: 'damaged', sentence: 'This PDF is damaged.' } as const;
    expect(summarizeDocument(document({ pageCount: 0, report: { refused } })).isRead).toBe('no');
    expect(summarizeDocument(document({ report: { pages: [entry(1, 1, lost)] } })).isRead).toBe('no');
  });

  test('leaves pages out that nobody asked for', () => {
    const pages = [entry(1, 1, { via: 'none', sentence: 'Not asked for.' }), entry(2, 2)];
    const read = document({ pageCount: 2, pages: [page(2)], report: { pages } });
    expect(summarizeDocument(read, [[2, 2]])).toMatchObject({ how: '1 text', isRead: 'yes' });
    expect(summarizeDocument({ ...read, pages: [] }, [[9, 9]]).isRead).toBe('no');
  });

  test('names what was read and is not right: warnings of pages, and pictures that were not read', () => {
    const warnings = [{ code: 'garbled', sentence: 'Its letters are not stored as text.' }] as const;
    const read = document({
      pageCount: 2,
      pages: [page(1, { pictures: [unread] }), page(2, { warnings })],
      report: { pages: [entry(1, 2)], warnings: [{ code: 'recovered', sentence: 'The file is damaged.' }] },
    });
    expect(summarizeDocument(read)).toMatchObject({
      isRead: 'yes',
      wrong: [
        'The file is damaged.',
        'Page 1: A picture was not read.',
        'Page 2: Its letters are not stored as text.',
      ],
    });
  });
});

describe('a report', () => {
  const texts = (...args: Parameters<typeof reportLines>) => reportLines(...args).map(({ text }) => text);

  test('has every page once, and those of which the same is to be said in one line', () => {
    const pages = [entry(1, 5), entry(6, 6, blank), entry(7, 7), entry(8, 8, lost)];
    expect(texts('a.pdf', document({ pageCount: 8, report: { pages } }), {})).toEqual([
      'a.pdf: pdf, 8 pages, 1.2 kB',
      '  pages 1-5, 7: Read as text.',
      '  page 6: This page is blank.',
      '  page 8: This page could not be read.',
    ]);
  });

  test('marks what is bad: refusals, limits, and pages that were not read but are not blank', () => {
    const pages = [entry(1, 1, blank), entry(2, 2, lost)];
    const limits = [{ code: 'too-slow', sentence: 'Stopped.' }] as const;
    const lines = reportLines('a.pdf', document({ pageCount: 2, report: { pages, limits } }), {});
    expect(lines.map(({ isBad }) => isBad)).toEqual([false, false, true, true]);
  });

  test('lists a thousand separate pages in one line that fits a screen', () => {
    const pages = Array.from({ length: 1000 }, (_, at) => entry(at + 1, at + 1, at % 2 ? blank : {}));
    const [, text = ''] = texts('a.pdf', document({ pageCount: 1000, report: { pages } }), {});
    expect(text).toBe(
      '  pages 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and others, 500 in all: Read as text.',
    );
  });

  test('says that pages were asked for that the file does not have', () => {
    const read = document({ pageCount: 2, report: { pages: [entry(1, 2)] } });
    expect(texts('a.pdf', read, { pages: [[1, 3]] })).toContainEqual(expect.stringContaining('has 2 pages'));
    const toEnd = [[1, Number.MAX_SAFE_INTEGER]] as const;
    expect(texts('a.pdf', read, { pages: toEnd })).toHaveLength(2);
  });

  test('keeps what a file says of itself on its line, and shows attachments and the invoice', () => {
    const read = document({
      metadata: { title: `one\ntwo ${'x'.repeat(400)}` },
      attachments: [{ name: 'a\u202eb.xml', byteLength: 12, read: false }],
      invoice: { name: 'i.xml', profile: '', xml: '', number: '7', total: '9.50', currency: 'EUR' },
    });
    const lines = texts('a.pdf', read, {});
    expect(lines).toContain('  Electronic invoice (i.xml): number 7, total 9.50 EUR.');
    expect(lines).toContain('  Attached: "a\\u202eb.xml", 12 bytes, not read.');
    expect(lines.at(-1)).toMatch(/^ {2}title: one\\x0atwo x+…$/);
    expect(lines.join('')).not.toMatch(/[\n\u202e]/);
  });

  test('breaks long sentences under themselves', () => {
    const sentence = 'This file needs a password and there is none that anybody has said.';
    const refused = { code: 'password-needed', sentence } as const;
    const [, text = ''] = texts('a', document({ report: { refused } }), { columns: 40 });
    expect(text.split('\n')).toEqual([
      '  This file needs a password and there',
      '    is none that anybody has said.',
    ]);
  });
});

describe('the table of files', () => {
  const row = (path: string, wrong: readonly string[]) => ({
    path,
    document: document({ pageCount: 12 }),
    summary: { ...summarizeDocument(document()), how: '12 text', wrong },
  });

  test('has one line a file where it is not for a terminal, with the first sentence of what is wrong', () => {
    const table = createFileTable(['a', 'long/path.pdf']);
    expect(table.head).toBe('file           kind      pages  how read                  what is not right');
    expect(table.toRow(row('a', ['It is old. And so on.', 'More.']))).toBe(
      'a              pdf          12  12 text                   It is old. (and 2 more)',
    );
  });

  test('never passes the width of a terminal', () => {
    const path = `文書/${'部'.repeat(30)}.pdf`;
    const wrong =
      'This page could not be read, and here is a sentence that goes on for longer than a line has.';
    for (const columns of [60, 80, 100, 200]) {
      const table = createFileTable([path], columns);
      const lines = [table.head, table.toRow(row(path, [wrong]))].join('\n').split('\n');
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(lines[1]).toContain('.pdf');
    }
  });
});

describe('the progress line', () => {
  const state = { done: 10, total: 40, elapsedMs: 5000, name: 'scans/letter.pdf', page: 2, pageCount: 12 };

  test('has count, rate, time left, file and page', () => {
    expect(toProgressLine(state, 100)).toBe(
      '████░░░░░░░░░░░░  10 of 40, 2.0 a second, 15 s left  scans/letter.pdf, page 3 of 12',
    );
  });

  test('has no rate before there is one, and no file where there is no room', () => {
    expect(toProgressLine({ ...state, done: 0, elapsedMs: 9000 }, 100)).not.toContain('left');
    expect(toProgressLine({ ...state, elapsedMs: 100 }, 100)).not.toContain('left');
    expect(toProgressLine(state, 60)).toBe('████░░░░░░░░░░░░  10 of 40, 2.0 a second, 15 s left');
  });

  test.each([
    [0.2, '1 s'],
    [89, '89 s'],
    [200, '3 min'],
    [9000, '2.5 h'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(toDuration(seconds)).toBe(text);
  });
});
