/** Labels that call a value something else, where the schema asks for that one field alone. */
import { describe, expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { judgeLabel } from '../../src/extract/evidence/label-check.ts';
import { verifyClaim } from '../../src/extract/evidence/verify-claim.ts';
import type { Field, FieldType } from '../../src/extract/extraction.ts';
import { makePage } from '../helpers/page.ts';

const DATES = new Set(['date', 'invoiceDate', 'dueDate', 'deliveryDate', 'orderDate']);
const TEXTS = new Set([
  'number',
  'invoiceNumber',
  'orderNumber',
  'customerNumber',
  'iban',
  'vendor',
  'customer',
]);

const typeOf = (path: string): FieldType => (DATES.has(path) ? 'date' : TEXTS.has(path) ? 'text' : 'amount');
const fieldOf = (path: string, description = '', type = typeOf(path)): Field => ({
  path,
  type,
  description,
  choices: [],
  isRequired: false,
});

const valueFor = ({ path, type }: Field): string => {
  if (type === 'date') return '2026-05-01';
  return type === 'amount' ? '455.00' : /vendor|customer$/.test(path) ? 'Foo Ltd' : 'A-778';
};

function outcome(field: Field, text: string, quote: string, value = valueFor(field)): string {
  const report = { pages: [], limits: [], warnings: [] };
  const document = { kind: 'text' as const, sha256: '', byteLength: 0, pageCount: 1, outline: [] };
  const pages = [makePage(1, { text: `Papers\nwidgets 12.00\n${text}\nThanks\n` })];
  const index = indexDocument({ ...document, pages, attachments: [], metadata: {}, report });
  const { status, problem } = verifyClaim(
    field,
    { quote, value },
    { index, conventions: {}, siblings: [field] },
  );
  return problem ?? status;
}

const under = (field: Field, label: string): string => {
  const line = `${label}: ${valueFor(field)}`;
  return outcome(field, line, line);
};

/** By field: labels that fit, and labels that are of another value. */
const TABLE: Readonly<Record<string, { readonly right: string; readonly wrong: string }>> = {
  total: {
    right:
      'Total|Invoice total|Amount due|Balance due|Total to pay|Grand total|Total incl. VAT|Total, VAT included|Total amount after discount|Gesamtbetrag|Zu zahlen|Rechnungsbetrag|Zahlbetrag|Bruttobetrag|Gesamt inkl. 19 % MwSt.|Total TTC|Net à payer|Montant à payer|Total a pagar|Total IVA incluido|Totale IVA inclusa|Totale da pagare|Totaal incl. btw|Te betalen|Sum of it all',
    wrong:
      'Tax|VAT 20%|Subtotal|Sub-total|Total before tax|Total excl. VAT|Net|Net total|Discount|Total discount|Less discount|Deposit paid|Amount paid|Shipping|Balance brought forward|Previous balance|Zwischensumme|Nettobetrag|MwSt. 19 %|Umsatzsteuer|Steuerbetrag|Rabatt|Anzahlung|Versandkosten|Übertrag|Gesamt netto|Sous-total|Total HT|TVA 20 %|Total TVA|Remise|Acompte|Frais de livraison|Solde antérieur|Subtotal sin IVA|Base imponible|IVA 21 %|Descuento|Envío|Subtotale|Imponibile|IVA 22 %|Sconto|Acconto|Spedizione|Riporto|Subtotaal|Btw 21%|Korting|Verzending|Aanbetaling',
  },
  net: {
    right:
      'Net|Total net|Subtotal|Total before tax|Nettobetrag|Zwischensumme|Total HT|Sous-total|Base imponible|Imponibile|Subtotaal|Grondslag',
    wrong:
      'Total|Gross|Total incl. VAT|Amount due|VAT 20%|Gesamtbetrag|MwSt. 19 %|Total TTC|TVA 20 %|IVA 21 %|Totale IVA inclusa|Totaal|Shipping|Rabatt',
  },
  subtotal: {
    right: 'Subtotal|Zwischensumme|Sous-total|Subtotale|Net',
    wrong: 'Total|Tax|Gesamtbetrag|Discount',
  },
  tax: {
    right:
      'Tax|VAT 20%|Total VAT|plus VAT|Sales tax 8.25%|MwSt. 19 %|zzgl. MwSt.|Umsatzsteuer|TVA 20 %|IVA 21 %|Btw 21%',
    wrong:
      'Total|Total incl. VAT|Net|Shipping|Subtotal|Discount|Gesamtbetrag|Netto|Versand|Total TTC|Total HT|Livraison|Envío|Totaal',
  },
  date: {
    right:
      'Date|Invoice date|Date of invoice|Datum|Rechnungsdatum|Date de facture|Fecha de factura|Data fattura|Factuurdatum',
    wrong:
      'Due date|Payment due|Please pay by|Delivery date|Order date|Fällig am|Zahlbar bis|Lieferdatum|Bestelldatum|Échéance|Date de livraison|Vencimiento|Scadenza|Vervaldatum',
  },
  invoiceDate: {
    right: 'Invoice date|Date|Rechnungsdatum',
    wrong: 'Due date|Invoice due date|Delivery date|Fällig am',
  },
  dueDate: {
    right:
      'Due date|Payment due|Invoice due date|Fällig am|Zahlbar bis|Échéance|Vencimiento|Scadenza|Vervaldatum',
    wrong:
      'Invoice date|Order date|Delivery date|Rechnungsdatum|Date de facture|Fecha de factura|Data fattura',
  },
  deliveryDate: {
    right: 'Delivery date|Shipped on|Lieferdatum',
    wrong: 'Invoice date|Due date|Rechnungsdatum',
  },
  number: {
    right:
      'Number|No|Invoice number|Tax invoice|Rechnungsnummer|Facture n°|Número de factura|Fattura n.|Factuurnummer',
    wrong:
      'Order number|PO number|Customer number|Delivery note|VAT no|Tax ID|IBAN|Phone|Bestellnummer|Kundennummer|Lieferschein|USt-IdNr.|Tel.|Steuernummer|Commande n°|N° client|N° TVA|Pedido|Número de cliente|Ordine n.|Cliente n.|Bestelling nr|Klantnummer',
  },
  invoiceNumber: {
    right: 'Invoice number|Invoice #|Rechnung Nr.',
    wrong: 'Customer number|Order number|Kundennummer',
  },
  orderNumber: {
    right: 'Order number|PO number|Bestellnummer',
    wrong: 'Invoice number|Customer number|Rechnungsnummer',
  },
  customerNumber: {
    right: 'Customer number|Kundennummer',
    wrong: 'Invoice number|Order number|Rechnungsnummer',
  },
  iban: { right: 'IBAN|Account|Konto', wrong: 'BIC|Phone|VAT no|Tel.' },
  vendor: {
    right: 'Seller|Vendor|Supplier|Verkäufer|Fournisseur|Proveedor|Fornitore',
    wrong:
      'Bill to|Sold to|Ship to|Customer|Billing address|Rechnung an|Rechnungsempfänger|Kunde|Client|Facturé à|Cliente|Klant',
  },
  customer: {
    right: 'Bill to|Customer|Kunde|Client|Klant',
    wrong: 'Seller|Vendor|Verkäufer|Fournisseur|Sold by',
  },
};

const PAIRS = Object.entries(TABLE).map(([path, { right, wrong }]) => ({
  path,
  right: right.split('|'),
  wrong: wrong.split('|'),
}));

describe('a field that is alone in its schema', () => {
  test.each(PAIRS)('$path has what its labels name', ({ path, right }) => {
    const others = right.filter((label) => under(fieldOf(path), label) !== 'verified');
    expect(others.map((label) => `${label}: ${under(fieldOf(path), label)}`)).toEqual([]);
  });

  test.each(PAIRS)('$path has nothing that is called otherwise', ({ path, wrong }) => {
    const calledSo = /^The document calls this "/;
    expect(wrong.filter((label) => !calledSo.test(under(fieldOf(path), label)))).toEqual([]);
  });

  test('asks for what its description says, where that is one thing', () => {
    expect(under(fieldOf('date', 'Date of delivery'), 'Delivery date')).toBe('verified');
    expect(under(fieldOf('number', 'Number of the order'), 'Order number')).toBe('verified');
    expect(under(fieldOf('number', 'Number of the order'), 'Invoice number')).not.toBe('verified');
    expect(under(fieldOf('total', 'Sum of net and tax'), 'Tax')).not.toBe('verified');
    expect(under(fieldOf('sum', 'Tax in money', 'amount'), 'VAT')).toBe('verified');
  });

  test('is as before where its name or the label means nothing that is known', () => {
    expect(under(fieldOf('fee', '', 'amount'), 'Tax')).toBe('verified');
    expect(under(fieldOf('total'), 'Widgets')).toBe('verified');
  });

  test('of a line of a list may cost what it costs without the tax', () => {
    const total = fieldOf('items.total', '', 'amount');
    expect(judgeLabel('Total net', total, [total], true).says).toBe('for');
    expect(judgeLabel('Total net', total, [total], false).says).toBe('against');
    expect(judgeLabel('Tax', total, [total], true).says).toBe('against');
  });
});
