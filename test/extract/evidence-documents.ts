import { createCanvas } from '@napi-rs/canvas';
import { Document, Packer, Paragraph, Table, TableCell, TableRow } from 'docx';
import { PDFDocument, type PDFFont, type PDFPage, StandardFonts } from 'pdf-lib';
import type { Field, FieldType } from '../../src/extract/extraction.ts';

/** An invoice, and how it says each of its values. */
export type Invoice = {
  readonly number: string;
  readonly date: string;
  readonly dueDate: string;
  readonly seller: string;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  readonly items: readonly { readonly name: string; readonly quantity: string; readonly amount: string }[];
};

const field = (path: string, type: FieldType, description = ''): Field => ({
  path,
  type,
  description,
  choices: [],
  isRequired: false,
});
export const FIELDS: readonly Field[] = [
  field('number', 'text', 'Number of the invoice'),
  field('date', 'date', 'When the invoice was written'),
  field('dueDate', 'date', 'When it has to be paid'),
  field('seller', 'text', 'Who sends the invoice'),
  field('net', 'amount', 'Sum without tax'),
  field('tax', 'amount', 'Tax in money'),
  field('total', 'amount', 'Sum with tax'),
];
export const LABELS = {
  number: 'Invoice number',
  date: 'Invoice date',
  dueDate: 'Due date',
  net: 'Net total',
  tax: 'VAT 19%',
  total: 'Total',
} as const;

/** Repeatable numbers from 0 to below 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function makeInvoice(random: () => number): Invoice {
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from));
  const day = () => `20${whole(20, 30)}-${String(whole(1, 13)).padStart(2, '0')}-${whole(13, 28)}`;
  const items = ['Paper', 'Repair of a lamp', 'Desk'].map((name) => ({
    name,
    quantity: String(whole(2, 9)),
    cents: whole(1_000, 90_000),
  }));
  const net = items.reduce((sum, { cents }) => sum + cents, 0);
  const tax = Math.round(net * 0.19);
  return {
    number: `RE-${whole(2020, 2030)}-${whole(10_000, 99_999)}`,
    date: day(),
    dueDate: day(),
    seller: ['Total Lamps Ltd', 'Net Works GmbH', 'Müller & Sons'][whole(0, 3)] ?? '',
    net: money(net),
    tax: money(tax),
    total: money(net + tax),
    items: items.map(({ cents, ...item }) => ({ ...item, amount: money(cents) })),
  };
}

export const money = (cents: number): string =>
  `${String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ',')}.${String(cents % 100).padStart(2, '0')}`;

/** Label and value of what has a label, in the order of the page. */
const facts = (invoice: Invoice): readonly (readonly [string, string])[] =>
  (['number', 'date', 'dueDate', 'net', 'tax', 'total'] as const).map((name) => [
    LABELS[name],
    invoice[name],
  ]);
const HEAD = ['Item', 'Quantity', 'Amount'] as const;
const rows = ({ items }: Invoice) => items.map(({ name, quantity, amount }) => [name, quantity, amount]);

/** Labels before values, an empty line, and a table: as a PDF lays it out. */
export async function asPdf(invoice: Invoice): Promise<Uint8Array> {
  const { page, font, save } = await pdfPage();
  const write = (text: string, x: number, y: number) => page.drawText(text, { x, y, size: 10, font });
  write(invoice.seller, 50, 740);
  for (const [at, [label, value]] of facts(invoice).entries()) {
    write(label, 50, 700 - 16 * at);
    write(value, 200, 700 - 16 * at);
  }
  for (const [at, row] of [[...HEAD], ...rows(invoice)].entries()) {
    for (const [column, text] of row.entries()) write(text, 50 + 150 * column, 560 - 16 * at);
  }
  return save();
}

/** Heads above values, as many invoices have their totals. */
export async function asPdfWithHeads(invoice: Invoice): Promise<Uint8Array> {
  const { page, font, save } = await pdfPage();
  const write = (text: string, x: number, y: number) => page.drawText(text, { x, y, size: 10, font });
  write(invoice.seller, 50, 740);
  for (const [at, [label, value]] of facts(invoice).entries()) {
    const [x, y] = [50 + 150 * (at % 3), 700 - 80 * Math.floor(at / 3)];
    write(label, x, y);
    write(value, x, y - 16);
  }
  return save();
}

async function pdfPage(): Promise<{ page: PDFPage; font: PDFFont; save: () => Promise<Uint8Array> }> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  return { page: pdf.addPage([595, 800]), font, save: () => pdf.save() };
}

export async function asDocx(invoice: Invoice): Promise<Uint8Array> {
  const cell = (text: string) => new TableCell({ children: [new Paragraph(text)] });
  const row = (cells: readonly string[]) => new TableRow({ children: cells.map(cell) });
  const children = [
    new Paragraph(invoice.seller),
    ...facts(invoice).map(([label, value]) => new Paragraph(`${label}: ${value}`)),
    new Table({ rows: [[...HEAD], ...rows(invoice)].map(row) }),
  ];
  return new Uint8Array(await Packer.toBuffer(new Document({ sections: [{ children }] })));
}

export const asText = (invoice: Invoice): string =>
  [
    invoice.seller,
    '',
    ...facts(invoice).map(([label, value]) => `${label.padEnd(24, '.')} ${value.padStart(16)}`),
    '',
    ...[[...HEAD], ...rows(invoice)].map((cells) => cells.map((cell) => cell.padEnd(20)).join('')),
  ].join('\n');

export const asMail = (invoice: Invoice): string =>
  [
    'From: a@example.org',
    'To: b@example.org',
    'Subject: Your invoice',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Dear customer, this is invoice number ${invoice.number} of ${invoice.seller}.`,
    `Invoice date ${invoice.date}, due date ${invoice.dueDate}.`,
    `Net total ${invoice.net} EUR, VAT 19% ${invoice.tax} EUR, total ${invoice.total} EUR.`,
  ].join('\r\n');

export const asHtml = (invoice: Invoice): string => {
  const safe = (text: string) => text.replaceAll('&', '&amp;');
  const line = (cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<td>${safe(cell)}</td>`).join('')}</tr>`;
  const table = (lines: readonly (readonly string[])[]) => `<table>${lines.map(line).join('')}</table>`;
  return `<!doctype html><meta charset="utf-8"><h1>${safe(invoice.seller)}</h1>${table(facts(invoice))}<p>Items</p>${table([[...HEAD], ...rows(invoice)])}`;
};

export const asCsv = (invoice: Invoice): string => {
  const line = (cells: readonly string[]) => cells.map((cell) => `"${cell}"`).join(',');
  return [
    line(['Seller', ...facts(invoice).map(([label]) => label)]),
    line([invoice.seller, ...facts(invoice).map(([, value]) => value)]),
  ].join('\n');
};

/** Large letters, as a clean scan has them. */
export function asPicture(invoice: Invoice): Uint8Array {
  const canvas = createCanvas(1400, 900);
  const drawing = canvas.getContext('2d');
  drawing.fillStyle = 'white';
  drawing.fillRect(0, 0, 1400, 900);
  drawing.fillStyle = 'black';
  drawing.font = '34px "DejaVu Sans", Arial, sans-serif';
  const lines = asMail(invoice)
    .split('\r\n')
    .slice(5)
    .join(' ')
    .replaceAll(/(?<=[,.]) (?=[A-Z]|due|VAT|total)/g, '\n');
  for (const [at, line] of lines.split('\n').entries()) drawing.fillText(line, 60, 100 + 70 * at);
  return new Uint8Array(canvas.toBuffer('image/png'));
}
