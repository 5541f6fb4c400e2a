import { degrees, PDFDocument, rgb } from 'pdf-lib';
import { describe, expect, test } from 'vitest';
import { readPdf } from '../../../src/readers/pdf/read-pdf.ts';
import { jobOf, pageInFont, pagesOf, partsOf, rawPdf } from './made-pdf.ts';

async function made(write: (pdf: PDFDocument) => void | Promise<void>): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  await write(pdf);
  return pdf.save({ useObjectStreams: false });
}

describe('readPdf', () => {
  test('gives a start, and then the pages in order with their text and its boxes', async () => {
    const bytes = await made((pdf) => {
      pdf.setTitle('A letter');
      pdf.addPage([300, 200]).drawText('Hello there', { x: 50, y: 150, size: 20 });
      pdf.addPage([300, 200]).drawText('Second', { x: 50, y: 150, size: 20 });
    });
    const parts = await partsOf(bytes);
    expect(parts[0]).toMatchObject({ type: 'start', pageCount: 2, metadata: { title: 'A letter' } });
    const [first, second] = await pagesOf(bytes);
    expect(first).toMatchObject({
      number: 1,
      size: [300, 200],
      text: 'Hello there',
      via: 'text',
      warnings: [],
    });
    const [x0, y0, x1, y1] = first?.spans[0]?.box ?? [0, 0, 0, 0];
    expect(x0).toBeCloseTo(50);
    expect(x1).toBeGreaterThan(140);
    expect(y0).toBeLessThan(40);
    expect(y1).toBeGreaterThan(50);
    expect(second).toMatchObject({ number: 2, text: 'Second' });
  });

  test('gives boxes on the page as it is shown', async () => {
    const bytes = await made((pdf) => {
      const page = pdf.addPage([300, 200]);
      page.drawText('Turned', { x: 20, y: 20, size: 20 });
      page.setRotation(degrees(90));
    });
    const [page] = await pagesOf(bytes);
    const box = page?.spans[0]?.box ?? [0, 0, 0, 0];
    expect(page?.size).toEqual([200, 300]);
    expect(box[3] - box[1]).toBeGreaterThan(2 * (box[2] - box[0]));
    expect(box[0]).toBeLessThan(50);
    expect(box[1]).toBeCloseTo(20);
  });

  test('leaves the bytes of the caller as they were', async () => {
    const bytes = Buffer.from(await made((pdf) => void pdf.addPage()));
    await partsOf(bytes);
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('reads the pages that are asked for, and says how many there are', async () => {
    const bytes = await made((pdf) => {
      for (let number = 1; number <= 6; number += 1) pdf.addPage().drawText(`page ${number}`);
    });
    const parts = await partsOf(bytes, {
      pages: [
        [2, 3],
        [6, 9],
      ],
    });
    expect(parts[0]).toMatchObject({ pageCount: 6 });
    expect(parts.flatMap((part) => (part.type === 'page' ? [part.page.number] : []))).toEqual([2, 3, 6]);
  });

  test('lists attachments, which pdf.js gives as a Map, and reads an invoice among them', async () => {
    const bytes = await made(async (pdf) => {
      pdf.addPage();
      await pdf.attach(Buffer.from('plain'), 'note.txt');
      await pdf.attach(Buffer.from(INVOICE), 'factur-x.xml');
    });
    const parts = await partsOf(bytes);
    expect(parts).toContainEqual({
      type: 'attachment',
      attachment: { name: 'note.txt', byteLength: 5, read: false },
    });
    expect(parts).toContainEqual({
      type: 'attachment',
      attachment: { name: 'factur-x.xml', byteLength: INVOICE.length, read: true },
    });
    expect(parts).toContainEqual({
      type: 'invoice',
      invoice: expect.objectContaining({ name: 'factur-x.xml', number: 'R-17', total: '119.00' }),
    });
    expect(parts).toContainEqual({
      type: 'warning',
      problem: expect.objectContaining({ code: 'attachment-not-read' }),
    });
  });

  test('refuses what is no PDF with a sentence', async () => {
    expect(await partsOf(Buffer.from('no PDF'))).toEqual([
      { type: 'refused', problem: { code: 'cut-off', sentence: expect.stringMatching(/\.$/) } },
    ]);
  });

  test('keeps the other pages where one is damaged', async () => {
    const bytes = rawPdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[3 0 R 9 0 R]/Count 2>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>',
      { data: 'BT /F1 20 Tf 20 100 Td (Kept) Tj ET' },
      '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    ]);
    const pages = await pagesOf(bytes);
    expect(pages[0]).toMatchObject({ text: 'Kept', via: 'text' });
    expect(pages[1]).toMatchObject({ number: 2, via: 'none', warnings: [{ code: 'page-failed' }] });
  });

  test('says that a file was recovered', async () => {
    const file = Buffer.from(await made((pdf) => pdf.addPage().drawText('Found again'))).toString('latin1');
    const parts = await partsOf(Buffer.from(file.replace(/startxref\s+\d+/, 'startxref\n7'), 'latin1'));
    expect(parts).toContainEqual({ type: 'page', page: expect.objectContaining({ text: 'Found again' }) });
    expect(parts.at(-1)).toMatchObject({ type: 'warning', problem: { code: 'recovered' } });
  });

  test('says that a page is right to left', async () => {
    const bytes = pageInFont(
      '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding/Differences[65/afii57664/afii57665]>>>>',
      '(AB)',
    );
    const [page] = await pagesOf(bytes);
    expect(page?.warnings.map(({ code }) => code)).toContain('right-to-left');
  });

  test.each([
    ['ZapfDingbats', '(4 8 n)', '✔ ✘ ■'],
    ['Symbol', '(4 8 n)', '4 8 ν'],
    ['Helvetica', '(4 8 n)', '4 8 n'],
  ])('reads what stands in %s as the signs that are seen', async (font, codes, signs) => {
    const [page] = await pagesOf(pageInFont(`<</Type/Font/Subtype/Type1/BaseFont/${font}>>`, codes));
    expect(page?.text.trim()).toBe(signs);
  });

  test('ends its document also when nobody reads on', async () => {
    const bytes = await made((pdf) => {
      pdf.addPage();
      pdf.addPage();
    });
    const parts = readPdf(bytes, jobOf())[Symbol.asyncIterator]();
    await parts.next();
    await expect(parts.return?.()).resolves.toMatchObject({ done: true });
    await expect(parts.next()).resolves.toMatchObject({ done: true });
  });

  test('rejects with the reason of its signal', async () => {
    const bytes = await made((pdf) => void pdf.addPage());
    await expect(partsOf(bytes, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
  });
});

describe('the limits of readPdf', () => {
  const threePages = () =>
    made((pdf) => {
      for (let number = 1; number <= 3; number += 1) {
        const page = pdf.addPage();
        for (let line = 0; line < 20; line += 1)
          page.drawText(`line ${line}`, { y: 20 * line, color: rgb(line / 20, 0, 0) });
      }
    });

  test('pages: says why there are no more', async () => {
    const parts = await partsOf(await threePages(), { limits: { pages: 2 } });
    expect(parts.filter(({ type }) => type === 'page')).toHaveLength(2);
    expect(parts.at(-1)).toMatchObject({ type: 'limit', problem: { code: 'too-many-pages' } });
  });

  test('documentMs: says why there are no more', async () => {
    const parts = await partsOf(await threePages(), { limits: { documentMs: 0 } });
    expect(parts.at(-1)).toMatchObject({ type: 'limit', problem: { code: 'too-slow' } });
  });

  test('itemsPerPage: keeps what came before', async () => {
    const bytes = await made((pdf) => {
      const page = pdf.addPage();
      for (let line = 0; line < 40; line += 1)
        page.drawText(`line ${line}`, { x: 20, y: 800 - 20 * line, size: 10 });
    });
    const [page] = await pagesOf(bytes, { limits: { itemsPerPage: 5 } });
    expect(page?.text).toContain('line 0');
    expect(page?.text).not.toContain('line 39');
    expect(page?.warnings.map(({ code }) => code)).toEqual(['too-much-text']);
  });
});

const INVOICE = `<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="r">
<rsm:ExchangedDocument><ram:ID>R-17</ram:ID></rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>
<ram:ApplicableHeaderTradeSettlement><ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:GrandTotalAmount>119.00</ram:GrandTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>`;
