import { parse } from 'parse5';
import type { Field, OutlineEntry, Picture } from '../document.ts';
import { type Block, tableBlock, textBlock } from './flow-page.ts';
import {
  attributeOf,
  type Element,
  type HtmlNode,
  isElement,
  isHidden,
  pictureOf,
  type TextNode,
} from './html-nodes.ts';
import { createTableStack } from './html-tables.ts';
import { createTextWriter } from './text-writer.ts';
import { walkTree } from './walk-tree.ts';

export type HtmlContent = {
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly headings: readonly OutlineEntry[];
  readonly pictures: readonly Picture[];
  readonly fields: readonly Field[];
  /** Whether the page would have loaded something. */
  readonly refersOutside: boolean;
};

/** What a person would read on an HTML page: no scripts, no styles, nothing hidden, and nothing is fetched. */
export function htmlBlocks(html: string): HtmlContent {
  const page = createPage();
  walkTree<HtmlNode>(parse(html, { scriptingEnabled: false }), childrenOf, {
    enter: (node) => enter(page, node),
    leave: (node) => {
      if (isElement(node)) close(page, node);
    },
  });
  page.flush();
  return page;
}

type OpenPage = ReturnType<typeof createPage>;

function createPage() {
  const blocks: Block[] = [];
  const body = createTextWriter();
  const flush = () => {
    const text = body.take();
    if (text !== '') blocks.push(textBlock(text));
  };
  const tables = createTableStack(body, (table) => {
    flush();
    blocks.push(tableBlock(table));
  });
  return {
    blocks,
    body,
    flush,
    tables,
    title: '',
    headings: [] as OutlineEntry[],
    pictures: [] as Picture[],
    fields: [] as Field[],
    refersOutside: false,
    /** How many elements are open that keep white space. */
    preformatted: 0,
    lists: [] as OpenList[],
  };
}

function enter(page: OpenPage, node: HtmlNode): boolean {
  if (node.nodeName === '#text') {
    page.tables.writer().write((node as TextNode).value, page.preformatted > 0);
    return false;
  }
  if (!isElement(node)) return node.nodeName === '#document';
  if (node.tagName === 'title') page.title ||= textOf(node);
  if (isHidden(node)) return false;
  open(page, node);
  return true;
}

function open(page: OpenPage, element: Element): void {
  const name = element.tagName;
  const writer = page.tables.writer();
  if (BLOCKS.has(name)) writer.endLine();
  if (PARAGRAPH.test(name) && writer === page.body) page.flush();
  if (name === 'br') writer.breakLine();
  if (KEPT.test(name)) page.preformatted += 1;
  if (LIST.test(name)) page.lists.push({ next: name === 'ol' ? startOf(element) : undefined });
  if (name === 'li') writer.mark(markOf(page.lists));
  if (name === 'input') page.fields.push(...fieldOf(element));
  if (name === 'img' || name === 'svg') addPicture(page, element);
  if (FETCHED.has(name) && /^\s*(https?:)?\/\//i.test(addressOf(element))) page.refersOutside = true;
  page.tables.open(element);
}

function close(page: OpenPage, element: Element): void {
  const name = element.tagName;
  const writer = page.tables.writer();
  if (HEADING.test(name)) page.headings.push({ title: textOf(element), level: Number(name[1]), page: 1 });
  if (KEPT.test(name)) page.preformatted -= 1;
  if (LIST.test(name)) page.lists.pop();
  if (name === 'li') writer.mark('');
  if (BLOCKS.has(name)) writer.endLine();
  if (PARAGRAPH.test(name) && writer === page.body) page.flush();
  page.tables.close(element);
}

function addPicture(page: OpenPage, element: Element): void {
  page.pictures.push(pictureOf(element));
  const words = attributeOf(element, 'alt').trim();
  if (words !== '') page.tables.writer().write(` [${words}] `);
}

/** Only what is filled in and shown. */
function fieldOf(element: Element): readonly Field[] {
  const type = attributeOf(element, 'type').toLowerCase();
  if (/^(hidden|submit|button|reset|image|password|file)$/.test(type)) return [];
  const isBox = type === 'checkbox' || type === 'radio';
  if (isBox && !element.attrs.some(({ name }) => name === 'checked')) return [];
  const value = attributeOf(element, 'value') || (isBox ? 'on' : '');
  return value === '' ? [] : [{ name: attributeOf(element, 'name'), value }];
}

function* childrenOf(node: HtmlNode): Generator<HtmlNode> {
  if ('childNodes' in node) yield* node.childNodes;
}

/** Elements that begin and end a line. */
const BLOCKS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption ' +
    'figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol optgroup option p pre section ' +
    'select summary table tbody td textarea tfoot th thead tr ul'
  ).split(' '),
);
const HEADING = /^h[1-6]$/;
const PARAGRAPH = /^(p|h[1-6])$/;
const KEPT = /^(pre|textarea)$/;
const LIST = /^(ul|ol)$/;
const FETCHED: ReadonlySet<string> = new Set('img iframe source video audio embed object input'.split(' '));

const addressOf = (element: Element): string =>
  attributeOf(element, 'src') || attributeOf(element, 'srcset') || attributeOf(element, 'data');

const startOf = (element: Element): number => Number.parseInt(attributeOf(element, 'start'), 10) || 1;

/** `next`: the number of the next item, of a list that counts. */
type OpenList = { next: number | undefined };

function markOf(lists: readonly OpenList[]): string {
  const list = lists.at(-1);
  const indent = '  '.repeat(Math.min(Math.max(lists.length - 1, 0), 20));
  if (list?.next === undefined) return `${indent}- `;
  list.next += 1;
  return `${indent}${list.next - 1}. `;
}

function textOf(element: Element): string {
  let text = '';
  walkTree<HtmlNode>(element, childrenOf, {
    enter: (node) => {
      if (node.nodeName === '#text') text += (node as TextNode).value;
      return true;
    },
    leave: () => {},
  });
  return text.replace(/\s+/g, ' ').trim();
}
