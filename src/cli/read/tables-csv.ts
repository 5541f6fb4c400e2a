/**
 * A table as CSV (RFC 4180, but lines end in `\n`). A spreadsheet runs what begins like a formula, and a document may
 * come from anybody: such a cell gets a `'` in front
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  // An empty line ends a table: a row of one empty cell must not be one.
  return rows.map((row) => row.map(toCell).join(',') || '""').join('\n');
}

function toCell(text: string): string {
  const safe = FORMULA.test(text) && !HARMLESS.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Spreadsheets drop spaces in front, and take the wide forms of these characters too. */
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/;
/** A number as people write it, or the hyphens that stand for none. */
const HARMLESS = /^(?:[+-]?\s?\d[\d.,'\s\u2019]*(?:[eE][+-]?\d+)?\s?%?|-+)$/;
