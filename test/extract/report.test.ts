import { hash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Extraction } from '../../src/extract/extraction.ts';
import { cropAround } from '../../src/extract/report/crop.ts';
import { valueAnchor } from '../../src/extract/report/value-anchor.ts';
import { type WriteReportOptions, writeReport } from '../../src/extract/report/write-report.ts';
import { found, invoiceRow, makeExtraction, makeRow, tempFolder } from './sample-extraction.ts';

async function reportOf(extraction: Extraction, options?: WriteReportOptions): Promise<string> {
  const path = join(await tempFolder(), 'report.html');
  await writeReport(extraction, path, options);
  return readFile(path, 'utf8');
}

const count = (text: string, part: string) => text.split(part).length - 1;

describe('the report', () => {
  test('holds each page once, and shows for each value the part of it around the value', async () => {
    const file = join(await tempFolder(), 'energy.pdf');
    const html = await reportOf(makeExtraction([await invoiceRow(file)]));
    expect(count(html, 'data:image/png;base64,')).toBe(1);
    // Six fields and two lines, and all of the page.
    expect(count(html, '<use href="#d1-page-1"/>')).toBe(9);
    for (const name of ['total', 'due', 'paid', 'items[2].amount']) {
      expect(count(html, `id="${valueAnchor(1, name)}"`)).toBe(1);
    }
    expect(html).toContain('<a href="#d1-due">due</a>');
    expect(html).toContain('<mark>228.83</mark>');
    expect(html).toContain("default-src 'none'; img-src data:; style-src 'unsafe-inline'");
  });

  test('counts all files, and as many values as it has links to those that are to be looked at', async () => {
    const values = {
      number: found('7'),
      seller: found('A', { status: 'unverified' }),
      total: { value: null, status: 'missing', source: 'model' } as const,
      due: { value: null, status: 'missing', source: 'model' } as const,
    };
    const html = await reportOf(
      makeExtraction([makeRow('a.txt', { values })], {
        failures: [{ file: 'b.txt', problem: 'It is empty.' }],
        left: ['a.txt', 'c.txt'],
      }),
    );
    expect(html).toContain('<b>3</b> <span>documents</span>');
    const [row = ''] = html.match(/<tr><th scope="row"><a href="#d1">.*<\/tr>/) ?? [];
    expect(row).toContain('>1 of 3</td>');
    expect(count(row, '<a href="#d1-')).toBe(2);
  });

  test('tells a value that the XML alone has from one with a place, and from one that the pages deny', async () => {
    const source = 'invoice-xml';
    const values = {
      number: found('7', { source, problem: "Only in the invoice's XML; the pages do not show it." }),
      seller: found('A', { source, page: 1, quote: 'A' }),
      total: found(911, {
        source,
        status: 'unverified',
        problem: "The invoice's XML says 911, page 1 says 119.",
        others: [found(119, { page: 1, quote: 'Total 119.00' })],
      }),
    };
    const html = await reportOf(makeExtraction([makeRow('gone.pdf', { values })]));
    const rowOf = (name: string) =>
      html.split(`<tr id="${valueAnchor(1, name)}"`)[1]?.split('</tr>')[0] ?? '';
    expect(rowOf('number')).toContain('only in the invoice’s XML');
    expect(rowOf('seller')).toContain('from the invoice’s XML');
    expect(rowOf('total')).toContain('unverified');
    expect(rowOf('total')).toContain('page 1 says 119');
    expect(rowOf('total')).toContain('On page 1 it says 119.00.');
  });

  test('shows the words that name a value, however far before it they stand', async () => {
    const file = join(await tempFolder(), 'energy.pdf');
    const html = await reportOf(makeExtraction([await invoiceRow(file)]));
    const [, left = '', width = ''] =
      /aria-label="Page 1 around total" viewBox="(\S+) \S+ (\S+) /.exec(html) ?? [];
    // `Total` begins at 72 points, the amount at 420.
    expect(Number(left)).toBeLessThan(72);
    expect(Number(left) + Number(width)).toBeGreaterThan(455);
  });

  test.each([
    ['changed', (file: string) => writeFile(file, 'other'), 'since the file has been changed'],
    [
      'taken away',
      (file: string) => rm(file),
      'since the file could not be read again: There is nothing of this name.',
    ],
  ])('shows the words alone of a file that was %s', async (_, change, sentence) => {
    const file = join(await tempFolder(), 'energy.pdf');
    const row = await invoiceRow(file);
    await change(file);
    const html = await reportOf(makeExtraction([row]));
    expect(html).toContain(sentence);
    expect(html).not.toContain('data:image');
    expect(html).toContain('<mark>228.83</mark>');
  });

  test.each([
    ['pages', { pages: 1, bytes: 1e9 }, 1],
    ['bytes', { pages: 9, bytes: 100 }, 0],
  ])('draws no more than its limit of %s, and says so', async (_, limits, pictures) => {
    const folder = await tempFolder();
    const rows = [await invoiceRow(join(folder, 'a.pdf')), await invoiceRow(join(folder, 'b.pdf'))];
    const html = await reportOf(makeExtraction(rows), { limits });
    expect(count(html, 'data:image/png;base64,')).toBe(pictures);
    expect(count(html, 'Page 1: There is no picture: this report holds as many as it may.')).toBe(
      2 - pictures,
    );
  });

  test('shows where a picture says it, in the places of the picture', async () => {
    const file = join(await tempFolder(), 'scan.png');
    const png = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#fff' } })
      .png()
      .withMetadata({ density: 144 })
      .toBuffer();
    await writeFile(file, png);
    const total = found(5, { page: 1, quote: '5,00', original: '5,00', box: [100, 50, 140, 60], via: 'ocr' });
    const html = await reportOf(
      makeExtraction([makeRow(file, { sha256: hash('sha256', png), values: { total } })]),
    );
    // 900 pixels of 144 to the inch are 450 points.
    expect(html).toMatch(/<image id="d1-page-1" width="450" height="300"/);
    expect(html).toContain('Page 1, read by OCR');
  });

  test('shows the words around a quote where the format has no places', async () => {
    const file = join(await tempFolder(), 'letter.txt');
    const text = `Dear all,\n${'words '.repeat(60)}\nThe total of  1,200.00\nis due. <b>Bye</b>\n`;
    await writeFile(file, text);
    const total = found(1200, { page: 1, quote: 'total of 1,200.00', original: '1,200.00', via: 'text' });
    const html = await reportOf(
      makeExtraction([makeRow(file, { sha256: hash('sha256', text), values: { total } })]),
    );
    expect(html).toContain('<q>total of <mark>1,200.00</mark></q>');
    expect(html).toMatch(/<span class="around">… words .* The <\/span>/);
    expect(html).toContain('is due. &#60;b&#62;Bye&#60;/b&#62;');
  });

  test('marks the value in its quote where it is a word of its own', async () => {
    const values = { number: found('2', { quote: '2 pieces of 40092', original: '2' }) };
    const html = await reportOf(makeExtraction([makeRow('a.txt', { values })]));
    expect(html).toContain('<q><mark>2</mark> pieces of 40092</q>');
  });

  test('cuts what is too long to be read', async () => {
    const long = 'x'.repeat(10_000);
    const values = { number: found(long, { quote: long, page: 1 }) };
    const html = await reportOf(makeExtraction([makeRow('a.txt', { values })]));
    expect(html).toContain('… (9600 more characters)');
    expect(html).not.toContain('x'.repeat(401));
  });

  test('says what failed, what was left and which pages no model was given', async () => {
    const pages = [
      { first: 1, last: 4, via: 'text' as const, isAsked: true, sentence: 'Text.' },
      { first: 5, last: 9, via: 'none' as const, isAsked: false, sentence: 'They are blank.' },
    ];
    const html = await reportOf(
      makeExtraction([makeRow('a.pdf', { pages, pageCount: 9 })], {
        failures: [{ file: 'b.pdf', problem: 'It is cut off.' }],
        left: ['c.pdf'],
      }),
    );
    expect(html).toContain('<b>b.pdf</b>: It is cut off.');
    expect(html).toContain('<b>c.pdf</b>: not looked at');
    expect(html).toContain('a.pdf</a>, pages 5 to 9: They are blank.');
  });

  test('is not written when it is stopped, and the old one stays', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'report.html');
    await writeFile(path, 'old');
    const stop = new AbortController();
    const writing = writeReport(makeExtraction([makeRow('a.txt'), makeRow('b.txt')]), path, {
      signal: stop.signal,
      onDocument: () => stop.abort(new Error('stopped')),
    });
    await expect(writing).rejects.toThrow('stopped');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['report.html']);
  });
});

test('no two values share an anchor, and none needs escaping', () => {
  const names = ['a', 'a.b', 'a_b', 'a b', 'a~20~b', 'Größe', 'items[1].a', 'items[11].a', '"><x', '😀'];
  const anchors = names.map((name) => valueAnchor(3, name));
  expect(new Set(anchors).size).toBe(names.length);
  for (const anchor of anchors) expect(anchor).toMatch(/^d3-[\w.~-]+$/);
  expect(valueAnchor(1, 'items[2].amount')).toBe('d1-items.2.amount');
});

test.each([
  ['in the middle', [300, 400, 340, 410]],
  ['in a corner', [0, 0, 5, 5]],
  ['at the other corner', [590, 838, 595, 842]],
  ['all of the page', [0, 0, 595, 842]],
] as const)('a crop around a box %s holds it and lies on the page', (_, box) => {
  const [x, y, width, height] = cropAround([box], [595, 842]);
  expect(x).toBeGreaterThanOrEqual(0);
  expect(y).toBeGreaterThanOrEqual(0);
  expect(x).toBeLessThanOrEqual(box[0]);
  expect(y).toBeLessThanOrEqual(box[1]);
  expect(x + width).toBeGreaterThanOrEqual(box[2]);
  expect(y + height).toBeGreaterThanOrEqual(box[3]);
  expect([x + width <= 595.01, y + height <= 842.01]).toEqual([true, true]);
});
