import { safeCell } from '../../extract/table/safe-cell.ts';

/** A table as CSV (RFC 4180, but lines end in `\n`), without cells that a spreadsheet would run. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  // An empty line ends a table: a row of one empty cell must not be one.
  return rows.map((row) => row.map(toCell).join(',') || '""').join('\n');
}

function toCell(text: string): string {
  const safe = safeCell(text);
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
