/** Two more of `workspace/inbox`: a credit note, and an invoice whose sum is wrong. */
import { type Invoice, item } from './inbox-invoices.mts';

const KELLER = [
  item(['Rücknahme Messgerät M4', '1', "-1'280.00"], [1, -1280]),
  item(['Rücknahme Stativ', '2', '-190.00'], [2, -190]),
];
const keller: Invoice = {
  file: 'keller.pdf',
  sheets: [
    {
      texts: [
        [72, 770, '# Keller Optik AG'],
        [72, 750, 'Limmatquai 40, 8001 Zürich'],
        [72, 700, 'Gutschrift Nr. G-5521'],
        [72, 682, 'Datum: 11.06.2025'],
        [72, 500, "Total netto: CHF -1'470.00"],
        [72, 482, 'MWST 8.1 %: CHF -119.07'],
        [72, 464, "Total inkl. MWST: CHF -1'589.07"],
      ],
      table: {
        top: 640,
        columns: [0, 220, 300, 400],
        rows: [['Bezeichnung', 'Menge', 'Betrag'], ...KELLER.map(({ quote }) => quote.split(' | '))],
        isRuled: true,
      },
    },
  ],
  values: {
    vendor: ['Keller Optik AG', 'Keller Optik AG', 'Keller Optik AG'],
    number: ['G-5521', 'G-5521', 'Gutschrift Nr. G-5521'],
    date: ['2025-06-11', '11.06.2025', 'Datum: 11.06.2025'],
    currency: ['CHF', 'CHF', "Total inkl. MWST: CHF -1'589.07"],
    net: [-1470, "-1'470.00", "Total netto: CHF -1'470.00"],
    tax: [-119.07, '-119.07', 'MWST 8.1 %: CHF -119.07'],
    total: [-1589.07, "-1'589.07", "Total inkl. MWST: CHF -1'589.07"],
  },
  items: KELLER,
};

const HARBOUR = [
  item(['Leaflets A5', '5000', '410.00'], [5000, 410]),
  item(['Posters A2', '150', '262.50'], [150, 262.5]),
];
/** The total is printed with two digits swapped. */
const harbour: Invoice = {
  file: 'harbour.pdf',
  sheets: [
    {
      texts: [
        [72, 770, '# Harbour Print Co-operative'],
        [72, 730, 'Invoice no: HP/3390'],
        [72, 712, 'Dated: 2025-01-22'],
        [72, 694, 'Due by: 2025-02-21'],
        [72, 540, 'Net: 672.50'],
        [72, 522, 'VAT: 134.50'],
        [72, 504, 'Total GBP: 870.00'],
      ],
      table: {
        top: 660,
        columns: [0, 220, 300, 400],
        rows: [['What', 'How many', 'Price'], ...HARBOUR.map(({ quote }) => quote.split(' | '))],
        isRuled: true,
      },
    },
  ],
  values: {
    vendor: ['Harbour Print Co-operative', 'Harbour Print Co-operative', 'Harbour Print Co-operative'],
    number: ['HP/3390', 'HP/3390', 'Invoice no: HP/3390'],
    date: ['2025-01-22', '2025-01-22', 'Dated: 2025-01-22'],
    dueDate: ['2025-02-21', '2025-02-21', 'Due by: 2025-02-21'],
    currency: ['GBP', 'GBP', 'Total GBP: 870.00'],
    net: [672.5, '672.50', 'Net: 672.50'],
    tax: [134.5, '134.50', 'VAT: 134.50'],
    total: [870, '870.00', 'Total GBP: 870.00'],
  },
  items: HARBOUR,
  brokenChecks: ['total = net + tax'],
};

export const MORE_PDF_INVOICES: readonly Invoice[] = [keller, harbour];
