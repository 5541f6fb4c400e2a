import { basename } from 'node:path';
import type { Problem } from '../src/readers/document.ts';
import type { PageRange } from '../src/readers/page-ranges.ts';
import { pageLines, pagesText } from '../src/readers/pages-text.ts';
import { readDocument } from '../src/readers/read-document.ts';
import type { Part } from '../src/readers/reader.ts';
import { escapeLine } from '../src/terminal-text.ts';
import type { ToolContext, ToolOutput } from '../src/tool/define-tool.ts';
import { toolFailure } from '../src/tool/tool-result.ts';
import { parsePages } from './parse-pages.ts';

/** Of one result. */
export const MAX_CHARACTERS = 12_000;
/** When so much time has passed, the pages that were read are given, and the rest is left to another call. */
const READ_MS = 45_000;
/** One page may take long, and other calls may be before it. */
export const READ_TIMEOUT_MS = 300_000;

export type ReadForModelInput = {
  readonly path: string;
  /** As the model wrote them. */
  readonly pages?: string | undefined;
  readonly from_line?: number | undefined;
  readonly line_count?: number | undefined;
};

/** The text of a file of any kind for a model: of the pages that were asked for as many as fit. */
export async function readForModel(
  bytes: Uint8Array,
  input: ReadForModelInput,
  { maxCharacters, signal }: Pick<ToolContext, 'maxCharacters' | 'signal'>,
): Promise<ToolOutput> {
  const { path, pages = '', from_line: fromLine = 1, line_count: lineCount } = input;
  const asked = parsePages(pages);
  if (!asked.ok) return toolFailure(unclearPages(pages));
  const room = Math.min(MAX_CHARACTERS, maxCharacters);
  const onPart = createEnough({ room, fromLine, lineCount });
  const wanted = asked.ranges && { pages: asked.ranges };
  const document = await readDocument(bytes, { name: basename(path), ...wanted, signal, onPart });
  const { refused } = document.report;
  if (refused) return toolFailure(refusal(path, refused));
  const missing = missingPage(document.pageCount, asked.ranges);
  if (missing !== undefined) return toolFailure(beyondEnd(path, document.pageCount, missing));
  const range = { fromLine, ...(lineCount !== undefined && { lineCount }) };
  const text = pagesText(document, { maxCharacters: room, ...wanted, ...range });
  return text ?? toolFailure(`${escapeLine(path)} has fewer lines there: there is no line ${fromLine}.`);
}

export const unclearPages = (pages: string): string =>
  `${JSON.stringify(pages)} names no pages. Name them by number, the first is 1: "3", "2-5" or "1,4-6".`;

export const beyondEnd = (path: string, count: number, page: number): string =>
  `${escapeLine(path)} has ${count === 1 ? '1 page' : `${count} pages`}: there is no page ${page}.`;

export function refusal(path: string, { code, sentence }: Problem): string {
  const file = escapeLine(path);
  if (code === 'password-needed') {
    return `${file} needs a password, which you cannot give. Tell the user to read it with: sotto read --password-file FILE ${file}`;
  }
  return `${file} cannot be read. ${sentence}`;
}

/** The first page of those that were asked for, where the file has none of them. */
export function missingPage(pageCount: number, ranges: readonly PageRange[] | undefined): number | undefined {
  const first = ranges?.[0]?.[0];
  return first !== undefined && first > pageCount ? first : undefined;
}

type Room = { readonly room: number; readonly fromLine: number; readonly lineCount: number | undefined };

/** Stops the reading when more pages would not fit, or would take too long: a scan of 300 pages is not read for the
 * first of them. */
function createEnough({ room, fromLine, lineCount }: Room): (part: Part) => 'stop' | undefined {
  let started = 0;
  let skipped = fromLine - 1;
  let characters = 0;
  return (part) => {
    if (part.type === 'start') started = performance.now();
    if (part.type !== 'page') return undefined;
    for (const line of pageLines(part.page).slice(skipped)) characters += line.length + 1;
    skipped = 0;
    const isEnough = characters > room || lineCount !== undefined || performance.now() - started > READ_MS;
    return isEnough ? 'stop' : undefined;
  };
}
