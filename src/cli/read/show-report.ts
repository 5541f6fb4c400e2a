import type { Attachment, Document, Invoice, ReportEntry } from '../../readers/document.ts';
import { isWanted, type PageRange } from '../../readers/page-ranges.ts';
import { escapeLine } from '../../terminal-text.ts';
import { plural } from '../output.ts';
import { keepStart, wrap } from './text-width.ts';

export type ReportLine = { readonly text: string; readonly isBad: boolean };

const METADATA_COLUMNS = 200;
/** Which program wrote a file tells a person nothing; --json has it. */
const PROGRAMS = ['producer', 'creator'];
/** Page ranges that are named in one line. */
const RANGES = 12;

/** What a person should know of a file that was read, in lines; broken at `columns` where they are given. */
export function reportLines(
  path: string,
  document: Document,
  { pages, columns }: { readonly pages?: readonly PageRange[]; readonly columns?: number },
): readonly ReportLine[] {
  const { report, pageCount, byteLength, kind, attachments, metadata, invoice } = document;
  const size = [kind, pageCount > 0 && plural(pageCount, 'page'), byteLength > 0 && toSize(byteLength)];
  const facts = size.filter(Boolean).join(', ');
  const bad = (sentence: string) => ({ text: sentence, isBad: true });
  const good = (sentence: string) => ({ text: sentence, isBad: false });
  const isSaid = (sentence: string) => report.pages.some((entry) => entry.sentence === sentence);
  const lines: readonly ReportLine[] = [
    ...(report.refused ? [bad(report.refused.sentence)] : []),
    ...pageLines(report.pages, { pageCount, ...(pages && { pages }) }),
    ...beyond(pageCount, pages).map(bad),
    ...report.limits.filter(({ sentence }) => !isSaid(sentence)).map(({ sentence }) => bad(sentence)),
    ...report.warnings.map(({ sentence }) => good(sentence)),
    ...(invoice ? [good(invoiceLine(invoice))] : []),
    ...attachments.map((attachment) => good(attachmentLine(attachment))),
    ...Object.entries(metadata)
      .filter(([name]) => !PROGRAMS.includes(name))
      .map(([name, value]) => good(keepStart(escapeLine(`${name}: ${value}`), METADATA_COLUMNS))),
  ];
  const shown = lines.map(({ text, isBad }) => ({ text: `  ${escapeLine(text)}`, isBad }));
  const all = [good(escapeLine(facts === '' ? path : `${path}: ${facts}`)), ...shown];
  if (!columns) return all;
  return all.map((line) => ({ ...line, text: wrap(line.text, { columns, indent: '    ' }) }));
}

/** Pages of which the same is to be said stand in one line, where the first of them would stand. */
function pageLines(
  entries: readonly ReportEntry[],
  { pageCount, pages }: { readonly pageCount: number; readonly pages?: readonly PageRange[] },
): readonly ReportLine[] {
  const asked = entries.filter(({ first, code, via }) => isWanted(first, pages) || via !== 'none' || code);
  const groups = Map.groupBy(asked, ({ sentence }) => sentence);
  return [...groups].map(([sentence, group]) => ({
    text: pageCount > 1 ? `${toPlaces(group)}: ${sentence}` : sentence,
    isBad: group.some(({ via, code }) => via === 'none' && code !== 'blank'),
  }));
}

/** `page 3`, `pages 1-5, 7` */
function toPlaces(group: readonly ReportEntry[]): string {
  const ranges = group.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  const count = group.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const more = ranges.length - RANGES;
  const shown =
    more > 0 ? `${ranges.slice(0, RANGES).join(', ')} and others, ${count} in all` : ranges.join(', ');
  return `${count === 1 ? 'page' : 'pages'} ${shown}`;
}

function beyond(pageCount: number, pages: readonly PageRange[] = []): readonly string[] {
  const missing = pages.filter(([, last]) => last > pageCount && last !== Number.MAX_SAFE_INTEGER);
  const after = pages.some(([first]) => first > pageCount);
  if (pageCount === 0 || (missing.length === 0 && !after)) return [];
  return [`The file has ${plural(pageCount, 'page')}: not all that were asked for are there.`];
}

function invoiceLine({ name, number, date, seller, buyer, total, currency, due }: Invoice): string {
  const facts = [
    number && `number ${number}`,
    date && `of ${date}`,
    seller && `from ${seller}`,
    buyer && `to ${buyer}`,
    total && `total ${[total, currency].filter(Boolean).join(' ')}`,
    due && `due ${due}`,
  ];
  return `Electronic invoice (${name}): ${facts.filter(Boolean).join(', ')}.`;
}

function attachmentLine({ name, byteLength, read }: Attachment): string {
  return `Attached: ${JSON.stringify(name)}, ${toSize(byteLength)}, ${read ? 'read' : 'not read'}.`;
}

function toSize(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte');
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
