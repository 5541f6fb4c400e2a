/**
 * Makes the sample invoices and letters in `workspace/inbox`, their schema beside it, and what is right about them in
 * `workspace/inbox.truth.json`. Their senders are not real. The same input gives the same bytes.
 *
 *     npx node scripts/make-sample-inbox.mts
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { MORE_PDF_INVOICES } from './inbox-corrections.mts';
import { type Invoice, PDF_INVOICES, type Truth } from './inbox-invoices.mts';
import { choir, ferry, kettle, oakfield, tideway, wiesenhof } from './inbox-letters.mts';
import { INBOX_SCHEMA } from './inbox-schema.mts';
import { A4, createPdf, drawTable, makeScan } from './sample-pages.mts';

const OUT = join(resolve(import.meta.dirname, '..'), 'workspace/inbox');
const MADE_AT = new Date('2025-10-20T00:00:00Z');
const SCAN_SIZE = [1240, 640] as const;

async function makeInbox(): Promise<void> {
  const invoices = [...PDF_INVOICES, ...MORE_PDF_INVOICES];
  const files: Record<string, Uint8Array | string> = {
    [kettle.file]: await makeScan(kettle.lines, { seed: 2, size: SCAN_SIZE }),
    [ferry.file]: await makeScannedPdf(ferry.lines),
    [tideway.file]: makeDocx(tideway.lines),
    [oakfield.file]: makeMail(oakfield.lines),
    [wiesenhof.file]: makeHtml(wiesenhof.lines),
    [choir.file]: `${choir.lines.join('\n')}\n`,
  };
  for (const invoice of invoices) files[invoice.file] = await makeInvoice(invoice);
  await mkdir(OUT, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(OUT, name), content);
  const truths: (Truth & { readonly file: string })[] = [
    ...invoices,
    ...[kettle, ferry, tideway, oakfield, wiesenhof, choir],
  ];
  truths.sort((a, b) => (a.file < b.file ? -1 : 1));
  await writeJson(
    'inbox.truth.json',
    Object.fromEntries(truths.map((truth) => [truth.file, toTruth(truth)])),
  );
  await writeJson('inbox.schema.json', INBOX_SCHEMA);
}

const writeJson = (name: string, value: unknown) =>
  writeFile(join(OUT, '..', name), `${JSON.stringify(value, null, 1)}\n`);

async function makeInvoice({ file, sheets }: Invoice): Promise<Uint8Array> {
  const { pdf, fonts } = await createPdf(file, MADE_AT);
  for (const { texts, table } of sheets) {
    const page = pdf.addPage(A4);
    for (const [x, y, text] of texts) {
      const isTitle = text.startsWith('# ');
      const style = isTitle ? { size: 16, font: fonts.bold } : { size: 11, font: fonts.regular };
      page.drawText(isTitle ? text.slice(2) : text, { x, y, ...style });
    }
    if (table) drawTable(page, table.rows, { left: 72, ...table, ...fonts });
  }
  return pdf.save();
}

/** A page that is nothing but a picture. */
async function makeScannedPdf(lines: readonly string[]): Promise<Uint8Array> {
  const { pdf } = await createPdf('Scan', MADE_AT);
  const picture = await pdf.embedPng(await makeScan(lines, { seed: 5, size: SCAN_SIZE }));
  const size: [number, number] = [(SCAN_SIZE[0] * 72) / 150, (SCAN_SIZE[1] * 72) / 150];
  pdf.addPage(size).drawImage(picture, { x: 0, y: 0, width: size[0], height: size[1] });
  return pdf.save();
}

const escapeMarkup = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Lines with ` | ` that follow each other are the rows of one table. */
function toBlocks(lines: readonly string[]): readonly (string | readonly (readonly string[])[])[] {
  const blocks: (string | string[][])[] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (!line.includes(' | ')) blocks.push(line);
    else if (Array.isArray(last)) last.push(line.split(' | '));
    else blocks.push([line.split(' | ')]);
  }
  return blocks;
}

function makeDocx(lines: readonly string[]): Uint8Array {
  const paragraph = (text: string) =>
    `<w:p><w:r>${text.startsWith('# ') ? '<w:rPr><w:b/><w:sz w:val="36"/></w:rPr>' : ''}<w:t xml:space="preserve">${escapeMarkup(text.replace(/^# /, ''))}</w:t></w:r></w:p>`;
  const row = (cells: readonly string[]) =>
    `<w:tr>${cells.map((cell) => `<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`;
  const body = toBlocks(lines).map((block) =>
    typeof block === 'string' ? paragraph(block) : `<w:tbl><w:tblPr/>${block.map(row).join('')}</w:tbl>`,
  );
  const office = 'http://schemas.openxmlformats.org';
  const xml = (text: string) => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`);
  const parts = {
    '[Content_Types].xml': xml(
      `<Types xmlns="${office}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    ),
    '_rels/.rels': xml(
      `<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    ),
    'word/document.xml': xml(
      `<w:document xmlns:w="${office}/wordprocessingml/2006/main"><w:body>${body.join('')}</w:body></w:document>`,
    ),
  };
  // A ZIP archive holds the local time: as it is everywhere, since the bytes are to be the same.
  return zipSync(parts, { mtime: new Date(2025, 9, 20) });
}

function makeMail(lines: readonly string[]): string {
  const head = [
    'From: Oakfield Hosting LLC <billing@oakfield.example>',
    'To: Jo Miller <jo@miller.example>',
    'Subject: Your invoice OH-90412',
    'Date: Fri, 03 Oct 2025 09:12:00 +0000',
    'Message-ID: <90412@oakfield.example>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
  ];
  return [...head, '', ...lines, ''].join('\r\n');
}

function makeHtml(lines: readonly string[]): string {
  const body = toBlocks(lines).map((block) => {
    if (typeof block !== 'string')
      return `<table>\n${block.map((cells) => `<tr>${cells.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join('')}</tr>`).join('\n')}\n</table>`;
    return block.startsWith('# ')
      ? `<h1>${escapeMarkup(block.slice(2))}</h1>`
      : `<p>${escapeMarkup(block)}</p>`;
  });
  return `<!doctype html>\n<html lang="de">\n<meta charset="utf-8">\n<title>Rechnung</title>\n${body.join('\n')}\n</html>\n`;
}

/** `claims`: what a model would say that makes no mistake. */
function toTruth({ values, items, brokenChecks = [] }: Truth) {
  const stated = Object.entries(values);
  return {
    output: {
      ...Object.fromEntries(stated.map(([path, [value]]) => [path, value])),
      items: items.map(({ description, quantity, amount }) => ({
        description,
        quantity: quantity[0],
        amount: amount[0],
      })),
    },
    claims: {
      ...Object.fromEntries(stated.map(([path, [, as, quote]]) => [path, { quote, value: as }])),
      items: items.map(({ description, quantity, amount, quote }) => ({
        quote,
        description,
        quantity: quantity[1],
        amount: amount[1],
      })),
    },
    brokenChecks,
  };
}

await makeInbox();
