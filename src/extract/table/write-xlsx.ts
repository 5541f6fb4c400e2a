import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import writeExcelFile, { type CellObject, type Sheet } from 'write-excel-file/node';
import { valueAnchor } from '../report/value-anchor.ts';
import type { DataCell, DataTable, Look } from './data-table.ts';
import type { Tables } from './table-of.ts';
import { uniqueNames } from './unique-names.ts';
import { withoutControls } from './write-csv.ts';
import { writeWhole } from './write-whole.ts';
import { type FileContent, type Link, linksFeature } from './xlsx-links.ts';

/**
 * A workbook: the values, a sheet for each list, the evidence, the pages. Numbers are numbers, dates are dates, text is
 * text whatever it begins with. Each value links to its evidence, in the report where there is one.
 * Throws `ConfigError` where the disk refuses.
 */
export async function writeXlsx(
  path: string,
  tables: Tables,
  { report }: { readonly report?: string } = {},
): Promise<void> {
  const all = [tables.values, tables.evidence, tables.pages, ...tables.lists];
  const names = uniqueNames(
    all.map(({ name }) => name),
    // Excel keeps `History` for itself and takes no apostrophe at either end.
    { forbidden: /[[\]/\\:*?'\p{Cc}]+|^history$/giu, most: 31 },
  );
  const sheets = all.map((table, at) => ({ table: fitted(table), name: names[at] ?? table.name }));
  const [values, evidence, pages, ...lists] = sheets;
  const inOrder = [values, ...lists, evidence, pages].filter((sheet) => sheet !== undefined);
  const toLocation = locator(tables.evidence, evidence?.name ?? '', report);
  const linked = inOrder.map(({ table }) => ({
    links: linksOf(table, toLocation),
    rowCount: table.rows.length + 1,
    columnCount: table.columns.length,
  }));
  const target = report === undefined ? undefined : reportUrl(path, report);
  const workbook = writeExcelFile(inOrder.map(toSheet), { features: [linksFeature(linked, target)] });
  await writeWhole(path, await workbook.toBuffer());
}

/** Of Excel. */
const MOST_ROWS = 1_048_576;

function fitted(table: DataTable): DataTable {
  const most = MOST_ROWS - 2;
  if (table.rows.length <= most) return table;
  const sentence = `${table.rows.length - most} more rows do not fit a sheet: a table as .csv or .json has them.`;
  return { ...table, rows: [...table.rows.slice(0, most), [{ value: sentence, type: 'text' }]] };
}

function toSheet({ table, name }: { table: DataTable; name: string }): Sheet<FileContent> {
  return {
    sheet: name,
    columns: table.columns.map((column, at) => ({ width: widthOf(table, at, column.isLong ? 60 : 40) })),
    stickyRowsCount: 1,
    stickyColumnsCount: 1,
    data: [
      table.columns.map(({ head }): CellObject => ({ ...textCell(head), ...HEAD })),
      ...table.rows.map((row) => row.map(toCell)),
    ],
  };
}

const HEAD = { fontWeight: 'bold', backgroundColor: '#E8ECF1', alignVertical: 'top' } as const;
/** Amber, with a letter colour that stays readable; the `unverified` column says it in words. */
const LOOKS: Readonly<Record<Look, Partial<CellObject>>> = {
  unverified: { backgroundColor: '#FFD27F', textColor: '#4A2C00' },
  missing: { backgroundColor: '#F0F0F0' },
  rejected: { textColor: '#B3261E', textDecoration: { strikethrough: true } },
  reviewed: { backgroundColor: '#DCE9FA', fontStyle: 'italic' },
  unplaced: { backgroundColor: '#ECE6F5' },
};

function toCell(cell: DataCell): CellObject | null {
  const content = contentOf(cell);
  if (!content && !cell.look) return null;
  return { ...content, ...(cell.look && LOOKS[cell.look]), alignVertical: 'top' };
}

function contentOf({ value, type, shown }: DataCell): CellObject | undefined {
  if (value === null || value === '') return shown ? textCell(shown) : undefined;
  if (typeof value === 'boolean') return { type: Boolean, value };
  if (typeof value === 'number') {
    // Two decimals, and more where there are more.
    return { type: Number, value, format: type === 'amount' ? '#,##0.00####' : '0' };
  }
  const date = type === 'date' ? toDate(value) : undefined;
  return date ? { type: Date, value: date, format: 'yyyy-mm-dd' } : textCell(value);
}

/** Excel's calendar begins in 1900 and is wrong until March. */
const FIRST_DAY = Date.UTC(1900, 2, 1);

function toDate(text: string): Date | undefined {
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return date && date.getTime() >= FIRST_DAY && date.toISOString().startsWith(text) ? date : undefined;
}

/** Of Excel, in UTF-16 units. */
const LONGEST_CELL = 32_767;

/** `@`: it stays text when somebody edits the cell. `_x0041_` would be read as `A`. */
function textCell(text: string): CellObject {
  const literal = withoutControls(text).replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_');
  return { type: String, value: cutTo(literal, LONGEST_CELL), format: '@' };
}

function cutTo(text: string, most: number): string {
  if (text.length <= most) return text;
  const note = ` … (cut: ${text.length} characters)`;
  return text.slice(0, most - note.length).replace(/[\ud800-\udbff]$/, '') + note;
}

function widthOf({ columns, rows }: DataTable, at: number, most: number): number {
  const texts = rows.slice(0, 500).map((row) => shownLength(row[at]));
  return Math.min(
    most,
    Math.max(8, (columns[at]?.head.length ?? 0) + 4, ...texts.map((length) => length + 2)),
  );
}

const shownLength = (cell: DataCell | undefined): number => {
  const lines = String(cell?.value ?? cell?.shown ?? '').split('\n');
  return Math.max(...lines.map((line) => line.length)) + (cell?.type === 'amount' ? 4 : 0);
};

type Located = NonNullable<DataCell['evidence']>;

/** Where the evidence of a value stands: in the report, else in its row of the evidence sheet. */
function locator(evidence: DataTable, sheet: string, report: string | undefined) {
  if (report !== undefined) return ({ document, name }: Located) => valueAnchor(document, name);
  const rows = new Map(evidence.keys?.map((key, at) => [key, at + 2]));
  return ({ document, name }: Located) => `'${sheet}'!A${rows.get(valueAnchor(document, name)) ?? 1}`;
}

function linksOf({ rows }: DataTable, toLocation: (evidence: Located) => string): readonly Link[] {
  return rows.flatMap((row, rowAt) =>
    row.flatMap(({ evidence }, column): Link[] =>
      evidence && evidence.value.status !== 'missing'
        ? [{ row: rowAt + 1, column, location: toLocation(evidence), hint: hintOf(evidence) }]
        : [],
    ),
  );
}

function hintOf({ value }: Located): string {
  const { status, page, quote, problem } = value;
  const place = page === undefined ? '' : `, page ${page}`;
  const words = quote === undefined ? '' : `: “${quote.replace(/\s+/g, ' ').slice(0, 120)}”`;
  return withoutControls(`${status}${place}${words}${problem === undefined ? '' : `. ${problem}`}`);
}

/** The way from the workbook to the report, as a URL. */
function reportUrl(workbook: string, report: string): string {
  const way = relative(dirname(resolve(workbook)), resolve(report));
  if (isAbsolute(way)) return pathToFileURL(way).href;
  return way.split(sep).map(encodeURIComponent).join('/');
}
