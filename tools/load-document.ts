import { basename } from 'node:path';
import type { Document } from '../src/readers/document.ts';
import { documentHead } from '../src/readers/document-head.ts';
import { isWanted, type PageRange } from '../src/readers/page-ranges.ts';
import { pageLines } from '../src/readers/pages-text.ts';
import { readDocument } from '../src/readers/read-document.ts';
import { decodeText } from '../src/readers/text/decode-text.ts';
import { escapeLine } from '../src/terminal-text.ts';
import type { ToolFailure } from '../src/tool/define-tool.ts';
import { toolFailure } from '../src/tool/tool-result.ts';
import type { PlacedLine } from './document-parts.ts';
import { parsePages } from './parse-pages.ts';
import { isPlain } from './read-file.ts';
import { beyondEnd, missingPage, refusal, unclearPages } from './read-for-model.ts';

/** All lines of a document, each with its place. */
export type LoadedDocument = {
  readonly lines: readonly PlacedLine[];
  /** What the places are. */
  readonly unit: 'line' | 'page';
  /** How many of them there are. */
  readonly count: number;
  /** What of the document could not be read, in sentences. */
  readonly notes: readonly string[];
};

type LoadOptions = { readonly path: string; readonly pages: string; readonly signal: AbortSignal };

/** The whole of a file, or of the pages that were asked for; a failure for the model where that cannot be. */
export async function loadDocument(
  bytes: Uint8Array,
  { path, pages, signal }: LoadOptions,
): Promise<LoadedDocument | ToolFailure> {
  const asked = parsePages(pages);
  if (!asked.ok) return toolFailure(unclearPages(pages));
  if (isPlain(bytes, path)) {
    if (asked.ranges) {
      return toolFailure(`${escapeLine(path)} is a text without pages. Ask about it without "pages".`);
    }
    const { text, warnings } = decodeText(bytes);
    const lines = text.replace(/\n$/, '').split('\n');
    return inLines(
      text === '' ? [] : lines,
      warnings.map(({ sentence }) => sentence),
    );
  }
  const wanted = asked.ranges && { pages: asked.ranges };
  const document = await readDocument(bytes, { name: basename(path), ...wanted, signal });
  const { refused } = document.report;
  if (refused) return toolFailure(refusal(path, refused));
  const missing = missingPage(document.pageCount, asked.ranges);
  if (missing !== undefined) return toolFailure(beyondEnd(path, document.pageCount, missing));
  const notes = notesOf(document, asked.ranges);
  const head = documentHead(document).split('\n').filter(Boolean);
  const [first] = document.pages;
  if (document.pageCount === 1) return inLines(first ? pageLines(first) : [], notes, head);
  const lines = document.pages.flatMap((page) =>
    [...(page === first ? head : []), ...pageLines(page)].map((text) => ({ text, at: page.number })),
  );
  const { length: count } = document.pages.filter(({ via }) => via !== 'none');
  return { lines, unit: 'page', count, notes };
}

/** The head stands before the first line. */
const inLines = (
  lines: readonly string[],
  notes: readonly string[],
  head: readonly string[] = [],
): LoadedDocument => ({
  lines: [...head.map((text) => ({ text, at: 1 })), ...lines.map((text, index) => ({ text, at: index + 1 }))],
  unit: 'line',
  count: lines.length,
  notes,
});

function notesOf({ report }: Document, ranges: readonly PageRange[] | undefined): readonly string[] {
  const unread = report.pages.flatMap(({ via, first, last, code, sentence }) => {
    if (via !== 'none' || code === 'blank' || !isWanted(first, ranges)) return [];
    return [
      `${first === last ? `Page ${first}` : `Pages ${first} to ${last}`} could not be read: ${sentence}`,
    ];
  });
  return [...unread, ...report.limits.map(({ sentence }) => sentence)].map(escapeLine);
}
