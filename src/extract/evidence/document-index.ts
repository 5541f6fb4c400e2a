import type { Box, Document, Kind, Page, Span, Via } from '../../readers/document.ts';
import { type Folded, fold } from './fold-text.ts';

/** A document whose pages can be searched for quotes. */
export type DocumentIndex = {
  /** Those of which something was read, by number. */
  readonly pages: readonly PageIndex[];
};

export type PageIndex = {
  /** 1-based. */
  readonly number: number;
  readonly via: Via;
  /** Whether its letters, or some of them, were read from a picture. */
  readonly isRecognized: boolean;
  readonly spans: readonly Span[];
  /** In the order in which they are searched: the text, the rows of tables, the fields of the form. */
  readonly layers: readonly Layer[];
};

export type Layer = {
  readonly type: 'text' | 'tables' | 'fields';
  /** As it stands on the page, or as a model is given it: ` | ` between cells, `name: value` for a field. */
  readonly text: string;
  /** Parts of the text of which more is known, in order, apart from each other. Not all of the text need be in one. */
  readonly pieces: readonly Piece[];
  /** Whether the pieces are the cells of its lines: of values parted by commas. */
  readonly hasCells?: boolean;
  readonly folded: Folded;
};

/** Offsets are in UTF-16 units, the end is not in it. */
export type Range = { readonly start: number; readonly end: number };
export type Piece = Range &
  Pick<Span, 'box' | 'confidence'> & { /** 0-based, of a cell. */ readonly column?: number };

/** Linear in the document's size; a page's text is folded when it is searched first. */
export function indexDocument(document: Document): DocumentIndex {
  const pages = document.pages.filter(({ via }) => via !== 'none');
  return { pages: pages.map((page) => indexPage(page, document.kind)) };
}

const READ_FROM_PICTURES: readonly Via[] = ['ocr', 'ocr-layer', 'vision'];

function indexPage(page: Page, kind: Kind | undefined): PageIndex {
  const { number, via, spans } = page;
  const hasCells = kind === 'csv' || kind === 'tsv';
  const { pieces, left } = alignSpans(page.text, hasCells ? cellsAsSpans(page) : spans);
  const rest = left.map(({ text, box, confidence }) => [{ text, box, confidence }]);
  const layers = [
    { type: 'text' as const, text: page.text, pieces, ...(hasCells && { hasCells }) },
    // None is left where a reader keeps its promise that spans stand in the text; without it they stay findable.
    ...layerOf('text', rest),
    // Native tables stand in the text as rows already.
    ...layerOf('tables', page.tables.filter(({ method }) => method !== 'native').flatMap(rowsOf)),
    ...layerOf('fields', page.fields.flatMap(fieldOf)),
  ];
  const isRecognized =
    READ_FROM_PICTURES.includes(via) || spans.some(({ confidence }) => confidence !== undefined);
  return { number, via, isRecognized, spans, layers: layers.map(withFolded) };
}

type Aligned = Span & { readonly column?: number };

const cellsAsSpans = ({ tables }: Page): readonly Aligned[] =>
  tables.flatMap(({ rows }) =>
    rows.flatMap((row) => row.map((text, column) => ({ text, column })).filter(({ text }) => text !== '')),
  );

/** Finds each span behind the one before it; the few that do not stand there are left. */
function alignSpans(
  text: string,
  spans: readonly Aligned[],
): { readonly pieces: readonly Piece[]; readonly left: readonly Aligned[] } {
  const pieces: Piece[] = [];
  const left: Aligned[] = [];
  let at = 0;
  for (const span of spans) {
    // Not searched to the end of the page for each span: that would be quadratic.
    const near = text.slice(at, at + span.text.length + MOST_BETWEEN).indexOf(span.text);
    if (near < 0) left.push(span);
    else {
      const start = at + near;
      at = start + span.text.length;
      pieces.push({ start, end: at, ...knownOf(span) });
    }
  }
  return { pieces, left };
}

/** Characters between two spans: white space, and the bars of a table with empty cells. */
const MOST_BETWEEN = 400;

const knownOf = ({ box, confidence, column }: Omit<Aligned, 'text'>) => ({
  ...(column !== undefined && { column }),
  ...(box && { box }),
  ...(confidence !== undefined && { confidence }),
});

type Cell = {
  readonly text: string;
  readonly box?: Box | undefined;
  readonly confidence?: number | undefined;
};

function* cellsOf(table: Page['tables'][number]): Generator<readonly [string, Cell]> {
  for (const cell of table.cells) yield [`${cell.row} ${cell.column}`, cell];
}

/** Each row as its cells; a cell has a box where the reader knows it. */
function rowsOf(table: Page['tables'][number]): readonly (readonly Cell[])[] {
  const cells = new Map(cellsOf(table));
  return table.rows.map((row, at) =>
    row.map((text, column) => ({ text: inOneLine(text), box: cells.get(`${at} ${column}`)?.box })),
  );
}

const fieldOf = ({ name, value, box }: Page['fields'][number]): readonly (readonly Cell[])[] =>
  value.trim() === '' ? [] : [[{ text: `${inOneLine(name)}:` }, { text: inOneLine(value), box }]];

const inOneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');

/** Lines of cells as one text, each cell a piece of it. Nothing where there are none. */
function layerOf(type: Layer['type'], lines: readonly (readonly Cell[])[]): readonly Omit<Layer, 'folded'>[] {
  if (lines.length === 0) return [];
  const between = type === 'tables' ? ' | ' : ' ';
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let at = 0;
  for (const cells of lines) {
    for (const [column, { text, box, confidence }] of cells.entries()) {
      const before = column === 0 ? '' : between;
      parts.push(before, text);
      const start = at + before.length;
      at = start + text.length;
      pieces.push({ start, end: at, ...(box && { box }), ...(confidence !== undefined && { confidence }) });
    }
    parts.push('\n');
    at += 1;
  }
  return [{ type, text: parts.join(''), pieces }];
}

function withFolded(layer: Omit<Layer, 'folded'>): Layer {
  let folded: Folded | undefined;
  return {
    ...layer,
    get folded() {
      folded ??= fold(layer.text);
      return folded;
    },
  };
}

/** The pieces that hold a part of the range. */
export function piecesIn({ pieces }: Layer, { start, end }: Range): readonly Piece[] {
  const found: Piece[] = [];
  for (let at = firstEndingAfter(pieces, start); at < pieces.length; at += 1) {
    const piece = pieces[at];
    if (!piece || piece.start >= end) break;
    found.push(piece);
  }
  return found;
}

function firstEndingAfter(pieces: readonly Piece[], offset: number): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
