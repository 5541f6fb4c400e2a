import { describe, expect, test } from 'vitest';
import type { Field, FieldType } from '../../src/extract/extraction.ts';
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
  due: '119.00',
  lines: [{ description: 'Chair', quantity: '2', unitPrice: '50.00', amount: '100.00', taxRate: '19.00' }],
  xml: '',
};
const field = (path: string, type: FieldType, description: string): Field => ({
  path,
  type,
  description,
  choices: [],
  isRequired: false,
});
const read = (path: string, type: FieldType, description = '') =>
  invoiceValues(
    { fields: [field(path, type, description)], lists: [], checks: [], schema: {} },
    invoice,
  ).values.get(path);

describe('a name and its description', () => {
  const mapped = [
    ['total', 'amount', 'Total including VAT'],
    ['total', 'amount', 'Gesamtbetrag inkl. MwSt.'],
    ['total', 'amount', 'The grand total, tax included'],
    ['total', 'amount', 'Total'],
    ['net', 'amount', 'The amount before tax'],
    ['net', 'amount', 'Nettobetrag'],
    ['net', 'amount', 'Summe ohne MwSt.'],
    ['tax', 'amount', 'The value added tax or sales tax, as an amount'],
    ['vat', 'amount', 'Umsatzsteuer'],
    ['due', 'amount', 'What is left to pay'],
    ['date', 'date', 'When the invoice was issued'],
    ['date', 'date', 'The date of the invoice'],
    ['dueDate', 'date', 'The day until which it has to be paid'],
    ['number', 'text', 'The number of the invoice or credit note'],
    ['number', 'text', 'Rechnungsnummer'],
    ['invoiceNumber', 'text', 'Invoice no.'],
    ['currency', 'currency', 'The currency of the amounts'],
    ['vendor', 'text', 'The firm that sends the invoice'],
    ['customer', 'text', 'Who gets the invoice: the name of the company'],
  ] as const;
  test.each(mapped)('%s (%s) with the description "%s" is mapped', (name, type, description) => {
    expect(read(name, type, description)).toBe(read(name, type));
    expect(read(name, type)).toBeDefined();
  });

  const notMapped = [
    ['total', 'amount', 'The total without tax'],
    ['total', 'amount', 'Gesamtbetrag netto'],
    ['total', 'amount', 'Total VAT'],
    ['total', 'amount', 'Total weight in kg'],
    ['total', 'amount', 'Total of the discounts'],
    ['total', 'amount', 'Total of the previous invoice'],
    ['total', 'amount', 'Total number of hours'],
    ['total', 'amount', 'How happy the customer is'],
    ['net', 'amount', 'Net amount to pay'],
    ['net', 'amount', 'Net weight'],
    ['gross', 'amount', 'Gross weight'],
    ['tax', 'amount', 'Tax rate in percent'],
    ['tax', 'amount', 'The VAT at 7%'],
    ['tax', 'amount', 'The amount that the tax is on: the base'],
    ['due', 'amount', 'Days until payment is due'],
    ['balanceDue', 'amount', 'Balance due of the previous month'],
    ['date', 'date', 'Date of delivery, or of service'],
    ['date', 'date', 'Date of the order'],
    ['date', 'date', 'When the letter was received'],
    ['dueDate', 'date', 'Until when the discount may be taken for payment'],
    ['number', 'text', 'The order number'],
    ['number', 'text', 'IBAN'],
    ['number', 'text', 'The IBAN that the invoice is paid to'],
    ['number', 'text', 'VAT number of the firm that wrote the invoice'],
    ['number', 'text', 'House number'],
    ['invoiceNumber', 'text', 'Number of the original invoice that is corrected'],
    ['currency', 'currency', 'Currency of the bank account'],
    ['vendor', 'text', "The vendor's tax number"],
    ['vendor', 'text', 'Code of the vendor'],
    ['customer', 'text', 'Customer number'],
    ['customer', 'text', "The customer's address"],
    ['vendor_code', 'text', ''],
    ['vendorId', 'text', ''],
    ['customer_id', 'text', ''],
    ['customerNumber', 'text', ''],
    ['total_weight', 'amount', ''],
    ['totals.weight', 'amount', ''],
    ['discount_total', 'amount', ''],
    ['totalDiscount', 'amount', ''],
    ['previous_balance', 'amount', ''],
    ['discounts.total', 'amount', ''],
    ['previous.total', 'amount', ''],
  ] as const;
  test.each(notMapped)('%s (%s) with the description "%s" is not mapped', (name, type, description) => {
    expect(read(name, type, description)).toBeUndefined();
  });

  test.each([
    ['amount', 'amount', 'What this line costs in all', true],
    ['amount', 'amount', 'Net amount, excluding VAT', true],
    ['amount', 'amount', 'Betrag', true],
    ['amount', 'amount', 'VAT of the line', false],
    ['amount', 'amount', 'The amount of VAT', false],
    ['amount', 'amount', 'Line amount including VAT', false],
    ['amount', 'amount', 'The discount of this line', false],
    ['total', 'amount', 'Total weight', false],
    ['unitPrice', 'amount', 'Price of one', true],
    ['unitPrice', 'amount', 'Gross price of one', false],
    ['quantity', 'amount', 'How much or how many of it', true],
    ['quantity', 'amount', 'Units per pack', false],
    ['description', 'text', 'What was delivered', true],
    ['name', 'text', 'Name of the product', true],
    ['item', 'text', 'Item number', false],
    ['taxRate', 'amount', 'VAT rate in percent', true],
    ['taxRate', 'amount', 'VAT as an amount', false],
  ] as const)('the column %s (%s) described as "%s": mapped is %s', (name, type, description, isMapped) => {
    const columns = [field(`items.${name}`, type, description)];
    const read1 = invoiceValues(
      {
        fields: [],
        lists: [{ path: 'items', description: 'The lines of the invoice', columns, isOfValues: false }],
        checks: [],
        schema: {},
      },
      invoice,
    );
    expect(read1.lists.has('items')).toBe(isMapped);
  });
});
