import { lastName } from '../../extract/evidence/field-words.ts';
import { meaningsOf } from '../../extract/evidence/label-words.ts';
import type { Field, Value } from '../../extract/extraction.ts';
import { findReadings } from '../../extract/values/find-readings.ts';
import { foldWords } from '../../extract/values/fold-words.ts';
import type { Document } from '../../readers/document.ts';
import { pageLines } from '../../readers/pages-text.ts';

/** What helps a person to decide about a value that no words of the document were found for. */
export type PageHelp = {
  readonly heading: string;
  /** As the document has them. */
  readonly lines: readonly string[];
  /** Of the first of them. 1-based. */
  readonly page: number;
};

type Line = { readonly page: number; readonly text: string };

const MOST_LINES = 5;
const LONGEST_LINE = 300;

/** The lines where the value stands, else those with the words of its label, else the first ones. Undefined where the
 * document has no text. */
export function helpFrom(
  document: Pick<Document, 'pages'>,
  field: Field,
  value: Value,
): PageHelp | undefined {
  const lines = document.pages.flatMap((page) =>
    pageLines(page).map((text): Line => ({ page: page.number, text })),
  );
  const stated = lines.filter(({ text }) => text.trim() !== '');
  return (
    toHelp('lines of the document that have such a value:', withValue(stated, field, value)) ??
    toHelp('lines of the document that have words of its name:', withLabel(stated, field)) ??
    toHelp('the document begins with:', stated)
  );
}

function toHelp(heading: string, found: readonly Line[]): PageHelp | undefined {
  const [first] = found;
  if (!first) return undefined;
  const shown = found.slice(0, MOST_LINES);
  const areMany = shown.some(({ page }) => page !== first.page);
  const lines = shown.map(({ page, text }) => (areMany ? `page ${page}: ` : '') + cut(text));
  return { heading, lines, page: first.page };
}

const cut = (text: string): string =>
  text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)} …`;

function withValue(lines: readonly Line[], field: Field, { value, original }: Value): readonly Line[] {
  const wanted = [original, typeof value === 'string' ? value : undefined]
    .map((text) => foldWords(text ?? ''))
    .filter((text) => text !== '');
  return lines.filter(({ text }) => {
    const words = ` ${foldWords(text)} `;
    if (wanted.some((one) => words.includes(` ${one} `))) return true;
    return value !== null && findReadings(field, text, {}).some((reading) => reading.value === value);
  });
}

/** Those that share the most with it. */
function withLabel(lines: readonly Line[], field: Field): readonly Line[] {
  const wanted = meaningsOf(lastName(field));
  const shared = lines.map(({ text }) => meaningsOf(text).intersection(wanted).size);
  const most = shared.reduce((max, one) => Math.max(max, one), 0);
  return most === 0 ? [] : lines.filter((_, at) => shared[at] === most);
}
