import { type Page, type Picture, problem, type Span, type Table } from '../document.ts';
import { MOST_LISTED, tableText } from './build-table.ts';

/** A paragraph or a table, in reading order. */
export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'table'; readonly table: Table };

export const textBlock = (text: string): Block => ({ type: 'text', text });
export const tableBlock = (table: Table): Block => ({ type: 'table', table });

type Place = Pick<Page, 'number'> & Partial<Pick<Page, 'label' | 'fields' | 'pictures' | 'warnings'>>;

/** A page of a format without geometry: a span for each paragraph and each cell that is listed. */
export function flowPage(place: Place, blocks: readonly Block[]): Page {
  const text = blocks
    .map((block) => (block.type === 'text' ? block.text : tableText(block.table)))
    .join('\n');
  const given = blocks.map((block) =>
    block.type === 'table' ? tableBlock(withFewCells(block.table)) : block,
  );
  const tables = given.flatMap((block) => (block.type === 'table' ? [block.table] : []));
  return textPage(place, { text, tables, spans: given.flatMap(spansOf) });
}

const withFewCells = (table: Table): Table =>
  table.cells.length > MOST_LISTED ? { ...table, cells: [] } : table;

/** A page whose text is at hand. Without a letter or a field it is blank, which it then says. */
export function textPage(
  { number, label, fields = [], pictures = [], warnings = [] }: Place,
  { text, tables = [], spans }: { text: string; tables?: readonly Table[]; spans?: readonly Span[] },
): Page {
  const isBlank = text.trim() === '' && fields.length === 0;
  const isExplained = warnings.some(({ code }) => code === 'part-not-read');
  return {
    number,
    ...(label !== undefined && { label }),
    text,
    spans: spans ?? paragraphs(text),
    tables,
    fields,
    pictures,
    via: isBlank ? 'none' : 'text',
    warnings: isBlank && !isExplained ? [blank(placeName(number, label), pictures), ...warnings] : warnings,
  };
}

const blank = (place: string, pictures: readonly Picture[]) =>
  pictures.length > 0
    ? problem('picture-not-read', `${place} holds pictures only, which were not read.`)
    : problem('blank', `${place} is blank.`);

/** The label stands in the file, and may be long. */
function placeName(number: number, label: string | undefined): string {
  const name = (label ?? '').replace(/\s+/g, ' ').trim();
  if (name === '') return `Page ${number}`;
  return `“${name.length > MOST_NAME ? `${name.slice(0, MOST_NAME)}…` : name}”`;
}

const MOST_NAME = 60;

const spansOf = (block: Block): readonly Span[] =>
  block.type === 'text'
    ? [{ text: block.text }]
    : block.table.cells.filter(({ text }) => text !== '').map(({ text }) => ({ text }));

/** Parts of the text between empty lines. */
const paragraphs = (text: string): readonly Span[] =>
  text
    .split(/\n[ \t]*\n/)
    .filter((part) => part.trim() !== '')
    .map((part) => ({ text: part.trim() }));
