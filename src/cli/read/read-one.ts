import type { Document } from '../../readers/document.ts';
import type { Part } from '../../readers/reader.ts';
import { escapeLine } from '../../terminal-text.ts';
import { EXIT } from '../command.ts';
import type { Output } from '../output.ts';
import type { ReadRequest } from './parse-request.ts';
import type { Passwords } from './passwords.ts';
import { readFile } from './read-file.ts';
import { pageHeading } from './show-page.ts';
import { reportLines } from './show-report.ts';
import { createStatusLine } from './status-line.ts';
import { summarizeDocument } from './summarize-document.ts';
import { createTableWriter } from './write-tables.ts';

export type ReadContext = {
  readonly request: ReadRequest;
  readonly output: Output;
  readonly passwords: Passwords;
  readonly signal: AbortSignal;
};

/** One file: its text, page by page as it is read, then what is to be said of its pages. */
export async function readOne(path: string, context: ReadContext): Promise<number> {
  const { request, output, passwords, signal } = context;
  let reading = { page: 0, pageCount: 0 };
  const status = createStatusLine(process.stderr, () =>
    reading.pageCount > 1
      ? `Reading page ${Math.min(reading.page + 1, reading.pageCount)} of ${reading.pageCount}…`
      : 'Reading…',
  );
  const tables = createTableWriter(output);
  const write = { text: createPageWriter(output), csv: (part: Part) => tables.add(part), json: () => {} }[
    request.format
  ];
  const onPart = (part: Part) => {
    if (part.type === 'start') reading = { page: 0, pageCount: part.pageCount };
    else if (part.type === 'page')
      reading = { page: part.page.number, pageCount: Math.max(reading.pageCount, part.page.number) };
    status.clear();
    write(part);
  };
  try {
    const document = await readFile(path, { request, passwords, signal, onPart, status });
    status.end();
    report(path, document, context);
    const { refused, limits } = document.report;
    const isWhole = !refused && limits.length === 0;
    if (request.format === 'csv' && tables.count() === 0 && isWhole) output.note('There is no table in it.');
    const advice = passwords.advice(refused?.code);
    if (advice) output.note(advice);
    return summarizeDocument(document, request.pages).isRead === 'no' ? EXIT.failed : EXIT.done;
  } catch (error) {
    status.end();
    const { page, pageCount } = reading;
    const sofar = page > 0 ? ` after page ${page} of ${pageCount}` : ': nothing was read yet';
    if (signal.aborted && !output.closed.aborted) output.note(`Interrupted${sofar}.`);
    throw error;
  }
}

/** Text alone where it goes into a file or another program; for a person, each page under its heading. */
function createPageWriter(output: Output): (part: Part) => void {
  let pageCount = 0;
  let isFirst = true;
  return (part) => {
    if (part.type === 'start') pageCount = part.pageCount;
    if (part.type !== 'page') return;
    const { page } = part;
    const isPlain = pageCount <= 1 && page.via === 'text';
    const heading =
      process.stdout.isTTY && !isPlain ? [pageHeading(page, Math.max(pageCount, page.number))] : [];
    const text = page.text.replace(/\s+$/, '');
    const lines = [...heading, ...(text === '' ? [] : [text])];
    if (lines.length === 0) return;
    output.answer((isFirst ? '' : '\n') + lines.join('\n'));
    isFirst = false;
  };
}

function report(path: string, document: Document, { request, output }: ReadContext): void {
  const { refused } = document.report;
  if (request.format === 'json') {
    output.json({ file: path, ...document });
    if (refused) output.note(escapeLine(`${path}: ${refused.sentence}`));
    return;
  }
  const { isTTY, columns } = process.stderr;
  const width = isTTY && columns ? { columns } : {};
  if (process.stdout.isTTY && process.stderr.isTTY && document.pages.length > 0) output.note('');
  const [first, ...lines] = reportLines(path, document, {
    ...(request.pages && { pages: request.pages }),
    ...width,
  });
  output.progress(`${first?.text}\n`, 'bold');
  for (const { text, isBad } of lines) output.progress(`${text}\n`, isBad ? 'red' : 'plain');
}
