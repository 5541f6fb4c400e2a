import { cellText, durationText } from './cell-text.ts';
import type { NumberStyles } from './number-styles.ts';

/** What read-excel-file does not tell of a sheet. Rows and columns are 0-based. */
export type SheetFacts = {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly merges: readonly CellRange[];
  readonly hiddenRows: number;
  readonly hiddenColumns: number;
  /** Cells with a formula whose result is not in the file. */
  readonly unstored: number;
  /** Texts of cells that read-excel-file leaves out or takes for dates: errors such as `#DIV/0!`, durations. */
  readonly texts: readonly { readonly row: number; readonly column: number; readonly text: string }[];
  /** Whether some cells do not say where they are. */
  readonly lacksReferences: boolean;
};
export type CellRange = {
  readonly row: number;
  readonly column: number;
  readonly rowSpan: number;
  readonly columnSpan: number;
};

/** Reads the marks of a sheet's XML one after the other. */
export function sheetFacts(xml: string, styles: NumberStyles): SheetFacts {
  const merges: CellRange[] = [];
  const texts: { row: number; column: number; text: string }[] = [];
  const most = { row: -1, column: -1 };
  const hidden = { rows: 0, columns: 0 };
  let unstored = 0;
  let lacksReferences = false;
  let cell: Cell = { row: -1, column: -1, hasFormula: false, hasValue: true };
  const endCell = () => {
    if (cell.hasFormula && !cell.hasValue) unstored += 1;
    cell = { ...cell, hasFormula: false, hasValue: true };
  };
  for (const [, name = '', attributes = '', text = ''] of xml.matchAll(MARKS)) {
    if (name === 'row') {
      endCell();
      const row = Number(attributeIn(attributes, 'r') ?? cell.row + 2) - 1;
      cell = { ...cell, row, column: -1 };
      if (isOn(attributeIn(attributes, 'hidden'))) hidden.rows += 1;
    } else if (name === 'c') {
      endCell();
      const reference = attributeIn(attributes, 'r');
      if (reference === undefined) lacksReferences = true;
      cell = startCell(placeOf(reference) ?? { row: cell.row, column: cell.column + 1 }, attributes);
      most.row = Math.max(most.row, cell.row);
      most.column = Math.max(most.column, cell.column);
    } else if (name === 'f') cell.hasFormula = true;
    else if ((name === 'v' || name === 'is') && attributes !== '/') {
      cell.hasValue = true;
      const own = text === '' ? undefined : ownText(cell, text, styles);
      if (own !== undefined) texts.push({ row: cell.row, column: cell.column, text: own });
    } else if (name === 'col' && isOn(attributeIn(attributes, 'hidden')))
      hidden.columns += columnsOf(attributes);
    else if (name === 'mergeCell') merges.push(...rangeOf(attributeIn(attributes, 'ref')));
  }
  endCell();
  return {
    rowCount: most.row + 1,
    columnCount: most.column + 1,
    merges,
    hiddenRows: hidden.rows,
    hiddenColumns: hidden.columns,
    unstored,
    texts,
    lacksReferences,
  };
}

const MARKS = /<(?:\w+:)?(row|c|f|v|is|col|mergeCell)(\s[^>]*|\/)?>([^<]*)/g;

type Cell = {
  readonly row: number;
  readonly column: number;
  readonly type?: string | undefined;
  readonly style?: string | undefined;
  hasFormula: boolean;
  hasValue: boolean;
};

const startCell = (place: { readonly row: number; readonly column: number }, attributes: string): Cell => ({
  ...place,
  type: attributeIn(attributes, 't'),
  style: attributeIn(attributes, 's'),
  hasFormula: false,
  hasValue: false,
});

/** A number below zero is no date: Excel shows none. */
function ownText({ type = 'n', style = '' }: Cell, value: string, styles: NumberStyles): string | undefined {
  if (type === 'e') return value;
  const shows = type === 'n' ? styles.get(style) : undefined;
  if (shows === 'duration') return durationText(Number(value));
  return shows === 'date' && value.startsWith('-') ? cellText(Number(value)) : undefined;
}

export function attributeIn(attributes: string, name: string): string | undefined {
  const at = attributes.indexOf(` ${name}="`);
  if (at < 0) return UNUSUAL.test(attributes) ? unusualAttribute(attributes, name) : undefined;
  const start = at + name.length + 3;
  return attributes.slice(start, attributes.indexOf('"', start));
}

/** Hardly a program writes these, but they are XML. */
const UNUSUAL = /[\t\n\r']/;
function unusualAttribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return found?.[1] ?? found?.[2];
}

const isOn = (value: string | undefined): boolean => value === '1' || value === 'true';

const columnsOf = (attributes: string): number =>
  Math.max(1, Number(attributeIn(attributes, 'max')) - Number(attributeIn(attributes, 'min')) + 1 || 1);

/** `B3` is row 2, column 1. */
export function placeOf(
  address: string | undefined,
): { readonly row: number; readonly column: number } | undefined {
  const [, letters, digits] = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(address ?? '') ?? [];
  if (!letters || !digits) return undefined;
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return { row: Number(digits) - 1, column };
}

function rangeOf(reference: string | undefined): CellRange[] {
  const [first, last] = (reference ?? '').split(':').map(placeOf);
  if (!first || !last || last.row < first.row || last.column < first.column) return [];
  return [{ ...first, rowSpan: last.row - first.row + 1, columnSpan: last.column - first.column + 1 }];
}
