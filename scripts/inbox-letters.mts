/** The documents of `workspace/inbox` that are no PDF with a text: scans, office files, mail. */
import { item, type Truth } from './inbox-invoices.mts';

export type Text = Truth & {
  readonly file: string;
  /** Line by line; cells of a table are parted by ` | `. */
  readonly lines: readonly string[];
};

/** `Net: 385.20` and so on: where each value stands behind its label. */
function labelled(
  file: string,
  lines: readonly string[],
  values: Readonly<Record<string, readonly [value: string | number, as: string]>>,
  items: Text['items'],
): Text {
  const quoteOf = (as: string) => lines.find((line) => line.includes(as))?.replace(/^# /, '') ?? '';
  const stated = Object.entries(values).map(
    ([path, [value, as]]) => [path, [value, as, quoteOf(as)]] as const,
  );
  return { file, lines, values: Object.fromEntries(stated), items };
}

/** An item in a line of prose or of a scan. */
const spaced = (
  line: string,
  parts: readonly [string, string, string],
  numbers: readonly [number, number],
) => ({
  ...item(parts, numbers),
  quote: line,
});

export const kettle = labelled(
  'kettle.png',
  [
    '# Kettle & Crane Bakery',
    'Invoice number: KC-1187',
    'Invoice date: 9 May 2025',
    'Payment due: 23 May 2025',
    'Sourdough loaf, 60 pieces: 270.00',
    'Rye loaf, 24 pieces: 115.20',
    'Net: 385.20',
    'VAT: 77.04',
    'Total GBP: 462.24',
  ],
  {
    vendor: ['Kettle & Crane Bakery', 'Kettle & Crane Bakery'],
    number: ['KC-1187', 'KC-1187'],
    date: ['2025-05-09', '9 May 2025'],
    dueDate: ['2025-05-23', '23 May 2025'],
    currency: ['GBP', 'GBP'],
    net: [385.2, '385.20'],
    tax: [77.04, '77.04'],
    total: [462.24, '462.24'],
  },
  [
    spaced('Sourdough loaf, 60 pieces: 270.00', ['Sourdough loaf', '60', '270.00'], [60, 270]),
    spaced('Rye loaf, 24 pieces: 115.20', ['Rye loaf', '24', '115.20'], [24, 115.2]),
  ],
);

export const ferry = labelled(
  'ferry-lane.pdf',
  [
    '# Ferry Lane Garage',
    'Invoice number: 40092',
    'Invoice date: 30 June 2025',
    'Due date: 14 July 2025',
    'Oil and filter, 1 piece: 68.00',
    'Brake pads, 2 pieces: 150.00',
    'Net: 218.00',
    'VAT: 43.60',
    'Total GBP: 261.60',
  ],
  {
    vendor: ['Ferry Lane Garage', 'Ferry Lane Garage'],
    number: ['40092', '40092'],
    date: ['2025-06-30', '30 June 2025'],
    dueDate: ['2025-07-14', '14 July 2025'],
    currency: ['GBP', 'GBP'],
    net: [218, '218.00'],
    tax: [43.6, '43.60'],
    total: [261.6, '261.60'],
  },
  [
    spaced('Oil and filter, 1 piece: 68.00', ['Oil and filter', '1', '68.00'], [1, 68]),
    spaced('Brake pads, 2 pieces: 150.00', ['Brake pads', '2', '150.00'], [2, 150]),
  ],
);

const TIDEWAY = [
  item(['Contract, English to Irish, pages', '16', '720.00'], [16, 720]),
  item(['Proofreading, pages', '8', '240.00'], [8, 240]),
];
export const tideway = labelled(
  'tideway.docx',
  [
    '# Tideway Translations',
    'Invoice TT-2025-61',
    'Date of invoice: 2 September 2025',
    'Please pay by 2 October 2025',
    'Work | Pages | EUR',
    ...TIDEWAY.map(({ quote }) => quote),
    'Net: EUR 960.00',
    'VAT at 23%: EUR 220.80',
    'Total: EUR 1,180.80',
  ],
  {
    vendor: ['Tideway Translations', 'Tideway Translations'],
    number: ['TT-2025-61', 'TT-2025-61'],
    date: ['2025-09-02', '2 September 2025'],
    dueDate: ['2025-10-02', '2 October 2025'],
    currency: ['EUR', 'EUR'],
    net: [960, '960.00'],
    tax: [220.8, '220.80'],
    total: [1180.8, '1,180.80'],
  },
  TIDEWAY,
);

export const oakfield = labelled(
  'oakfield.eml',
  [
    'Dear customer,',
    '',
    'this is invoice OH-90412 of Oakfield Hosting LLC.',
    'Invoice date: Oct 3, 2025',
    'Payment due: Oct 17, 2025',
    '',
    'Web hosting, 12 months: $180.00',
    'Domain name, 4 years: $60.00',
    '',
    'Subtotal: $240.00',
    'Sales tax: $21.00',
    'Total: USD $261.00',
    '',
    'Nothing has to be done: we charge the card on file.',
  ],
  {
    vendor: ['Oakfield Hosting LLC', 'Oakfield Hosting LLC'],
    number: ['OH-90412', 'OH-90412'],
    date: ['2025-10-03', 'Oct 3, 2025'],
    dueDate: ['2025-10-17', 'Oct 17, 2025'],
    currency: ['USD', 'USD'],
    net: [240, '$240.00'],
    tax: [21, '$21.00'],
    total: [261, '$261.00'],
  },
  [
    spaced('Web hosting, 12 months: $180.00', ['Web hosting', '12', '$180.00'], [12, 180]),
    spaced('Domain name, 4 years: $60.00', ['Domain name', '4', '$60.00'], [4, 60]),
  ],
);

const WIESENHOF = [
  item(['Gemüsekiste groß', '4', '112,00'], [4, 112]),
  item(['Eier, 10 Stück', '6', '21,00'], [6, 21]),
];
export const wiesenhof = labelled(
  'wiesenhof.html',
  [
    '# Wiesenhof Gemüsekisten',
    'Rechnung Nr. W-3308',
    'Rechnungsdatum: 5. Juli 2025',
    'Zahlbar bis 19. Juli 2025',
    'Artikel | Menge | Betrag',
    ...WIESENHOF.map(({ quote }) => quote),
    'Netto: 133,00 EUR',
    'MwSt. 7 %: 9,31 EUR',
    'Gesamtbetrag: 142,31 EUR',
  ],
  {
    vendor: ['Wiesenhof Gemüsekisten', 'Wiesenhof Gemüsekisten'],
    number: ['W-3308', 'W-3308'],
    date: ['2025-07-05', '5. Juli 2025'],
    dueDate: ['2025-07-19', '19. Juli 2025'],
    currency: ['EUR', 'EUR'],
    net: [133, '133,00'],
    tax: [9.31, '9,31'],
    total: [142.31, '142,31'],
  },
  WIESENHOF,
);

/** No invoice, though it names a date and a price. */
export const choir = labelled(
  'choir.txt',
  [
    "Saint Alban's Choir",
    '',
    'Dear parents,',
    '',
    'the autumn concert is on 12 September 2025 at seven in the evening. Tickets cost GBP 8.00 at the door;',
    'choristers need their white shirts and should be there by six. Cake is welcome.',
    '',
    'Yours, Judith Pell',
  ],
  {},
  [],
);
