/** What read-excel-file does not tell of a sheet. Rows and columns are 0-based. */
export type SheetFacts = {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly merges: readonly CellRange[];
  readonly hiddenRows: number;
  readonly hiddenColumns: number;
  /** Cells with a formula whose result is not in the file. */
  readonly unstored: number;
  /** Errors such as `#DIV/0!` by place. */
  readonly errors: readonly { readonly row: number; readonly column: number; readonly text: string }[];
};
export type CellRange = {
  readonly row: number;
  readonly column: number;
  readonly rowSpan: number;
  readonly columnSpan: number;
};

/** Reads the marks of a sheet's XML one after the other. */
export function sheetFacts(xml: string): SheetFacts {
  const merges: CellRange[] = [];
  const errors: { row: number; column: number; text: string }[] = [];
  const most = { row: -1, column: -1 };
  const hidden = { rows: 0, columns: 0 };
  let unstored = 0;
  let cell = { row: -1, column: -1, isError: false, hasFormula: false, hasValue: true };
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
      const place = placeOf(attributeIn(attributes, 'r')) ?? { row: cell.row, column: cell.column + 1 };
      cell = { ...place, isError: attributeIn(attributes, 't') === 'e', hasFormula: false, hasValue: false };
      most.row = Math.max(most.row, place.row);
      most.column = Math.max(most.column, place.column);
    } else if (name === 'f') cell.hasFormula = true;
    else if (name === 'v' || name === 'is') {
      cell.hasValue = true;
      if (cell.isError && text !== '') errors.push({ row: cell.row, column: cell.column, text });
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
    errors,
  };
}

const MARKS = /<(?:\w+:)?(row|c|f|v|is|col|mergeCell)(\s[^>]*)?>([^<]*)/g;

function attributeIn(attributes: string, name: string): string | undefined {
  const at = attributes.indexOf(` ${name}="`);
  if (at < 0) return undefined;
  const start = at + name.length + 3;
  return attributes.slice(start, attributes.indexOf('"', start));
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
