import type { Document } from '../../readers/document.ts';
import { escapeLine } from '../../terminal-text.ts';
import type { Summary } from './summarize-document.ts';
import { keepEnd, keepStart, padEnd, widthOf, wrap } from './text-width.ts';

export type FileRow = { readonly path: string; readonly document: Document; readonly summary: Summary };
export type FileTable = { readonly head: string; toRow(row: FileRow): string };

const KIND = 8;
const PAGES = 5;
const HOW = 24;
const FIXED = KIND + PAGES + HOW + 4 * 2;
/** With fewer columns than this, what is not right stands in lines of its own. */
const LEAST_WRONG = 44;
const LEAST_FILE = 16;

/** The table of the files, row by row as they are read. Without `columns` each file has one line, however long. */
export function createFileTable(
  paths: readonly string[],
  columns: number = Number.POSITIVE_INFINITY,
): FileTable {
  const widest = Math.max(4, ...paths.map((path) => widthOf(escapeLine(path))));
  const file = Math.min(widest, Math.max(LEAST_FILE, columns - FIXED));
  const left = columns - FIXED - file - 1;
  const isWide = left >= LEAST_WRONG;
  const toLine = (cells: readonly [string, string, string, string, string]) => {
    const [path, kind, pages, how, wrong] = cells;
    const shown = padEnd(keepEnd(escapeLine(path), file), file);
    const start = [shown, padEnd(kind, KIND), pages.padStart(PAGES), padEnd(how, HOW)].join('  ');
    if (wrong === '') return start.trimEnd();
    const sentence = escapeLine(wrong);
    if (isWide) return `${start}  ${keepStart(sentence, left)}`;
    return `${start.trimEnd()}\n${wrap(`    ${sentence}`, { columns, indent: '    ' })}`;
  };
  return {
    head: toLine(['file', 'kind', 'pages', 'how read', isWide ? 'what is not right' : '']),
    toRow: ({ path, document: { kind, pageCount }, summary: { how, wrong } }) =>
      toLine([path, kind ?? '', pageCount > 0 ? `${pageCount}` : '', how || 'not read', firstOf(wrong)]),
  };
}

/** The first sentence, and how much else there is to say. */
function firstOf([first = '', ...others]: readonly string[]): string {
  const [sentence = '', ...rest] = first.split(/(?<=[.!?])\s+(?=\p{Lu})/u);
  const more = rest.length + others.length;
  return more > 0 ? `${sentence} (and ${more} more)` : sentence;
}
