/**
 * The one rule for text in a CSV file. A spreadsheet runs a cell that begins like a formula, and a document may come
 * from anybody: what begins so gets a `'` in front (https://owasp.org/www-community/attacks/CSV_Injection).
 *
 * A spreadsheet that takes another separator than the file's (Excel does where `,` is the decimal mark) begins a cell
 * behind every `;`, tab and line break, whatever the quotation marks say: what follows one is looked at too.
 */
export function safeCell(text: string): string {
  const safe = text.split(SEPARATOR).map((part) => (isFormula(part) ? `'${part}` : part));
  return LEADING.test(text) ? `'${safe.join('')}` : safe.join('');
}

const isFormula = (part: string): boolean => FORMULA.test(part) && !HARMLESS.test(part);

/** In parentheses: `split` keeps them. */
const SEPARATOR = /([;\t\r\n])/;
const LEADING = /^[\t\r\n]/;
/** Spreadsheets drop spaces in front, and take the wide forms of these characters too. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;
/** A number as people write it, or the hyphens that stand for none. */
const HARMLESS = /^(?:[+-]?\s?\d[\d.,'\s\u2019]*(?:[eE][+-]?\d+)?\s?%?|-+)$/;
