import type { Document, Page } from '../../readers/document.ts';
import { mergeRanges, type PageRange } from '../../readers/page-ranges.ts';
import { pageLines } from '../../readers/pages-text.ts';
import { escapeLine } from '../../terminal-text.ts';
import { tableHeads } from './table-heads.ts';

/** A piece of a document that a model is given at once: lines, in order, each of its page. */
export type Passage = { readonly lines: readonly PassageLine[] };
export type PassageLine = {
  readonly page: number;
  /** 1-based, on its page. */
  readonly line: number;
  /** How many lines its page has. */
  readonly lineCount: number;
  readonly text: string;
  /** The first line of the table that it is a further line of. */
  readonly tableHead?: string;
};

export type PassageOptions = {
  /** Most tokens of a passage's text. */
  readonly roomTokens: number;
  readonly measure: (text: string) => Promise<number>;
};

const LONGEST_LABEL = 80;
const HEAD_AGAIN = "[The table's head again:] ";
/** A passage is cut between pages where one of them ends in this middle part of it. */
const MIDDLE = { from: 0.25, to: 0.75 };
/** Pieces of a page differ in their tokens per character. */
const MARGIN = 0.9;
/** Of a passage, for the head of a table that it goes on with. */
const MOST_HEAD = 1 / 4;

/** The passages of a document: whole pages, as many as fit, and a page that does not fit by itself in pieces of whole
 * lines. Pages without text are in none. A single line that is too long is a passage all the same. */
export async function passagesOf(document: Document, options: PassageOptions): Promise<readonly Passage[]> {
  const { roomTokens, measure } = options;
  const pages = document.pages.map(linesOf).filter((lines) => lines.length > 0);
  if (pages.length === 0) return [];
  const all = { lines: pages.flat() };
  if ((await measure(passageText(all, document))) <= roomTokens) return [all];
  const packed: Passage[] = [];
  let open: { readonly lines: readonly PassageLine[]; readonly tokens: number } = { lines: [], tokens: 0 };
  for (const lines of pages) {
    const tokens = await measure(passageText({ lines }, document));
    if (open.lines.length > 0 && open.tokens + tokens > roomTokens) {
      packed.push({ lines: open.lines });
      open = { lines: [], tokens: 0 };
    }
    if (tokens <= roomTokens) open = { lines: [...open.lines, ...lines], tokens: open.tokens + tokens };
    else packed.push(...(await splitLines(lines, tokens, document, options)));
  }
  return open.lines.length > 0 ? [...packed, { lines: open.lines }] : packed;
}

/** As the model is given it, with a marker line before each page. Where it begins within a table, the table's head comes
 * again, marked as ours: its own line is the place of what stands there, and columns without a name mean nothing. */
export function passageText(
  { lines }: Passage,
  { pageCount, pages }: Pick<Document, 'pageCount' | 'pages'>,
): string {
  const labels = new Map(pages.map((page) => [page.number, labelOf(page)]));
  const last = new Map(lines.map(({ page, line }) => [page, line]));
  return lines
    .map(({ page, line, lineCount, text, tableHead }, at) => {
      if (lines[at - 1]?.page === page) return text;
      const end = last.get(page) ?? line;
      const part = line > 1 || end < lineCount ? `, lines ${line} to ${end} of ${lineCount}` : '';
      const head = tableHead === undefined ? '' : `${HEAD_AGAIN}${tableHead}\n`;
      return `[Page ${page} of ${pageCount}${labels.get(page) ?? ''}${part}]\n${head}${text}`;
    })
    .join('\n');
}

export const passagePages = ({ lines }: Passage): readonly PageRange[] =>
  mergeRanges([...new Set(lines.map(({ page }) => page))].map((page) => [page, page]));

/** Two passages of about the same length, parted between pages where that is near; nothing for a single line. */
export function halvePassage({ lines }: Passage): readonly [Passage, Passage] | undefined {
  if (lines.length < 2) return undefined;
  const total = lines.reduce((sum, { text }) => sum + text.length + 1, 0);
  let before = 0;
  const cuts = lines.slice(1).map(({ page }, at) => {
    before += (lines[at]?.text.length ?? 0) + 1;
    return { at: at + 1, share: before / total, isNewPage: page !== lines[at]?.page };
  });
  const atPages = cuts.filter(
    ({ share, isNewPage }) => isNewPage && share >= MIDDLE.from && share <= MIDDLE.to,
  );
  const [cut] = (atPages.length > 0 ? atPages : cuts).toSorted(
    (a, b) => Math.abs(a.share - 0.5) - Math.abs(b.share - 0.5),
  );
  return cut && [{ lines: lines.slice(0, cut.at) }, { lines: lines.slice(cut.at) }];
}

function linesOf(page: Page): readonly PassageLine[] {
  const lines = page.via === 'none' ? [] : pageLines(page);
  const heads = tableHeads(lines);
  return lines.map((text, at) => {
    const tableHead = heads[at];
    const line = { page: page.number, line: at + 1, lineCount: lines.length, text };
    return tableHead === undefined ? line : { ...line, tableHead };
  });
}

/** By characters first, then measured: what is still too large is split again. */
async function splitLines(
  lines: readonly PassageLine[],
  tokens: number,
  document: Document,
  options: PassageOptions,
): Promise<readonly Passage[]> {
  const { roomTokens, measure } = options;
  const characters = lines.reduce((sum, { text }) => sum + text.length + 1, 0);
  const most = Math.max(1, Math.floor((characters / tokens) * roomTokens * MARGIN));
  // A long head before every piece would leave no room for the rows.
  const ownLines = lines.map((line) =>
    (line.tableHead?.length ?? 0) > most * MOST_HEAD ? withoutHead(line) : line,
  );
  const pieces: PassageLine[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const line of ownLines) {
    if (used + line.text.length + 1 > most) {
      pieces.push([]);
      used = line.tableHead === undefined ? 0 : HEAD_AGAIN.length + line.tableHead.length + 1;
    }
    pieces.at(-1)?.push(line);
    used += line.text.length + 1;
  }
  const split: Passage[] = [];
  for (const piece of pieces) split.push(...(await splitUntilFits({ lines: piece })));
  return split;

  async function splitUntilFits(passage: Passage): Promise<readonly Passage[]> {
    if ((await measure(passageText(passage, document))) <= roomTokens) return [passage];
    const halves = halvePassage(passage);
    // A head that leaves no room for the line is no help.
    if (!halves) return [{ lines: passage.lines.map(withoutHead) }];
    return [...(await splitUntilFits(halves[0])), ...(await splitUntilFits(halves[1]))];
  }
}

const withoutHead = ({ tableHead: _, ...line }: PassageLine): PassageLine => line;

function labelOf({ number, label = `${number}` }: Page): string {
  if (label === `${number}`) return '';
  return `, "${escapeLine(label.trim().replace(/\s+/g, ' ')).slice(0, LONGEST_LABEL)}"`;
}
