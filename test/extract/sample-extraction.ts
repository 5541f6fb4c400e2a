import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import { onTestFinished } from 'vitest';
import type { Extraction, Field, FieldPlan, FieldType, Row, Value } from '../../src/extract/extraction.ts';
import type { Box } from '../../src/readers/document.ts';
import { readDocument } from '../../src/readers/read-document.ts';

export const makeField = (path: string, type: FieldType = 'text', isRequired = false): Field => ({
  path,
  type,
  isRequired,
  description: '',
  choices: [],
});

const columns = [makeField('items.text'), makeField('items.amount', 'amount')];

export const PLAN: FieldPlan = {
  fields: [
    makeField('number'),
    makeField('date', 'date'),
    makeField('seller'),
    makeField('currency', 'currency'),
    makeField('total', 'amount', true),
    makeField('due', 'date'),
    makeField('paid', 'boolean'),
  ],
  lists: [{ path: 'items', description: '', columns, isOfValues: false }],
  checks: ['total = sum(items.amount)'],
  schema: {
    type: 'object',
    required: ['total'],
    properties: {
      number: { type: 'string' },
      date: { type: 'string', format: 'date' },
      seller: { type: 'string' },
      currency: { type: 'string' },
      total: { type: 'number' },
      due: { type: 'string', format: 'date' },
      paid: { type: 'boolean' },
      items: {
        type: 'array',
        items: { type: 'object', properties: { text: { type: 'string' }, amount: { type: 'number' } } },
      },
    },
  },
};

export const found = (value: Value['value'], more: Partial<Value> = {}): Value => ({
  value,
  status: 'verified',
  source: 'model',
  ...more,
});

export const makeRow = (file: string, more: Partial<Row> = {}): Row => ({
  file,
  sha256: hash('sha256', file),
  pageCount: 1,
  values: {},
  lists: {},
  checks: [],
  pages: [{ first: 1, last: 1, via: 'text', isAsked: true, sentence: 'Text of the file.' }],
  notes: [],
  usage: { evaluatedTokens: 0, reusedTokens: 0, generatedTokens: 0 },
  ...more,
});

export const makeExtraction = (rows: readonly Row[], more: Partial<Extraction> = {}): Extraction => ({
  jobId: 'job-1',
  plan: PLAN,
  rows,
  failures: [],
  left: [],
  ...more,
});

export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-output-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const LINES: readonly (readonly [x: number, y: number, text: string])[] = [
  [72, 770, 'Harbour Light Energy Ltd'],
  [72, 735, 'Invoice number'],
  [200, 735, 'HL-2026-0417'],
  [72, 717, 'Invoice date'],
  [200, 717, '17 April 2026'],
  [72, 660, 'Electricity, 812 kWh'],
  [420, 660, '187.63'],
  [72, 642, 'Standing charge'],
  [420, 642, '41.20'],
  [72, 606, 'Total'],
  [380, 606, 'EUR'],
  [420, 606, '228.83'],
  [72, 560, 'Please pay within 14 days to the account below. Thank you for your custom.'],
  [72, 542, 'Meter 4471-A was read on 31 March 2026.'],
];

export async function makeInvoicePdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([595, 842]);
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const [x, y, text] of LINES) page.drawText(text, { x, y, size: 11, font });
  return pdf.save();
}

/** An invoice in a file, and its row with the boxes that the reader gives. */
export async function invoiceRow(path: string): Promise<Row> {
  const bytes = await makeInvoicePdf();
  await writeFile(path, bytes);
  const document = await readDocument(bytes, { name: path });
  const spans = document.pages[0]?.spans ?? [];
  const at = (text: string): { box: Box; page: number; via: 'text'; original: string } => {
    const span = spans.find((each) => each.text.includes(text));
    if (!span?.box) throw new Error(`The page has no ${text}.`);
    return { box: span.box, page: 1, via: 'text', original: text };
  };
  const values = {
    number: found('HL-2026-0417', { ...at('HL-2026-0417'), quote: 'Invoice number HL-2026-0417' }),
    date: found('2026-04-17', { ...at('17 April 2026'), quote: 'Invoice date 17 April 2026' }),
    seller: found('Harbour Light Energy Ltd', {
      ...at('Harbour Light Energy Ltd'),
      quote: 'Harbour Light Energy Ltd',
      review: { decision: 'accepted', at: '2026-05-02T09:00:00.000Z' },
      source: 'person',
    }),
    currency: found('EUR', { ...at('EUR'), quote: 'Total EUR 228.83' }),
    total: found(228.83, { ...at('228.83'), quote: 'Total EUR 228.83' }),
    due: found('2026-03-31', {
      ...at('31 March 2026'),
      quote: 'Meter 4471-A was read on 31 March 2026.',
      status: 'unverified',
      problem: 'Its words stand behind “Meter 4471-A was read on”, which is not what this field is called.',
    }),
    paid: found(null, { status: 'missing' }),
  } satisfies Record<string, Value>;
  const line = (text: string, amount: number) => ({
    'items.text': found(text, { ...at(text), quote: `${text} ${amount.toFixed(2)}` }),
    'items.amount': found(amount, { ...at(amount.toFixed(2)), quote: `${text} ${amount.toFixed(2)}` }),
  });
  return makeRow(path, {
    sha256: document.sha256,
    values,
    lists: { items: [line('Electricity, 812 kWh', 187.63), line('Standing charge', 41.2)] },
    checks: [{ check: 'total = sum(items.amount)', holds: true, sentence: '228.83 is 187.63 + 41.20.' }],
  });
}
