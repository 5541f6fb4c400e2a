import type { Element } from '@xmldom/xmldom';
import type { OutlineEntry, Picture, Table } from '../document.ts';
import { buildTable, tableText } from '../text/build-table.ts';
import { type Block, tableBlock, textBlock } from '../text/flow-page.ts';
import type { OdtListStyles } from './odt-list-styles.ts';
import { BULLET, createOdtLists, type OdtLists } from './odt-lists.ts';
import { draftsOf, type OpenTable, repeatRow, repeatsOf, withoutEmptyEnd } from './odt-tables.ts';
import { attribute, walkXml } from './zip-xml.ts';

export type OdtContent = {
  readonly blocks: readonly Block[];
  readonly headings: readonly OutlineEntry[];
  readonly pictures: readonly Picture[];
  readonly hasObjects: boolean;
  /** Of lists or headings, which are then shown without. */
  readonly hasUnknownNumbers: boolean;
};

const NO_STYLES: OdtListStyles = { lists: new Map(), outline: new Map() };

/** What a text of OpenDocument holds (ODF 1.3, part 3), from its body or one of its parts. */
export function odtContent(root: Element, styles = NO_STYLES): OdtContent {
  const page: OpenText = {
    headings: [],
    pictures: [],
    hasObjects: false,
    tables: [],
    frames: [{ blocks: [], cell: undefined }],
    lists: createOdtLists(styles),
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
  return { ...page, blocks: blocksOf(page), hasUnknownNumbers: page.lists.hasUnknown() };
}

/** Where paragraphs go: the page, or a cell. */
type Frame = { readonly blocks: Block[]; readonly cell: Element | undefined };
type OpenText = {
  readonly headings: OutlineEntry[];
  readonly pictures: Picture[];
  hasObjects: boolean;
  readonly tables: OpenTable[];
  readonly frames: Frame[];
  readonly lists: OdtLists;
  line: string;
  /** What stands before the next line, such as that of a list. */
  mark: string;
};
type Step = (page: OpenText, element: Element) => void;

const blocksOf = (page: OpenText): Block[] => page.frames.at(-1)?.blocks ?? [];

function endLine(page: OpenText): void {
  const line = page.line.trim();
  page.line = '';
  if (line === '') return;
  blocksOf(page).push(textBlock(page.mark + line));
  page.mark = '';
}

function beginParagraph(page: OpenText, element: Element): void {
  endLine(page);
  page.mark = page.lists.markOf(element) || page.mark;
}

/** A number is shown, and counts, where there is nothing beside it; a bullet waits for text. */
function endParagraph(page: OpenText): void {
  endLine(page);
  if (page.mark === '' || page.mark.endsWith(BULLET)) return;
  blocksOf(page).push(textBlock(page.mark.trimEnd()));
  page.mark = '';
}

const write =
  (text: string): Step =>
  (page) => {
    page.line += text;
  };

const OPENING: ReadonlyMap<string, Step> = new Map(
  Object.entries<Step>({
    p: beginParagraph,
    h: beginParagraph,
    list: (page, element) => page.lists.openList(element),
    'list-item': (page, element) => {
      endLine(page);
      page.lists.openItem(element);
    },
    'list-header': (page) => page.lists.openItem(undefined),
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
      page.lists.openCell();
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
    p: endParagraph,
    h: (page, element) => {
      const words = page.line.trim();
      const title = words === '' || page.mark.endsWith(BULLET) ? words : page.mark.trimStart() + words;
      const level = Number(attribute(element, 'outline-level')) || 1;
      if (title !== '') page.headings.push({ title, level, page: 1 });
      endParagraph(page);
    },
    list: (page) => page.lists.closeList(),
    'list-item': (page) => {
      page.mark = '';
      page.lists.openItem(undefined);
    },
    'table-cell': (page) => {
      endLine(page);
      page.lists.closeCell();
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
