/** What stands in the documents of `workspace/inbox`, and what is right about them. All senders are invented. */

/** A value as a program takes it, as it stands in the document, and the words there that state it. */
export type Stated = readonly [value: string | number, as: string, quote: string];
export type Item = {
  readonly description: string;
  readonly quantity: readonly [number, string];
  readonly amount: readonly [number, string];
  /** Its line, as the reader gives it. */
  readonly quote: string;
};
export type Truth = {
  readonly values: Readonly<Record<string, Stated>>;
  readonly items: readonly Item[];
  /** Checks of the schema that do not hold for what is printed. */
  readonly brokenChecks?: readonly string[];
};
/** `texts`: x, y from the bottom left, and the words, `# ` before large ones. */
export type Sheet = {
  readonly texts: readonly (readonly [x: number, y: number, text: string])[];
  readonly table?: {
    readonly top: number;
    readonly columns: readonly number[];
    readonly rows: readonly (readonly string[])[];
    readonly isRuled: boolean;
  };
};
export type Invoice = Truth & { readonly file: string; readonly sheets: readonly Sheet[] };

/** An item whose line has its cells in this order. */
export const item = (
  [description, quantity, ...others]: readonly [string, string, ...string[]],
  [count, amount]: readonly [number, number],
): Item => ({
  description,
  quantity: [count, quantity],
  amount: [amount, others.at(-1) ?? ''],
  quote: [description, quantity, ...others].join(' | '),
});
const rowsOf = (head: readonly string[], items: readonly Item[]) => [
  head,
  ...items.map(({ quote }) => quote.split(' | ')),
];

const BRIGHTWATER = [
  item(['Copier paper A4, 80 g', '40', '4.85', '194.00'], [40, 194]),
  item(['Toner cartridge, black', '3', '61.50', '184.50'], [3, 184.5]),
  item(['Desk lamp', '2', '38.25', '76.50'], [2, 76.5]),
];
const brightwater: Invoice = {
  file: 'brightwater.pdf',
  sheets: [
    {
      texts: [
        [72, 760, '# Brightwater Office Supplies Ltd'],
        [72, 740, '12 Quay Street, Bristol BS1 4DJ'],
        [72, 700, 'Invoice number: BW-20417'],
        [72, 682, 'Invoice date: 14 March 2025'],
        [72, 664, 'Payment due: 13 April 2025'],
        [72, 628, 'To: Miller & Daughters, 4 Mill Lane, Bath'],
        [330, 470, 'Subtotal: £455.00'],
        [330, 452, 'VAT 20%: £91.00'],
        [330, 434, 'Total to pay: £546.00'],
        [72, 380, 'All amounts in GBP. Please quote the invoice number with your payment.'],
      ],
      table: {
        top: 600,
        columns: [0, 190, 265, 350, 440],
        rows: rowsOf(['Description', 'Quantity', 'Unit price', 'Amount'], BRIGHTWATER),
        isRuled: true,
      },
    },
  ],
  values: {
    vendor: [
      'Brightwater Office Supplies Ltd',
      'Brightwater Office Supplies Ltd',
      'Brightwater Office Supplies Ltd',
    ],
    number: ['BW-20417', 'BW-20417', 'Invoice number: BW-20417'],
    date: ['2025-03-14', '14 March 2025', 'Invoice date: 14 March 2025'],
    dueDate: ['2025-04-13', '13 April 2025', 'Payment due: 13 April 2025'],
    currency: ['GBP', 'GBP', 'All amounts in GBP.'],
    net: [455, '£455.00', 'Subtotal: £455.00'],
    tax: [91, '£91.00', 'VAT 20%: £91.00'],
    total: [546, '£546.00', 'Total to pay: £546.00'],
  },
  items: BRIGHTWATER,
};

const LINDENAU = [
  item(['Grundpreis Strom, Monate', '12', '142,80'], [12, 142.8]),
  item(['Arbeitspreis Strom, kWh', '3120', '1.060,80'], [3120, 1060.8]),
  item(['Messstellenbetrieb', '1', '20,00'], [1, 20]),
];
const lindenau: Invoice = {
  file: 'lindenau.pdf',
  sheets: [
    {
      texts: [
        [72, 770, '# Stadtwerke Lindenau GmbH'],
        [72, 750, 'Am Kanal 3, 04177 Leipzig'],
        [340, 700, 'Rechnungsnummer: 2025-088134'],
        [340, 682, 'Rechnungsdatum: 03.02.2025'],
        [340, 664, 'Fällig am: 17.02.2025'],
        [72, 640, 'Jahresrechnung Strom'],
        [72, 480, 'Nettobetrag: 1.223,60 EUR'],
        [72, 462, 'Umsatzsteuer 19 %: 232,48 EUR'],
        [72, 444, 'Rechnungsbetrag: 1.456,08 EUR'],
      ],
      table: {
        top: 620,
        columns: [0, 220, 300, 400],
        rows: rowsOf(['Bezeichnung', 'Menge', 'Betrag'], LINDENAU),
        isRuled: true,
      },
    },
  ],
  values: {
    vendor: ['Stadtwerke Lindenau GmbH', 'Stadtwerke Lindenau GmbH', 'Stadtwerke Lindenau GmbH'],
    number: ['2025-088134', '2025-088134', 'Rechnungsnummer: 2025-088134'],
    date: ['2025-02-03', '03.02.2025', 'Rechnungsdatum: 03.02.2025'],
    dueDate: ['2025-02-17', '17.02.2025', 'Fällig am: 17.02.2025'],
    currency: ['EUR', 'EUR', 'Rechnungsbetrag: 1.456,08 EUR'],
    net: [1223.6, '1.223,60', 'Nettobetrag: 1.223,60 EUR'],
    tax: [232.48, '232,48', 'Umsatzsteuer 19 %: 232,48 EUR'],
    total: [1456.08, '1.456,08', 'Rechnungsbetrag: 1.456,08 EUR'],
  },
  items: LINDENAU,
};

const MOREL = [
  item(['Étude de façade', '1', '1 850,00'], [1, 1850]),
  item(['Maquette', '2', '640,00'], [2, 640]),
  item(['Plans de construction', '6', '2 340,00'], [6, 2340]),
  item(['Déplacements', '4', '180,00'], [4, 180]),
];
const FRENCH_HEAD = ['Désignation', 'Quantité', 'Montant'];
const FRENCH_COLUMNS = [0, 220, 300, 400];
const morel: Invoice = {
  file: 'morel.pdf',
  sheets: [
    {
      texts: [
        [72, 770, '# Atelier Morel SARL'],
        [72, 750, '18 rue des Lices, 84000 Avignon'],
        [72, 700, 'Facture n° FA-2025-0316'],
        [72, 682, 'Date de facture : 24 août 2025'],
        [72, 664, 'Échéance : 23 septembre 2025'],
        [72, 540, 'Suite à la page 2'],
      ],
      table: {
        top: 640,
        columns: FRENCH_COLUMNS,
        rows: rowsOf(FRENCH_HEAD, MOREL.slice(0, 2)),
        isRuled: true,
      },
    },
    {
      texts: [
        [72, 770, 'Facture n° FA-2025-0316, suite'],
        [72, 640, 'Total HT : 5 010,00 €'],
        [72, 622, 'TVA 20 % : 1 002,00 €'],
        [72, 604, 'Total TTC : 6 012,00 €'],
      ],
      table: { top: 740, columns: FRENCH_COLUMNS, rows: rowsOf(FRENCH_HEAD, MOREL.slice(2)), isRuled: true },
    },
  ],
  values: {
    vendor: ['Atelier Morel SARL', 'Atelier Morel SARL', 'Atelier Morel SARL'],
    number: ['FA-2025-0316', 'FA-2025-0316', 'Facture n° FA-2025-0316'],
    date: ['2025-08-24', '24 août 2025', 'Date de facture : 24 août 2025'],
    dueDate: ['2025-09-23', '23 septembre 2025', 'Échéance : 23 septembre 2025'],
    currency: ['EUR', '€', 'Total TTC : 6 012,00 €'],
    net: [5010, '5 010,00', 'Total HT : 5 010,00 €'],
    tax: [1002, '1 002,00', 'TVA 20 % : 1 002,00 €'],
    total: [6012, '6 012,00', 'Total TTC : 6 012,00 €'],
  },
  items: MOREL,
};

const NORTHGATE = [
  item(['Scissor lift, weekly', '2', '$1,180.00'], [2, 1180]),
  item(['Trench compactor', '1', '$345.50'], [1, 345.5]),
  item(['Delivery', '1', '$95.00'], [1, 95]),
];
const northgate: Invoice = {
  file: 'northgate.pdf',
  sheets: [
    {
      texts: [
        [72, 770, '# Northgate Tool Rental, Inc.'],
        [72, 750, '2210 Harbor Blvd, Oakland, CA 94607'],
        [380, 770, 'Invoice # NG-77120'],
        [380, 752, 'Invoice date 05/28/2025'],
        [380, 734, 'Due date 06/27/2025'],
        [280, 540, 'Subtotal'],
        [400, 540, '$1,620.50'],
        [280, 522, 'Sales tax 8.25%'],
        [400, 522, '$133.69'],
        [280, 504, 'Total due (USD)'],
        [400, 504, '$1,754.19'],
      ],
      table: {
        top: 680,
        columns: [0, 220, 322, 400],
        rows: rowsOf(['Item', 'Qty', 'Amount'], NORTHGATE),
        isRuled: false,
      },
    },
  ],
  values: {
    vendor: ['Northgate Tool Rental, Inc.', 'Northgate Tool Rental, Inc.', 'Northgate Tool Rental, Inc.'],
    number: ['NG-77120', 'NG-77120', 'Invoice # NG-77120'],
    date: ['2025-05-28', '05/28/2025', 'Invoice date 05/28/2025'],
    dueDate: ['2025-06-27', '06/27/2025', 'Due date 06/27/2025'],
    currency: ['USD', 'USD', 'Total due (USD)'],
    net: [1620.5, '$1,620.50', 'Subtotal $1,620.50'],
    tax: [133.69, '$133.69', 'Sales tax 8.25% $133.69'],
    total: [1754.19, '$1,754.19', 'Total due (USD) $1,754.19'],
  },
  items: NORTHGATE,
};

export const PDF_INVOICES: readonly Invoice[] = [brightwater, lindenau, morel, northgate];
