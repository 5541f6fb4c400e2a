import type { Element } from '@xmldom/xmldom';
import type { OutlineEntry, Picture, Table } from '../document.ts';
import { buildTable, type CellDraft, tableText } from '../text/build-table.ts';
import { type Block, tableBlock, textBlock } from '../text/flow-page.ts';
import { attribute, walkXml } from './zip-xml.ts';

export type OdtContent = {
  readonly blocks: readonly Block[];
  readonly headings: readonly OutlineEntry[];
  readonly pictures: readonly Picture[];
  readonly hasObjects: boolean;
};

/** What a text of OpenDocument holds (ODF 1.3, part 3), from its body or one of its parts. */
export function odtContent(root: Element): OdtContent {
  const page: OpenText = {
    headings: [],
    pictures: [],
    hasObjects: false,
    tables: [],
    frames: [{ blocks: [], cell: undefined }],
    depth: 0,
    line: '',
    mark: '',
  };
  walkXml(root, {
    enter: (name, element) => {
      if (UNSHOWN.has(name)) return false;
      // Notes and comments stand in the midst of a paragraph, and are made of paragraphs.
      if (isInNote(name, element)) page.line += ' ';
      else OPENING.get(name)?.(page, element);
      return true;
    },
    leave: (name, element) => {
      if (!isInNote(name, element)) CLOSING.get(name)?.(page, element);
    },
    text: (text) => {
      page.line += text.replace(/\s+/g, ' ');
    },
  });
  endLine(page);
  return { ...page, blocks: blocksOf(page) };
}

type OpenTable = { readonly rows: CellDraft[][]; repeat: number };
/** Where paragraphs go: the page, or a cell. */
type Frame = { readonly blocks: Block[]; readonly cell: Element | undefined };
type OpenText = {
  readonly headings: OutlineEntry[];
  readonly pictures: Picture[];
  hasObjects: boolean;
  readonly tables: OpenTable[];
  readonly frames: Frame[];
  /** Of lists. */
  depth: number;
  line: string;
  /** What stands before the next line, such as that of a list. */
  mark: string;
};
type Step = (page: OpenText, element: Element) => void;

/** How often a row or a cell may say that it comes again. */
const MOST_REPEATS = 1000;

const blocksOf = (page: OpenText): Block[] => page.frames.at(-1)?.blocks ?? [];

function endLine(page: OpenText): void {
  const line = page.line.trim();
  page.line = '';
  if (line === '') return;
  blocksOf(page).push(textBlock(page.mark + line));
  page.mark = '';
}

const write =
  (text: string): Step =>
  (page) => {
    page.line += text;
  };

const OPENING: ReadonlyMap<string, Step> = new Map(
  Object.entries<Step>({
    p: endLine,
    h: endLine,
    list: (page) => {
      page.depth += 1;
    },
    'list-item': (page) => {
      endLine(page);
      page.mark = `${'  '.repeat(Math.min(page.depth - 1, 20))}- `;
    },
    s: (page, element) => {
      page.line += ' '.repeat(Math.min(Number(attribute(element, 'c')) || 1, 100));
    },
    tab: write('\t'),
    'line-break': write('\n'),
    table: (page) => {
      endLine(page);
      page.tables.push({ rows: [], repeat: 1 });
    },
    'table-row': (page, element) => {
      const table = page.tables.at(-1);
      if (table) table.repeat = repeatsOf(element, 'number-rows-repeated');
      table?.rows.push([]);
    },
    'table-cell': (page, element) => {
      endLine(page);
      page.frames.push({ blocks: [], cell: element });
    },
    image: (page) => {
      page.pictures.push({ width: 0, height: 0, read: false });
    },
    object: (page) => {
      page.hasObjects = true;
    },
    annotation: write(' [Comment: '),
    'note-body': write(' [Note: '),
  }),
);

const CLOSING: ReadonlyMap<string, Step> = new Map(
  Object.entries<Step>({
    p: endLine,
    h: (page, element) => {
      const title = page.line.trim();
      const level = Number(attribute(element, 'outline-level')) || 1;
      if (title !== '') page.headings.push({ title, level, page: 1 });
      endLine(page);
    },
    list: (page) => {
      page.depth -= 1;
    },
    'table-cell': (page) => {
      endLine(page);
      const frame = page.frames.pop();
      if (frame?.cell)
        page.tables
          .at(-1)
          ?.rows.at(-1)
          ?.push(...draftsOf(frame.cell, frame.blocks));
    },
    'table-row': (page) => repeatRow(page.tables.at(-1)),
    table: (page) => {
      const table = page.tables.pop();
      if (table) addTable(page, buildTable(withoutEmptyEnd(table.rows)));
    },
    annotation: write('] '),
    'note-body': write('] '),
  }),
);

/** A table in a cell becomes lines of that cell. */
function addTable(page: OpenText, table: Table): void {
  if (table.cells.every(({ text }) => text === '')) return;
  blocksOf(page).push(page.tables.length > 0 ? textBlock(tableText(table)) : tableBlock(table));
}

/** Deleted text, forms of lists, scripts, and who wrote a comment when. */
const UNSHOWN: ReadonlySet<string> = new Set(
  'tracked-changes sequence-decls variable-decls user-field-decls script date date-string event-listeners'.split(
    ' ',
  ),
);

function isInNote(name: string, element: Element): boolean {
  const parent = element.parentNode?.localName;
  return name === 'p' && (parent === 'note-body' || parent === 'annotation');
}

const repeatsOf = (element: Element, name: string): number =>
  Math.max(1, Math.min(Number(attribute(element, name)) || 1, MOST_REPEATS));

function draftsOf(cell: Element, blocks: readonly Block[]): readonly CellDraft[] {
  const text = blocks
    .map((block) => (block.type === 'text' ? block.text : tableText(block.table)))
    .join('\n');
  const draft: CellDraft = {
    text,
    rowSpan: Number(attribute(cell, 'number-rows-spanned')) || 1,
    columnSpan: Number(attribute(cell, 'number-columns-spanned')) || 1,
  };
  return Array.from({ length: repeatsOf(cell, 'number-columns-repeated') }, () => draft);
}

function repeatRow(table: OpenTable | undefined): void {
  const row = table?.rows.at(-1);
  if (!table || !row || row.every(({ text }) => text === '')) return;
  for (let done = 1; done < table.repeat; done += 1) table.rows.push(row);
}

const withoutEmptyEnd = (rows: readonly CellDraft[][]): readonly CellDraft[][] =>
  rows.slice(0, rows.findLastIndex((row) => row.some(({ text }) => text !== '')) + 1);
