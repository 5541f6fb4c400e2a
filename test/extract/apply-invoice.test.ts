import { describe, expect, test } from 'vitest';
import { extractDocument } from '../../src/extract/extract-document.ts';
import { readFieldPlan } from '../../src/extract/plan/field-plan.ts';
import type { Invoice } from '../../src/readers/document.ts';
import { unreadPage } from '../../src/readers/document.ts';
import {
  amount,
  asksForList,
  documentOf,
  engineOf,
  honest,
  INVOICE,
  pageOf,
  SCHEMA,
  signal,
  text,
} from './honest-model.ts';

const plan = readFieldPlan(SCHEMA);

describe("the invoice's XML", () => {
  const invoice: Invoice = {
    name: 'factur-x.xml',
    profile: 'urn:cen.eu:en16931:2017',
    number: '2024-17',
    total: '226.10',
    net: '191.00',
    xml: '',
  };
  const schema = { type: 'object', properties: { number: text, net: amount, total: amount } };
  const ofXml = { source: 'invoice-xml', status: 'verified' };

  test('counts before the model, with the place where the pages show it, and is unverified where they say else', async () => {
    const { engine } = engineOf((request) =>
      asksForList(request)
        ? { text: '{}' }
        : {
            text: '{"number": null, "net": {"quote": "Net 190.00", "value": "190.00"}, "total": {"quote": "Total 226.10", "value": "226.10"}}',
          },
    );
    const document = documentOf([pageOf(1, INVOICE)], { invoice });
    const { values, notes } = await extractDocument(document, {
      plan: readFieldPlan(schema),
      engine,
      signal,
    });
    expect(notes).toContain("The invoice's XML and the pages differ in net.");
    expect(values.total).toMatchObject({
      ...ofXml,
      value: 226.1,
      original: '226.10',
      page: 1,
      quote: expect.stringContaining('226.10'),
    });
    expect(values.total).not.toHaveProperty('problem');
    expect(values.number).toMatchObject({ ...ofXml, value: '2024-17', page: 1 });
    expect(values.net).toMatchObject({
      source: 'invoice-xml',
      status: 'unverified',
      value: 191,
      problem: "The invoice's XML says 191, page 1 says 190.",
      others: [{ value: 190, status: 'verified', source: 'model' }],
    });
  });

  test('gives its lines, each with what the pages say beside it', async () => {
    const lines = [
      { description: 'tables', amount: '100.00' },
      { description: 'chairs', amount: '190.00' },
    ];
    const items = {
      type: 'array',
      items: { type: 'object', properties: { description: text, amount, colour: text } },
    };
    const rows = [
      { quote: 'chairs red 190.00', description: 'chairs', amount: '190.00', colour: 'red' },
      { quote: 'tables blue 100.00', description: 'tables', amount: '100.00', colour: 'blue' },
      { quote: 'lamps green 5.00', description: 'lamps', amount: '5.00', colour: 'green' },
    ];
    const { engine } = engineOf(() => ({ text: JSON.stringify({ items: rows }) }));
    const document = documentOf(
      [
        pageOf(
          1,
          rows.map(({ quote }) => quote),
        ),
      ],
      { invoice: { ...invoice, lines } },
    );
    const listPlan = readFieldPlan({ type: 'object', properties: { items } });
    const { lists, notes } = await extractDocument(document, { plan: listPlan, engine, signal });
    expect(lists.items).toMatchObject([
      {
        'items.description': { ...ofXml, value: 'tables', page: 1 },
        'items.amount': { ...ofXml, value: 100 },
        'items.colour': { source: 'model', value: 'blue' },
      },
      {
        'items.description': { ...ofXml, value: 'chairs' },
        'items.amount': { ...ofXml, value: 190, quote: 'chairs red 190.00' },
        'items.colour': { source: 'model', value: 'red' },
      },
    ]);
    expect(notes).toEqual([
      'The invoice\'s XML has 2 lines for "items" and the pages gave 3 lines: those of the XML are in the table.',
    ]);
  });

  describe('of a credit note, which prints its amounts with the other sign,', () => {
    const creditNote: Invoice = {
      name: 'x.xml',
      profile: '',
      typeCode: '381',
      total: '226.10',
      net: '190.00',
      xml: '',
    };
    const lines = ['Gutschrift 7', 'Net -190.00', 'Total -226.10'];
    const otherSign = {
      problem:
        'The pages print it with the other sign. The sign that counts is that of the XML that the document carries.',
    };
    const read = (answer: string) => {
      const { engine } = engineOf(() => ({ text: answer }));
      const document = documentOf([pageOf(1, lines)], { invoice: creditNote });
      return extractDocument(document, { plan: readFieldPlan(schema), engine, signal });
    };

    test('has the place of its amounts, and says so', async () => {
      const { values } = await read('{"number": null, "net": null, "total": null}');
      const place = { page: 1 };
      expect(values.total).toMatchObject({ ...ofXml, ...otherSign, ...place, value: 226.1 });
      expect(values.total?.quote).toContain('Total -226.10');
      expect(values.net).toMatchObject({ ...ofXml, ...otherSign, ...place, value: 190 });
    });

    test('does not contradict the model, which copied the sign', async () => {
      const { values } = await read('{"total": {"quote": "Total -226.10", "value": "-226.10"}}');
      expect(values.total).toMatchObject({ ...ofXml, ...otherSign, value: 226.1, quote: 'Total -226.10' });
      expect(values.total).not.toHaveProperty('others');
    });

    test('finds the lines of its list', async () => {
      const items = {
        type: 'array',
        items: { type: 'object', properties: { description: text, amount, colour: text } },
      };
      const rows = [
        { quote: 'red chairs -190.00', description: 'red chairs', amount: '-190.00', colour: 'red' },
        { quote: 'blue chairs -36.10', description: 'blue chairs', amount: '-36.10', colour: 'blue' },
      ];
      const { engine } = engineOf(() => ({ text: JSON.stringify({ items: rows }) }));
      const document = documentOf(
        [
          pageOf(
            1,
            rows.map(({ quote }) => quote),
          ),
        ],
        { invoice: { ...creditNote, lines: [{ amount: '36.10' }, { amount: '190.00' }] } },
      );
      const listPlan = readFieldPlan({ type: 'object', properties: { items } });
      const { lists } = await extractDocument(document, { plan: listPlan, engine, signal });
      expect(lists.items).toMatchObject([
        { 'items.amount': { ...ofXml, ...otherSign, value: 36.1 }, 'items.colour': { value: 'blue' } },
        { 'items.amount': { ...ofXml, ...otherSign, value: 190 }, 'items.colour': { value: 'red' } },
      ]);
    });
  });

  test('leaves lines alone of whose columns it has none', async () => {
    const { engine } = engineOf(honest);
    const document = documentOf([pageOf(1, INVOICE)], {
      invoice: { ...invoice, lines: [{ quantity: '7' }] },
    });
    const { lists } = await extractDocument(document, { plan, engine, signal });
    expect(lists.items).toMatchObject([{ 'items.price': { value: 190, source: 'model' } }]);
  });

  test('stays verified where a check does not hold, which the values of the model do not', async () => {
    const { engine } = engineOf(honest);
    const document = documentOf([pageOf(1, INVOICE)], { invoice });
    const { values } = await extractDocument(document, { plan, engine, signal });
    expect(values.total).toMatchObject(ofXml);
    expect(values.tax).toMatchObject({ source: 'model', status: 'unverified' });
  });

  test('counts for a document whose pages were not read', async () => {
    const { engine } = engineOf(honest);
    const document = documentOf([unreadPage(1, [])], { invoice });
    const { values } = await extractDocument(document, { plan: readFieldPlan(schema), engine, signal });
    expect(values.total).toMatchObject({
      ...ofXml,
      value: 226.1,
      problem: "Only in the invoice's XML; the pages were not read.",
    });
  });
});
