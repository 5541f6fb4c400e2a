/**
 * A document as text for a model: the pages behind short marker lines, as many as fit, and at the end how to read on.
 * What the file says stays as it is; what we say of it stands in `[ ]` on a line of its own.
 */

import { escapeLine } from '../terminal-text.ts';
import type { Document, Kind, Page } from './document.ts';
import { documentHead } from './document-head.ts';
import { formatRanges, isWanted, mergeRanges, type PageRange } from './page-ranges.ts';
import { withTableRows } from './table-rows-text.ts';

export type PagesTextOptions = {
  readonly maxCharacters: number;
  /** Default: all. */
  readonly pages?: readonly PageRange[];
  /** Of the first page that is shown, 1-based. Default: 1. */
  readonly fromLine?: number;
  /** Of the first page that is shown; no other page is shown then. Default: as many as fit. */
  readonly lineCount?: number;
};

/** Room for the sentence about what is not shown. */
const NOTE_CHARACTERS = 200;
/** A longer line is broken, so that a cut between lines can come everywhere. */
const LONGEST_LINE = 1000;
const LONGEST_LABEL = 80;
/** Kinds whose only page is no page. */
const PAGELESS: readonly (Kind | undefined)[] = [
  'docx',
  'odt',
  'html',
  'csv',
  'tsv',
  'json',
  'xml',
  'markdown',
  'text',
];

/** Undefined where `fromLine` is behind the end of the first page. */
export function pagesText(document: Document, options: PagesTextOptions): string | undefined {
  const { fromLine = 1, lineCount } = options;
  const [first, ...others] = itemsOf(document, options.pages);
  if (!first) return documentHead(document);
  if (first.isLeft) return leftNote([first, ...others]);
  const head = fromLine === 1 && first.first === 1 ? documentHead(document) : '';
  const room = Math.max(LONGEST_LINE / 4, options.maxCharacters - NOTE_CHARACTERS - head.length);
  const start = cutItem(first, { room, fromLine, lineCount });
  if (!start) return undefined;
  const shown = [head, start.text];
  const rest = document.pageCount === 1 ? [] : [first, ...others];
  if (start.last < first.lines.length) return join([...shown, cutNote(start, first, rest)]);
  let used = start.text.length;
  for (const [index, item] of others.entries()) {
    const text = join([item.marker, item.lines.join('\n')]);
    used += text.length + 1;
    if (used > room || lineCount !== undefined || item.isLeft) {
      return join([...shown, leftNote(others.slice(index))]);
    }
    shown.push(text);
  }
  return join(shown);
}

/** The lines of a page as they are shown, without its marker. */
export function pageLines(page: Page): readonly string[] {
  const fields = page.fields
    .filter(({ value }) => value.trim() !== '')
    .map(({ name, value }) => `${oneLine(name)}: ${oneLine(value)}`);
  const text = withTableRows(page.text, page.tables).replace(/\s+$/, '');
  const lines = text === '' ? [] : text.split('\n').flatMap(breakLine);
  return fields.length === 0 ? lines : [...lines, '[Form fields]', ...fields.flatMap(breakLine)];
}

/** A page, or pages of which the same is to be said. */
type Item = {
  readonly first: number;
  readonly last: number;
  readonly marker: string;
  readonly lines: readonly string[];
  /** Whether nobody has looked at them yet. */
  readonly isLeft: boolean;
};

function itemsOf(document: Document, pages: readonly PageRange[] | undefined): readonly Item[] {
  const byNumber = new Map(document.pages.map((page) => [page.number, page]));
  return document.report.pages.flatMap((entry): Item[] => {
    if (!isWanted(entry.first, pages)) return [];
    if (entry.via === 'none') {
      const marker = `[${places(document, entry.first, entry.last)} ${unread(entry.code)}: ${entry.sentence}]`;
      return [{ ...entry, marker, lines: [], isLeft: entry.code === 'not-looked-at' }];
    }
    const numbers = Array.from({ length: entry.last - entry.first + 1 }, (_, at) => entry.first + at);
    return numbers.flatMap((number) => {
      const page = byNumber.get(number);
      if (!page) return [];
      return [{ first: number, last: number, isLeft: false, ...shownPage(page, document) }];
    });
  });
}

const unread = (code: string | undefined): string =>
  code === 'blank' ? 'has no text' : code === 'not-looked-at' ? 'not shown' : 'could not be read';

function shownPage(page: Page, document: Document): Pick<Item, 'marker' | 'lines'> {
  const lines = pageLines(page);
  const notes = [...page.warnings.map(({ sentence }) => sentence), ...pictureNote(page)];
  const empty = lines.length === 0 ? ['It has no text.'] : [];
  const said = [...new Set([...empty, ...notes])].map((sentence) => `[${escapeLine(sentence)}]`);
  return { marker: [...pageMarker(page, document), ...said].join('\n'), lines };
}

function pageMarker(page: Page, document: Document): readonly string[] {
  const how = howRead(page);
  if (document.pageCount === 1 && PAGELESS.includes(document.kind) && how === '') return [];
  const { label = `${page.number}` } = page;
  const name = label === `${page.number}` ? '' : `, "${oneLine(label).slice(0, LONGEST_LABEL)}"`;
  return [`[${places(document, page.number)}${name}${how}]`];
}

function howRead({ via, confidence }: Page): string {
  const sure = confidence === undefined ? '' : `, confidence ${Math.round(confidence)} of 100`;
  if (via === 'ocr') return `, read by OCR${sure}`;
  if (via === 'ocr-layer') return ', a scan with text that another program read';
  if (via === 'vision') return ', read by a vision model';
  return via === 'form' ? ', values of its form only' : '';
}

function pictureNote({ pictures, warnings }: Page): readonly string[] {
  const left = pictures.filter(({ read }) => !read).length;
  if (left === 0 || warnings.some(({ code }) => code === 'picture-not-read')) return [];
  return [
    left === 1 ? 'A picture on this page was not read.' : `${left} pictures on this page were not read.`,
  ];
}

const places = ({ pageCount }: Document, first: number, last = first): string =>
  `${first === last ? `Page ${first}` : `Pages ${first} to ${last}`} of ${pageCount}`;

type Cut = { readonly text: string; readonly last: number };

/** From a line on as many lines of a page as fit, one at least. `last`: the last line that is shown, 1-based. */
function cutItem(
  { marker, lines }: Item,
  options: { readonly room: number; readonly fromLine: number; readonly lineCount: number | undefined },
): Cut | undefined {
  const { room, fromLine, lineCount = lines.length } = options;
  if (fromLine > Math.max(1, lines.length)) return undefined;
  const wanted = lines.slice(fromLine - 1, fromLine - 1 + lineCount);
  let used = marker.length;
  const tooMany = wanted.findIndex((line) => {
    used += line.length + 1;
    return used > room;
  });
  const shown = tooMany === -1 ? wanted : wanted.slice(0, Math.max(1, tooMany));
  return { text: join([marker, shown.join('\n')]), last: fromLine - 1 + shown.length };
}

function cutNote({ last }: Cut, page: Item, pages: readonly Item[]): string {
  const lines = `is cut after line ${last} of ${page.lines.length}`;
  if (pages.length === 0) return `[It ${lines}: read on with from_line ${last + 1}.]`;
  return `[Page ${page.first} ${lines}: read on with pages "${askFor(pages)}" and from_line ${last + 1}.]`;
}

function leftNote(pages: readonly Item[]): string {
  const asked = askFor(pages);
  if (/^\d+$/.test(asked)) return `[Page ${asked} is not shown: read it with pages "${asked}".]`;
  const [, first, last] = /^(\d+)-(\d+)$/.exec(asked) ?? [];
  const named = first ? `${first} to ${last}` : asked;
  return `[Pages ${named} are not shown: read them with pages "${asked}".]`;
}

/** The pages of these items as they are asked for, such as `3,7-9`. */
const askFor = (items: readonly Item[]): string =>
  formatRanges(mergeRanges(items.map(({ first, last }) => [first, last])));

/** At white space where there is some, never between the halves of a surrogate pair. */
function breakLine(line: string): readonly string[] {
  const parts: string[] = [];
  let rest = line;
  while (rest.length > LONGEST_LINE) {
    const start = rest.slice(0, LONGEST_LINE).replace(/[\ud800-\udbff]$/, '');
    const space = start.lastIndexOf(' ') + 1;
    const cut = space > LONGEST_LINE / 2 ? space : start.length;
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut);
  }
  return [...parts, rest];
}

const oneLine = (text: string): string => escapeLine(text.trim().replace(/\s+/g, ' '));

const join = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n');
