import { describe, expect, test } from 'vitest';
import type { Field, FieldPlan, FieldType } from '../../src/extract/extraction.ts';
import { invoiceValues } from '../../src/extract/rows/invoice-values.ts';
import type { Invoice } from '../../src/readers/document.ts';

const invoice: Invoice = {
  name: 'factur-x.xml',
  profile: '',
  number: 'R-17',
  date: '2026-08-24',
  dueDate: '2026-09-24',
  currency: 'EUR',
  seller: 'Müller & Co',
  buyer: 'Huber AG',
  linesTotal: '100.00',
  net: '100.00',
  tax: '19.00',
  total: '119.00',
  due: '19.00',
  lines: [
    {
      description: 'Chair',
      quantity: '2.0000',
      unitCode: 'C62',
      unitPrice: '40.00',
      amount: '80.00',
      taxRate: '19.00',
    },
    { description: 'Lamp', amount: '20.00' },
  ],
  xml: '',
};

const field = (path: string, type: FieldType, description = ''): Field => ({
  path,
  type,
  description,
  choices: [],
  isRequired: false,
});
const plan = (fields: readonly Field[], lists: FieldPlan['lists'] = []): FieldPlan => ({
  fields,
  lists,
  checks: [],
  schema: {},
});
const read = (path: string, type: FieldType, description = '', given: Invoice = invoice) =>
  invoiceValues(plan([field(path, type, description)]), given).values.get(path);

describe('the facts of an electronic invoice', () => {
  test.each([
    [
      '119.00',
      'amount',
      'total grandTotal gross_amount amount_total Gesamtbetrag brutto totals.grandTotal totalTTC',
    ],
    ['100.00', 'amount', 'net netAmount net_total netto Nettobetrag subtotal invoice.net totalHT'],
    ['19.00', 'amount', 'tax vat tax_amount vatTotal MwSt USt Umsatzsteuer tva'],
    ['19.00', 'amount', 'due amountDue amount_due balanceDue Zahlbetrag'],
    ['2026-08-24', 'date', 'date invoiceDate invoice_date issueDate Rechnungsdatum'],
    ['2026-09-24', 'date', 'dueDate due_date Fälligkeitsdatum zahlbarBis'],
    ['R-17', 'text', 'number invoiceNumber invoice-no Rechnungsnummer rechnungs_nr invoice.number'],
    ['EUR', 'currency', 'currency currencyCode Währung waehrung'],
    ['Müller & Co', 'text', 'seller seller.name vendorName supplier Verkäufer verkaeufer.name lieferant'],
    ['Huber AG', 'text', 'buyer buyer.name customer customer_name Kunde kunde.firma'],
  ] as const)('%s is what a schema calls %s %s', (value, type, names) => {
    for (const name of names.split(' ')) expect([name, read(name, type)]).toEqual([name, value]);
  });

  test.each([
    [
      'amount',
      'tax_rate discount taxId amount sum price shipping totalWeight prepaid items.total previous.total',
    ],
    ['text', 'name address seller.address seller.bank.name order.number delivery_date orderNumber total net'],
    ['date', 'deliveryDate orderDate due seller.date total'],
    ['integer', 'number total'],
    ['amount', 'constructor toString __proto__'],
  ] as const)('say nothing to fields of type %s such as %s', (type, names) => {
    for (const name of names.split(' ')) expect([name, read(name, type)]).toEqual([name, undefined]);
  });

  test('have a total to pay where nothing was paid before', () => {
    expect(read('total', 'amount', 'The amount to pay, tax included', { ...invoice, due: '119.0' })).toBe(
      '119.00',
    );
    expect(read('total', 'amount', 'The amount to pay, tax included')).toBeUndefined();
  });

  test('have a subtotal only where that before discounts is that after them', () => {
    expect(read('subtotal', 'amount', '', { ...invoice, linesTotal: '120.00' })).toBeUndefined();
    expect(read('net', 'amount', '', { ...invoice, linesTotal: '120.00' })).toBe('100.00');
  });

  test('that the XML does not state are not there', () => {
    const { total: _, ...without } = invoice;
    expect(invoiceValues(plan([field('total', 'amount')]), without).values.size).toBe(0);
  });
});

describe('the lines of an electronic invoice', () => {
  const list = (path: string, names: Readonly<Record<string, FieldType>>) => ({
    path,
    description: '',
    columns: Object.entries(names).map(([name, type]) => field(`${path}.${name}`, type)),
    isOfValues: false,
  });
  const linesOf = (given: ReturnType<typeof list>) =>
    invoiceValues(plan([], [given]), invoice).lists.get(given.path);

  test('come by the names of their columns', () => {
    const columns = {
      description: 'text',
      quantity: 'amount',
      unitPrice: 'amount',
      total: 'amount',
      taxRate: 'amount',
      sku: 'text',
    } as const;
    expect(linesOf(list('items', columns))).toEqual([
      {
        'items.description': 'Chair',
        'items.quantity': '2.0000',
        'items.unitPrice': '40.00',
        'items.total': '80.00',
        'items.taxRate': '19.00',
      },
      { 'items.description': 'Lamp', 'items.total': '20.00' },
    ]);
    expect(
      linesOf(list('Positionen', { Bezeichnung: 'text', Menge: 'integer', Einzelpreis: 'amount' }))?.[0],
    ).toEqual({
      'Positionen.Bezeichnung': 'Chair',
      'Positionen.Menge': '2.0000',
      'Positionen.Einzelpreis': '40.00',
    });
  });

  test('say nothing to lists that are described as something else', () => {
    const given = list('items', { amount: 'amount' });
    for (const description of ['The payments', 'Discounts', 'What was returned', 'Items of the order']) {
      expect(linesOf({ ...given, description })).toBeUndefined();
    }
  });

  test('say nothing to lists of something else, and to columns of another type', () => {
    expect(linesOf(list('payments', { amount: 'amount' }))).toBeUndefined();
    expect(linesOf(list('items', { amount: 'text', unit: 'text', price: 'amount' }))).toBeUndefined();
    const values = { path: 'items', description: '', columns: [field('items', 'text')], isOfValues: true };
    expect(linesOf(values)).toBeUndefined();
  });
});
