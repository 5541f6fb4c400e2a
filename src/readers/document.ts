/**
 * What a reader makes of a file. Pure values: they cross the border between the reader's worker thread and the program.
 *
 * - document: one file. page: a page of it, a sheet, a slide, a message; formats without pages have one.
 * - span: a piece of text, with its box where the format has a geometry.
 * - box: `[x0, y0, x1, y1]` in points (1/72 inch) from the top left of the page as it is shown, rotation applied.
 *   Of an image, one pixel counts as 72 / its resolution in points, or as one point where it states none.
 */

export type Kind =
  | 'pdf'
  | ImageKind
  | 'docx'
  | 'xlsx'
  | 'pptx'
  | 'odt'
  | 'epub'
  | 'csv'
  | 'tsv'
  | 'html'
  | 'eml'
  | 'json'
  | 'xml'
  | 'markdown'
  | 'text';
export type ImageKind = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'avif' | 'heic';

export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** How a page's text came to be: `text` stood in the file, `ocr` was read from its picture, `ocr-layer` was put over a
 * scan by another program, `vision` was read by a vision model, `form` are the values of a form alone; `none`: nothing
 * was read, and the report says why. */
export type Via = 'text' | 'ocr' | 'ocr-layer' | 'vision' | 'form' | 'none';

export type Span = {
  readonly text: string;
  readonly box?: Box;
  /** 0 to 100, of OCR. */
  readonly confidence?: number;
};

export type TableCell = {
  /** 0-based, of the top left corner. */
  readonly row: number;
  readonly column: number;
  readonly rowSpan: number;
  readonly columnSpan: number;
  readonly text: string;
  readonly box?: Box;
};

export type Table = {
  readonly box?: Box;
  /** A merged cell's text stands at its top left, its other places are empty. All rows have the same length. */
  readonly rows: readonly (readonly string[])[];
  /** Empty for large native tables, of which `rows` says all. */
  readonly cells: readonly TableCell[];
  /** `native`: the format has tables. Of a PDF: `tagged` by its structure tree, `ruled` by lines, `columns` by white
   * space alone. */
  readonly method: 'native' | 'tagged' | 'ruled' | 'columns';
  /** Whether the columns are our guess. */
  readonly guessed: boolean;
};

/** A field of a form, or an annotation that holds text. */
export type Field = { readonly name: string; readonly value: string; readonly box?: Box };

export type Picture = {
  readonly box?: Box;
  readonly width: number;
  readonly height: number;
  /** Whether its words are in the page's text. */
  readonly read: boolean;
};

/** What went wrong, or what a reader should know, in one plain sentence. */
export type Problem = { readonly code: ProblemCode; readonly sentence: string };

export type ProblemCode =
  // The whole file is refused.
  | 'not-opened'
  | 'empty'
  | 'unsupported'
  | 'damaged'
  | 'cut-off'
  | 'password-needed'
  | 'password-wrong'
  | 'too-large'
  | 'bomb'
  | 'reader-failed'
  // A page is not read.
  | 'page-failed'
  | 'blank'
  | 'ocr-off'
  | 'ocr-unsure'
  | 'ocr-failed'
  // A limit was reached: what came before it is kept.
  | 'too-slow'
  | 'too-many-pages'
  | 'too-much-text'
  | 'too-much-ocr'
  | 'picture-too-large'
  | 'not-looked-at'
  // Read, and worth knowing.
  | 'wrong-name'
  | 'recovered'
  | 'picture-not-read'
  | 'garbled'
  | 'mixed'
  | 'ocr-language'
  | 'right-to-left'
  | 'dynamic-form'
  | 'encoding-guessed'
  | 'attachment-not-read'
  | 'part-not-read'
  | 'animation'
  | 'not-fetched'
  | 'value-not-stored'
  | 'hidden';

export type Page = {
  /** 1-based. */
  readonly number: number;
  /** What the file calls it: a printed page number, the name of a sheet, of an attachment. */
  readonly label?: string;
  /** In points. */
  readonly size?: readonly [width: number, height: number];
  /** In reading order, lines ended by `\n`; tables as rows of text. */
  readonly text: string;
  readonly spans: readonly Span[];
  readonly tables: readonly Table[];
  readonly fields: readonly Field[];
  readonly pictures: readonly Picture[];
  readonly via: Via;
  /** 0 to 100, of OCR. */
  readonly confidence?: number;
  readonly warnings: readonly Problem[];
};

export type OutlineEntry = { readonly title: string; readonly level: number; readonly page?: number };

export type Attachment = {
  readonly name: string;
  readonly byteLength: number;
  readonly mediaType?: string;
  /** Whether its text is in the pages or in `invoice`. */
  readonly read: boolean;
};

/** An electronic invoice, from the XML that is embedded in a PDF or is the file (EN 16931; Cross Industry Invoice as
 * Factur-X, ZUGFeRD and XRechnung write it). Amounts and dates as they stand there; dates as YYYY-MM-DD. */
export type Invoice = {
  readonly name: string;
  /** The guideline's identifier, such as `urn:cen.eu:en16931:2017`. */
  readonly profile: string;
  /** Of UNTDID 1001: `380` an invoice, `381` a credit note, whose amounts the XML states without a minus. */
  readonly typeCode?: string;
  readonly number?: string;
  readonly date?: string;
  /** Absent too where it is paid in instalments. */
  readonly dueDate?: string;
  readonly currency?: string;
  readonly seller?: string;
  readonly buyer?: string;
  /** The lines together, before discounts and charges on the whole. */
  readonly linesTotal?: string;
  readonly net?: string;
  readonly tax?: string;
  readonly total?: string;
  readonly due?: string;
  readonly lines?: readonly InvoiceLine[];
  readonly xml: string;
};

/** What was sold. Amounts and rates as they stand in the XML. */
export type InvoiceLine = {
  readonly description?: string;
  readonly quantity?: string;
  /** Of UN/ECE Recommendation 20, such as `C62` for pieces. */
  readonly unitCode?: string;
  /** Net, of one. */
  readonly unitPrice?: string;
  /** Net, of the line. */
  readonly amount?: string;
  /** In percent. */
  readonly taxRate?: string;
};

/** How pages `first` to `last` were read, or why not. */
export type ReportEntry = {
  readonly first: number;
  readonly last: number;
  readonly via: Via;
  readonly sentence: string;
  readonly code?: ProblemCode;
};

/** Every page of the file stands in `pages` once, in order. */
export type Report = {
  readonly pages: readonly ReportEntry[];
  /** Why nothing of the file could be read. */
  readonly refused?: Problem;
  /** Limits that were reached. */
  readonly limits: readonly Problem[];
  /** Of the file as a whole. */
  readonly warnings: readonly Problem[];
};

export type Document = {
  /** Absent when the content is of no kind that is read. */
  readonly kind?: Kind;
  /** Of the file's bytes, in hexadecimal. */
  readonly sha256: string;
  readonly byteLength: number;
  /** How many the file has, read or not. */
  readonly pageCount: number;
  /** Those that were read, and those that were looked at in vain (`via: 'none'`), by number. */
  readonly pages: readonly Page[];
  readonly outline: readonly OutlineEntry[];
  readonly attachments: readonly Attachment[];
  /** What the file says of itself: title, author, camera, date. Untrusted as its text is. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly invoice?: Invoice;
  readonly report: Report;
};

/** A page of which nothing was read; the first warning says why. */
export const unreadPage = (number: number, warnings: readonly Problem[]): Page => ({
  number,
  text: '',
  spans: [],
  tables: [],
  fields: [],
  pictures: [],
  via: 'none',
  warnings,
});

export const problem = (code: ProblemCode, sentence: string): Problem => ({ code, sentence });
