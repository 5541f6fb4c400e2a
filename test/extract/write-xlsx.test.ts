import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { strFromU8, unzipSync } from 'fflate';
import readSheets from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import type { Extraction } from '../../src/extract/extraction.ts';
import { valueAnchor } from '../../src/extract/report/value-anchor.ts';
import { writeTable } from '../../src/extract/table/write-table.ts';
import { found, makeExtraction, makeRow, PLAN, tempFolder } from './sample-extraction.ts';

async function workbookOf(extraction: Extraction, options: { name?: string; report?: string } = {}) {
  const folder = await tempFolder();
  const path = join(folder, options.name ?? 'table.xlsx');
  const report = options.report === undefined ? {} : { report: join(folder, options.report) };
  await writeTable(extraction, path, report);
  const sheets = await readSheets(path);
  const files = unzipSync(await readFile(path));
  const part = (name: string) => strFromU8(files[name] ?? new Uint8Array());
  for (const name of Object.keys(files)) if (/\.(xml|rels)$/.test(name)) assertXml(part(name), name);
  const cells = (sheet: number) => sheets[sheet]?.data ?? [];
  const records = (sheet: number) => {
    const [head = [], ...rows] = cells(sheet);
    return rows.map((row) => Object.fromEntries(head.map((name, at) => [String(name), row[at]])));
  };
  return { names: sheets.map(({ sheet }) => sheet), part, cells, records };
}

function assertXml(xml: string, name: string): void {
  const onError = (_level: string, message: string) => {
    throw new Error(`${name}: ${message}`);
  };
  new DOMParser({ onError }).parseFromString(xml, 'text/xml');
}

/** The attributes of a cell of the values, and those of its style. */
function styleOf(book: Awaited<ReturnType<typeof workbookOf>>, cell: string) {
  const id = new RegExp(`<c r="${cell}"[^>]* s="(\\d+)"`).exec(book.part('xl/worksheets/sheet1.xml'))?.[1];
  const styles = new DOMParser().parseFromString(book.part('xl/styles.xml'), 'text/xml');
  const format = styles.getElementsByTagName('cellXfs')[0]?.getElementsByTagName('xf')[Number(id)];
  const member = (name: string, attribute: string) =>
    String(styles.getElementsByTagName(name)[0]?.childNodes[Number(format?.getAttribute(attribute))]);
  return { fill: member('fills', 'fillId'), font: member('fonts', 'fontId') };
}

const invoice = makeRow('a.pdf', {
  values: {
    number: found('=1+1'),
    date: found('2026-04-17'),
    seller: found('0042'),
    total: found(-1234.5, { page: 2, quote: 'Total -1.234,50', original: '-1.234,50' }),
    due: found(null, { status: 'unverified', original: 'soon', problem: 'It is no date.' }),
    paid: found(true),
  },
  lists: { items: [{ 'items.text': found('Water'), 'items.amount': found(0.0125) }] },
});

describe('a table as XLSX', () => {
  test('has a sheet for the values, each list, the evidence and the pages', async () => {
    const book = await workbookOf(makeExtraction([invoice]));
    expect(book.names).toEqual(['values', 'items', 'evidence', 'pages']);
    expect(book.records(1)).toEqual([
      { file: 'a.pdf', row: 1, text: 'Water', amount: 0.0125, unverified: null },
    ]);
    expect(book.records(2)).toHaveLength(PLAN.fields.length + 2);
    expect(book.records(3)).toMatchObject([{ file: 'a.pdf', 'last page': 1 }]);
  });

  test('gives numbers as numbers, dates as dates, and text as text whatever it begins with', async () => {
    const book = await workbookOf(makeExtraction([invoice]));
    expect(book.records(0)[0]).toMatchObject({
      file: 'a.pdf',
      number: '=1+1',
      date: new Date('2026-04-17T00:00:00Z'),
      seller: '0042',
      total: -1234.5,
      // A date that could not be read: people see what stands there.
      due: 'soon',
      paid: true,
    });
    const sheets = [1, 2, 3, 4].map((at) => book.part(`xl/worksheets/sheet${at}.xml`)).join('');
    expect(sheets).not.toContain('<f');
    expect(book.part('xl/sharedStrings.xml')).toContain('<t>=1+1</t>');
    expect(book.part('xl/styles.xml')).toContain('formatCode="#,##0.00####"');
  });

  test('keeps a day that its calendar does not have as text', async () => {
    const dates = ['1899-12-31', '1900-02-28', '2026-02-30', '1900-03-01'];
    const rows = dates.map((date) => makeRow('a.pdf', { values: { date: found(date) } }));
    const book = await workbookOf(makeExtraction(rows));
    expect(book.records(0).map(({ date }) => date)).toEqual([
      ...dates.slice(0, 3),
      new Date('1900-03-01T00:00:00Z'),
    ]);
  });

  test('shows by colour what is unverified, missing, rejected, decided by a person or nowhere on the pages', async () => {
    const values = {
      number: found('1', { status: 'unverified' as const }),
      date: found(null, { status: 'missing' as const }),
      seller: found('X', { status: 'rejected' as const }),
      currency: found('EUR', {
        review: { decision: 'accepted', at: '2026-01-01' },
        source: 'person' as const,
      }),
      total: found(1),
      due: found('2026-01-01', { source: 'invoice-xml' as const }),
      paid: found(true, { source: 'invoice-xml' as const, page: 1 }),
    };
    const book = await workbookOf(makeExtraction([makeRow('a.pdf', { values })]));
    const cells = ['B2', 'C2', 'D2', 'E2', 'F2', 'G2', 'H2'].map((cell) => styleOf(book, cell));
    const [unverified, missing, rejected, reviewed, verified, unplaced, placed] = cells;
    expect(unverified?.fill).toMatch(/FFD27F/i);
    expect(missing?.fill).toMatch(/F0F0F0/i);
    expect(rejected?.font).toMatch(/B3261E/i);
    expect(reviewed?.fill).toMatch(/DCE9FA/i);
    expect(verified?.fill).not.toMatch(/fgColor/);
    // Verified, of the invoice's XML alone: the pages do not show it.
    expect(unplaced?.fill).toMatch(/ECE6F5/i);
    expect(placed?.fill).not.toMatch(/fgColor/);
    expect(book.records(0)[0]).toMatchObject({ seller: 'rejected' });
  });

  test('has a head that is bold, stays, and filters', async () => {
    const book = await workbookOf(makeExtraction([invoice]));
    expect(styleOf(book, 'A1').font).toContain('<b/>');
    const sheet = book.part('xl/worksheets/sheet1.xml');
    expect(sheet).toMatch(/<pane[^>]*ySplit="1"[^>]*state="frozen"/);
    expect(sheet).toContain('<autoFilter ref="A1:K2"/>');
    // Excel calls a file damaged whose parts stand in another order.
    expect(sheet).toMatch(/<\/sheetData><autoFilter[^>]*\/><hyperlinks>.*<\/hyperlinks>(?!.*<sheetData)/s);
  });

  test('links each value to its row of the evidence', async () => {
    const book = await workbookOf(makeExtraction([makeRow('first.pdf'), invoice]));
    const sheet = book.part('xl/worksheets/sheet1.xml');
    const [, row] =
      /<hyperlink ref="F3" location="&apos;evidence&apos;!A(\d+)" tooltip="([^"]*)"/.exec(sheet) ?? [];
    expect(book.cells(2)[Number(row) - 1]?.slice(0, 4)).toEqual(['a.pdf', invoice.sha256, 'total', -1234.5]);
    expect(sheet).toContain('tooltip="verified, page 2: “Total -1.234,50”"');
    // There is nothing to see of a value that is missing.
    expect(sheet).not.toContain('ref="F2"');
  });

  test('links into the report where there is one, whatever its name', async () => {
    const report = 'a b"&<#?.html';
    const book = await workbookOf(makeExtraction([invoice]), { report });
    const links = book.part('xl/worksheets/_rels/sheet1.xml.rels');
    expect(links).toContain('Target="a%20b%22%26%3C%23%3F.html" TargetMode="External"');
    expect(book.part('xl/worksheets/sheet1.xml')).toContain(
      `<hyperlink ref="F2" r:id="rId-report" location="${valueAnchor(1, 'total')}"`,
    );
    expect(book.part('xl/worksheets/sheet2.xml')).toContain('location="d1-items.1.amount"');
  });

  test('is whole whatever stands in the documents and their names', async () => {
    const hostile = '\u0000\u001b[31m"&<>\u202e\ufffe]]>{}$&\u0008';
    const row = makeRow(`${hostile}.pdf`, {
      values: {
        number: found(`_x000D_${hostile}`, { quote: hostile, problem: hostile, original: hostile }),
        seller: found('x'.repeat(40_000), { quote: '😀'.repeat(20_000) }),
        total: found('not a number', { status: 'unverified' }),
      },
      notes: [hostile],
    });
    const book = await workbookOf(makeExtraction([row]), { name: `t 'a' "&.xlsx`, report: 'r.html' });
    const [record] = book.records(0);
    expect(record?.file).toBe('\\x00\\x1b[31m"&<>\u202e]]>{}$&\\x08.pdf');
    expect(book.part('xl/sharedStrings.xml')).toContain('<t>_x005F_x000D_');
    expect(String(record?.seller)).toHaveLength(32_767);
    expect(String(record?.seller)).toMatch(/ … \(cut: 40000 characters\)$/);
  });

  test('has a sheet for each list, whatever they are called', async () => {
    const columns = PLAN.lists[0]?.columns ?? [];
    const paths = ['values', 'History', 'a/b[c]', 'A_B_c_', `${'long'.repeat(10)}1`, `${'long'.repeat(10)}2`];
    const lists = paths.map((path) => ({ path, columns, description: '', isOfValues: false }));
    const { names } = await workbookOf(makeExtraction([], { plan: { ...PLAN, lists } }));
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(9);
    expect(names).toEqual(expect.arrayContaining(['values', 'values-2', 'a_b_c_', 'A_B_c_-2']));
    for (const name of names) expect(name.length).toBeLessThanOrEqual(31);
    expect(names).not.toContain('History');
  });
});
