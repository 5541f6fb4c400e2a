import type { Document } from '../../readers/document.ts';
import { pageLines } from '../../readers/pages-text.ts';
import { foldText } from '../../tool/fold-text.ts';
import type { ListRow, Value } from '../extraction.ts';

/**
 * The rows of a list from all passages, in their order, each line of the document once, however often a model gave it.
 * Lines that stand in the document several times with the same words may come as often as they stand there.
 */
export function mergeRows(rows: readonly ListRow[], document: Document): readonly ListRow[] {
  const met = new Map<string, number>();
  return rows.filter((row) => {
    const cells = Object.values(row).filter(({ status }) => status !== 'missing');
    if (cells.length === 0) return false;
    const key = keyOf(row);
    const before = met.get(key) ?? 0;
    met.set(key, before + 1);
    return before === 0 || before < timesSaid(cells, document);
  });
}

/** The same for rows with the same words of the same places. */
const keyOf = (row: ListRow): string =>
  JSON.stringify(
    Object.entries(row).map(([path, { value, quote, page, box }]) => [path, value, quote, page, box]),
  );

/** How many lines of its page hold the words of a row; 0 where nobody found them. */
function timesSaid(cells: readonly Value[], { pages }: Document): number {
  const { quote, page: number } = cells.find(({ page }) => page !== undefined) ?? {};
  const page = pages.find((each) => each.number === number);
  if (!page || quote === undefined) return 0;
  const words = plain(quote);
  return pageLines(page).filter((line) => plain(line).includes(words)).length;
}

const plain = (text: string): string =>
  foldText(text)
    .replace(/[\s|]+/g, ' ')
    .trim();
