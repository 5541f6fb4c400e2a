import { describe, expect, test } from 'vitest';
import { reviewItems } from '../../src/cli/extract/review-items.ts';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { extractDocument } from '../../src/extract/extract-document.ts';
import type { Row, Value } from '../../src/extract/extraction.ts';
import { readFieldPlan } from '../../src/extract/plan/field-plan.ts';
import { applyInvoice } from '../../src/extract/rows/apply-invoice.ts';
import { mergeValues } from '../../src/extract/rows/merge-values.ts';
import { tablesOf } from '../../src/extract/table/table-of.ts';
import type { Document, Invoice } from '../../src/readers/document.ts';
import { amount, documentOf, engineOf, pageOf, signal, text } from './honest-model.ts';

const invoice: Invoice = { name: 'factur-x.xml', profile: '', total: '911.00', xml: '' };
const schema = { type: 'object', properties: { total: amount } };
const LINES = ['Invoice 2024-17', 'Total 119.00'];
const claim = (quote: string, value: string) => JSON.stringify({ total: { quote, value } });
const FOUND = { status: 'verified', source: 'model', quote: 'Total' } as const;
const TOTAL = claim('Total 119.00', '119.00');

async function read(answer: string, document: Document, ofSchema: object = schema) {
  const { engine } = engineOf(() => ({ text: answer }));
  const plan = readFieldPlan(ofSchema as Parameters<typeof readFieldPlan>[0]);
  const extracted = await extractDocument(document, { plan, engine, signal });
  const row: Row = { ...extracted, file: 'a.pdf' };
  return { ...extracted, extraction: { jobId: 'j', plan, rows: [row], failures: [], left: [] } };
}
const pdf = (stated: Partial<Invoice>, more: Partial<Document> = {}, lines = LINES) =>
  documentOf([pageOf(1, lines)], { invoice: { ...invoice, ...stated }, ...more });

describe("the invoice's XML against the pages", () => {
  test('is seen everywhere: in the notes, the table, the evidence and the review', async () => {
    const { values, notes, extraction } = await read(TOTAL, pdf({}));
    expect(values.total).toMatchObject({
      value: 911,
      status: 'unverified',
      source: 'invoice-xml',
      problem: "The invoice's XML says 911, page 1 says 119.",
      others: [{ value: 119, page: 1, source: 'model' }],
    });
    expect(notes).toEqual(["The invoice's XML and the pages differ in total."]);
    const { values: table, evidence } = tablesOf(extraction);
    expect(table.rows[0]?.slice(1, 3)).toMatchObject([
      { value: 911, look: 'unverified' },
      { value: 'total' },
    ]);
    const said = evidence.rows[0]?.map(({ value }) => value);
    expect(said).toContain("The invoice's XML says 911, page 1 says 119.");
    expect(said).toContain('119 (page 1)');
    expect(reviewItems(extraction, { all: false }).map(({ path }) => path)).toEqual(['total']);
  });

  test('is unverified too where the pages show both, or differ among themselves', async () => {
    const both = await read(TOTAL, pdf({}, {}, [...LINES, 'Total 911.00']));
    expect(both.values.total).toMatchObject({ value: 911, status: 'unverified', page: 1 });
    const pages = [pageOf(1, LINES), pageOf(2, ['Total 120.00'])];
    const merged = mergeValues([119, 120].map((value, at): Value => ({ value, page: at + 1, ...FOUND })));
    const document = documentOf(pages, { invoice });
    const plan = readFieldPlan(schema);
    const context = { index: indexDocument(document), conventions: {}, siblings: plan.fields };
    const { values } = applyInvoice({ values: { total: merged }, lists: {} }, plan, { document, context });
    expect(values.total).toMatchObject({
      status: 'unverified',
      problem: "The invoice's XML says 911, page 1 says 119, and page 2 says 120.",
    });
  });

  test('is verified where the pages do not show it, and says so', async () => {
    const { values, notes } = await read('{"total": null}', pdf({}));
    expect(values.total).toMatchObject({ value: 911, status: 'verified' });
    expect(values.total).toMatchObject({ problem: "Only in the invoice's XML; the pages do not show it." });
    expect(values.total).not.toHaveProperty('page');
    expect(notes).toEqual([]);
  });

  test('says where the pages show the same under the name of something else', async () => {
    const two = { type: 'object', properties: { total: amount, due: amount } };
    const { values } = await read('{}', pdf({ total: '119.00', due: '119.00' }), two);
    expect(values.total).toMatchObject({ status: 'verified', page: 1 });
    expect(values.due).toMatchObject({
      status: 'verified',
      problem: "Only in the invoice's XML; the pages show the same under the name of something else.",
    });
  });

  test('keeps beside it what was found on the pages and is not sure', async () => {
    const { values } = await read(claim('Invoice 2024-17', '119.00'), pdf({}));
    expect(values.total).toMatchObject({ value: 911, status: 'verified', others: [{ value: 119, page: 1 }] });
  });

  test('differs by its sign, where it is no credit note', async () => {
    const answer = claim('Total -911.00', '-911.00');
    const lines = ['Total -911.00'];
    const { values } = await read(answer, pdf({ typeCode: '380' }, {}, lines));
    expect(values.total).toMatchObject({ status: 'unverified', others: [{ value: -911 }] });
    const credit = await read(answer, pdf({ typeCode: '381' }, {}, lines));
    expect(credit.values.total).toMatchObject({ status: 'verified', value: 911, page: 1 });
    const silent = await read('{"total": null}', pdf({ typeCode: '380' }, {}, lines));
    expect(silent.values.total).not.toHaveProperty('page');
  });

  test('has a name that is longer than what the model took of it', async () => {
    const names = { type: 'object', properties: { seller: text } };
    const answer = JSON.stringify({ seller: { quote: 'Huber Holz', value: 'Huber Holz' } });
    const document = pdf({ seller: 'Huber Holz GmbH' }, {}, ['Huber Holz GmbH']);
    expect((await read(answer, document, names)).values.seller).toMatchObject({
      value: 'Huber Holz GmbH',
      status: 'verified',
      page: 1,
    });
    const other = pdf({ seller: 'Huber Holz Bank AG' }, {}, ['Huber Holz GmbH']);
    expect((await read(answer, other, names)).values.seller).toMatchObject({ status: 'unverified' });
  });

  test.each([
    ['1,234', '1,234'],
    ['1.234,00', '1.234,00'],
    ['1 234.00', '1 234.00'],
    ['EUR 5', '5'],
    ['1e3', '1000'],
  ])('that writes an amount as %s is not read', async (total, onPage) => {
    const { values } = await read('{"total": null}', pdf({ total }));
    expect(values.total).toMatchObject({ value: null, status: 'unverified', original: total });
    expect(values.total?.problem).toContain('which is no number as XML writes it');
    const said = await read(claim(`Total ${onPage}`, onPage), pdf({ total }, {}, [`Total ${onPage}`]));
    expect(said.values.total?.status).toBe('unverified');
  });

  test('that has no word of a choice leaves what the pages say', async () => {
    const choices = {
      type: 'object',
      properties: { currency: { type: 'string', enum: ['crowns', 'pounds'] } },
    };
    const answer = JSON.stringify({ currency: { quote: 'Currency: crowns', value: 'crowns' } });
    const document = pdf({ currency: 'EUR' }, {}, ['Currency: crowns']);
    expect((await read(answer, document, choices)).values.currency).toMatchObject({
      value: 'crowns',
      status: 'verified',
      source: 'model',
    });
  });

  test('that writes a date as no XML does is not read', async () => {
    const dates = { type: 'object', properties: { date: { type: 'string', format: 'date' } } };
    const { values } = await read('{}', pdf({ date: '03/04/2024' }), dates);
    expect(values.date).toMatchObject({ value: null, status: 'unverified' });
    expect((await read('{}', pdf({ date: '2024-04-03' }), dates)).values.date).toMatchObject({
      value: '2024-04-03',
      status: 'verified',
    });
  });
});

describe('the lines of the XML against those of the pages', () => {
  const items = {
    type: 'array',
    items: { type: 'object', properties: { description: text, amount, colour: text } },
  };
  const rows = [
    { quote: 'chairs red 190.00', description: 'chairs', amount: '190.00', colour: 'red' },
    { quote: 'lamps green 5.00', description: 'lamps', amount: '5.00', colour: 'green' },
  ];
  const answer = JSON.stringify({ items: rows });
  const lists = { type: 'object', properties: { items } };
  const onPage = rows.map(({ quote }) => quote);

  test('are unverified in the cells that differ', async () => {
    const lines = [
      { description: 'chairs', amount: '190.00' },
      { description: 'lamps', amount: '50.00' },
    ];
    const { lists: read1, notes } = await read(answer, pdf({ lines }, {}, onPage), lists);
    expect(read1.items).toMatchObject([
      { 'items.description': { status: 'verified' }, 'items.amount': { status: 'verified', value: 190 } },
      {
        'items.description': { status: 'verified' },
        'items.amount': { status: 'unverified', value: 50, others: [{ value: 5 }] },
      },
    ]);
    expect(notes).toEqual(["The invoice's XML and the pages differ in items[2].amount."]);
  });

  test('are compared with the line that agrees in part, where the pages have more lines', async () => {
    const more = { quote: 'beds blue 7.00', description: 'beds', amount: '7.00', colour: 'blue' };
    const lines = [{ description: 'lamps', amount: '50.00' }];
    const document = pdf({ lines }, {}, [...onPage, more.quote]);
    const { lists: read1, notes } = await read(JSON.stringify({ items: [...rows, more] }), document, lists);
    expect(read1.items).toMatchObject([
      { 'items.amount': { status: 'unverified', value: 50, others: [{ value: 5 }] } },
    ]);
    expect(notes).toHaveLength(2);
  });

  test('are unverified where nothing agrees, and take nothing from the other line', async () => {
    const lines = [
      { description: 'chairs', amount: '190.00' },
      { description: 'beds', amount: '50.00' },
    ];
    const { lists: read1 } = await read(answer, pdf({ lines }, {}, onPage), lists);
    expect(read1.items?.[0]?.['items.colour']).toMatchObject({ value: 'red' });
    expect(read1.items?.[1]).toMatchObject({
      'items.description': { status: 'unverified', value: 'beds', others: [{ value: 'lamps' }] },
      'items.amount': { status: 'unverified', value: 50, others: [{ value: 5 }] },
      'items.colour': { status: 'missing' },
    });
  });
});

describe('several invoices as XML, and those of a mail', () => {
  const attachment = (name: string) => ({ name, byteLength: 1, read: true });

  test('leave no value verified that the model did not find on the pages', async () => {
    const attachments = [attachment('factur-x.xml'), attachment('other.xml')];
    const open = await read('{"total": null}', pdf({ total: '119.00' }, { attachments }));
    const sentence =
      'The document carries 2 invoices as XML, which may say different things: one of them was taken, "factur-x.xml".';
    expect(open.notes).toEqual([sentence]);
    expect(open.values.total).toMatchObject({ value: 119, status: 'unverified', problem: sentence });
    const shown = await read(TOTAL, pdf({ total: '119.00' }, { attachments }));
    expect(shown.values.total).toMatchObject({ value: 119, status: 'verified', page: 1 });
    const one = await read('{}', pdf({ total: '119.00' }, { attachments: [attachment('factur-x.xml')] }));
    expect(one.notes).toEqual([]);
  });

  test('in a mail they are found on the pages of their own file, and do not overrule its text', async () => {
    const pages = [
      { ...pageOf(1, ['We give back', 'Total 50.00', 'of the Total 119.00']) },
      { ...pageOf(2, ['Total 119.00']), label: 'r.pdf, page 1' },
    ];
    const attachments = [attachment('r.pdf/factur-x.xml'), attachment('r.pdf')];
    const mail = documentOf(pages, {
      kind: 'eml',
      attachments,
      invoice: { ...invoice, total: '119.00' },
    });
    expect((await read('{"total": null}', mail)).values.total).toMatchObject({ status: 'verified', page: 2 });
    const said = await read(claim('Total 50.00', '50.00'), mail);
    expect(said.values.total).toMatchObject({
      status: 'unverified',
      problem: "The invoice's XML says 119, page 1 says 50.",
    });
    const other = { ...pageOf(3, ['<Invoice xmlns="x">']), label: 'x.xml, page 1' };
    const two = { ...mail, pages: [...pages, other], attachments: [...attachments, attachment('x.xml')] };
    expect((await read('{"total": null}', two)).values.total).toMatchObject({ status: 'unverified' });
    const list = { ...other, ...pageOf(3, ['<stock>']), label: 'x.xml, page 1' };
    const without = { ...two, pages: [...pages, list] };
    expect((await read('{"total": null}', without)).values.total).toMatchObject({ status: 'verified' });
  });
});
