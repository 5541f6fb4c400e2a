import type { Table } from '../document.ts';
import { buildTable, type CellDraft, tableText } from './build-table.ts';
import { attributeOf, type Element, type HtmlNode, isElement } from './html-nodes.ts';
import { createTextWriter, type TextWriter } from './text-writer.ts';
import { walkTree } from './walk-tree.ts';

export type TableStack = {
  /** Where text goes now: into a cell, or onto the page. */
  readonly writer: () => TextWriter;
  readonly open: (element: Element) => void;
  readonly close: (element: Element) => void;
};

type OpenTable = { readonly element: Element; readonly rows: CellDraft[][]; cell: OpenCell | undefined };
type OpenCell = { readonly element: Element; readonly writer: TextWriter };

/** Gathers cells while a page is walked. Tables that only lay out a page (mails are made of them) leave their text on
 * the page; a table in a cell becomes lines of that cell. */
export function createTableStack(page: TextWriter, addTable: (table: Table) => void): TableStack {
  const tables: OpenTable[] = [];
  const writer = () => tables.findLast(({ cell }) => cell)?.cell?.writer ?? page;
  const open = (element: Element) => {
    const name = element.tagName;
    if (name === 'table' && !isLayout(element)) tables.push({ element, rows: [], cell: undefined });
    const table = tables.at(-1);
    if (!table || tableOf(element) !== table.element) return;
    if (name === 'tr') table.rows.push([]);
    if (name === 'td' || name === 'th') table.cell = { element, writer: createTextWriter() };
  };
  const close = (element: Element) => {
    const table = tables.at(-1);
    if (table?.cell?.element === element) {
      table.rows.at(-1)?.push(draftOf(table.cell));
      table.cell = undefined;
    }
    if (table?.element !== element) return;
    tables.pop();
    const built = buildTable(table.rows);
    if (built.cells.every(({ text }) => text === '')) return;
    if (writer() === page) addTable(built);
    else for (const line of tableText(built).split('\n')) writeLine(writer(), line);
  };
  return { writer, open, close };
}

function writeLine(writer: TextWriter, line: string): void {
  writer.endLine();
  writer.write(line);
  writer.endLine();
}

const draftOf = ({ element, writer }: OpenCell): CellDraft => ({
  text: writer.take(),
  rowSpan: spanOf(element, 'rowspan'),
  columnSpan: spanOf(element, 'colspan'),
});

const spanOf = (element: Element, name: string): number =>
  Number.parseInt(attributeOf(element, name), 10) || 1;

/** The table that a row or a cell belongs to: at most three steps up. */
function tableOf(element: Element): HtmlNode | undefined {
  let node: HtmlNode | null = element;
  for (let steps = 0; node && steps < 4; steps += 1) {
    if (node.nodeName === 'table') return node;
    node = 'parentNode' in node ? node.parentNode : null;
  }
  return undefined;
}

/** A table without a heading, caption or border that holds other tables, or one cell only. */
function isLayout(table: Element): boolean {
  if (/^(presentation|none)$/.test(attributeOf(table, 'role'))) return true;
  const found = { cells: 0, tables: 0, signs: Number.parseInt(attributeOf(table, 'border'), 10) > 0 ? 1 : 0 };
  walkTree<HtmlNode>(table, childElements, {
    enter: (node) => {
      const name = node.nodeName;
      if (node === table) return true;
      if (name === 'table') found.tables += 1;
      if (name === 'td' || name === 'th') found.cells += 1;
      if (name === 'th' || name === 'caption') found.signs += 1;
      // What stands in a table inside says nothing of this one.
      return name !== 'table' && found.tables === 0;
    },
    leave: () => {},
  });
  return found.cells <= 1 || (found.tables > 0 && found.signs === 0);
}

function* childElements(node: HtmlNode): Generator<HtmlNode> {
  if ('childNodes' in node) yield* node.childNodes.filter(isElement);
}
