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

const isFormula = (part: string): boolean => {
  const bare = part.replace(IN_FRONT, '');
  return FORMULA.test(bare) && !HARMLESS.test(bare);
};

/** In parentheses: `split` keeps them. */
const SEPARATOR = /([;\t\r\n])/;
const LEADING = /^[\t\r\n]/;
/** What a spreadsheet drops, or takes for its own, before it looks at a cell: spaces, quotation marks, what is not seen. */
const IN_FRONT = /^[\s\p{Cf}"\uff02]+/u;
/** Some take the wide and the small forms of these characters too, and the minus sign. */
const FORMULA = /^[=+\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]/;
/** A number as people write it, or the hyphens that stand for none. */
const HARMLESS = /^(?:[+\-\u2212]?\s?\d[\d.,'\s\u2019]*(?:[eE][+-]?\d+)?\s?%?|-+)$/;
