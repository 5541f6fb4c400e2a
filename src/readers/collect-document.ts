import type {
  Attachment,
  Document,
  Invoice,
  Kind,
  OutlineEntry,
  Page,
  Problem,
  ReportEntry,
} from './document.ts';
import { isWanted, type PageRange } from './page-ranges.ts';
import type { Part } from './reader.ts';

export type Collector = {
  setKind(kind: Kind): void;
  add(part: Part): void;
  /** Reading ended early. */
  stop(problem: Problem): void;
  document(): Document;
};

/** Gathers the parts of a file. `pages`: those that are asked for. */
export function createCollector(
  { sha256, byteLength }: { readonly sha256: string; readonly byteLength: number },
  pages?: readonly PageRange[],
): Collector {
  let kind: Kind | undefined;
  let start: Part & { type: 'start' } = { type: 'start', pageCount: 0 };
  let refused: Problem | undefined;
  let invoice: Invoice | undefined;
  const read: Page[] = [];
  const attachments: Attachment[] = [];
  const limits: Problem[] = [];
  const warnings: Problem[] = [];
  const add = (part: Part) => {
    if (part.type === 'start') start = part;
    else if (part.type === 'page') read.push(part.page);
    else if (part.type === 'attachment') attachments.push(part.attachment);
    else if (part.type === 'invoice') invoice ??= part.invoice;
    else if (part.type === 'warning') warnings.push(part.problem);
    else if (part.type === 'limit') limits.push(part.problem);
    else refused ??= part.problem;
  };
  return {
    setKind: (found) => {
      kind = found;
    },
    add,
    stop: (problem) => add({ type: start.pageCount > 0 ? 'limit' : 'refused', problem }),
    document: () => {
      const outline: readonly OutlineEntry[] = start.outline ?? [];
      // Attachments of a mail have pages that its start does not know, and reading may stop among them.
      const pageCount = Math.max(start.pageCount, read.at(-1)?.number ?? 0);
      const report = {
        pages: reportPages({ pageCount, read, limit: limits[0], wanted: pages }),
        ...(refused && { refused }),
        limits,
        warnings,
      };
      return {
        ...(kind && { kind }),
        sha256,
        byteLength,
        pageCount,
        pages: read,
        outline,
        attachments,
        metadata: start.metadata ?? {},
        ...(invoice && { invoice }),
        report,
      };
    },
  };
}

/** Every page once; pages after each other of which the same is to be said are one entry. */
function reportPages({
  pageCount,
  read,
  limit,
  wanted,
}: {
  readonly pageCount: number;
  readonly read: readonly Page[];
  readonly limit: Problem | undefined;
  readonly wanted: readonly PageRange[] | undefined;
}): readonly ReportEntry[] {
  const byNumber = new Map(read.map((page) => [page.number, page]));
  const entries: ReportEntry[] = [];
  for (let number = 1; number <= pageCount; number += 1) {
    const entry = reportPage(number, byNumber.get(number), isWanted(number, wanted) ? limit : NOT_ASKED);
    const last = entries.at(-1);
    if (last && isSame(last, entry)) entries[entries.length - 1] = { ...last, last: number };
    else entries.push(entry);
  }
  return entries;
}

const NOT_ASKED = { sentence: 'Not asked for.' };
const NOT_REACHED = { sentence: 'Not read: the file ended before it.' };

function reportPage(
  number: number,
  page: Page | undefined,
  missing: { readonly code?: Problem['code']; readonly sentence: string } = NOT_REACHED,
): ReportEntry {
  const place = { first: number, last: number };
  if (!page) return { ...place, via: 'none', ...missing };
  const [why, ...others] = page.warnings;
  const said = page.via === 'none' ? [why?.sentence ?? 'Nothing could be read.'] : [howRead(page)];
  const rest = page.via === 'none' ? others : page.warnings;
  const left = page.pictures.filter((picture) => !picture.read).length;
  const isSaid = page.warnings.some(({ code }) => code === 'picture-not-read');
  if (left > 0 && !isSaid && page.via !== 'none')
    said.push(left === 1 ? 'A picture was not read.' : `${left} pictures were not read.`);
  const code = page.via === 'none' ? why?.code : undefined;
  const sentence = [...new Set([...said, ...rest.map((warning) => warning.sentence)])].join(' ');
  return { ...place, via: page.via, sentence, ...(code && { code }) };
}

function howRead({ via, confidence }: Page): string {
  const sure = confidence === undefined ? '' : `, confidence ${Math.round(confidence)} of 100`;
  if (via === 'ocr') return `A picture of text: read by OCR${sure}.`;
  if (via === 'ocr-layer') return 'A scan: read from the text that another program laid over it.';
  if (via === 'vision') return 'Read by a vision model.';
  return via === 'form' ? 'Read from the values of its form.' : 'Read as text.';
}

const isSame = (a: ReportEntry, b: ReportEntry): boolean =>
  a.via === b.via && a.sentence === b.sentence && a.code === b.code;
