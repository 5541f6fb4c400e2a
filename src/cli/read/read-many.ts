import type { Document } from '../../readers/document.ts';
import type { FoundFiles } from '../../readers/find-files.ts';
import type { Part } from '../../readers/reader.ts';
import { escapeLine } from '../../terminal-text.ts';
import { EXIT } from '../command.ts';
import { plural } from '../output.ts';
import { createFileTable } from './file-table.ts';
import { toProgressLine } from './progress-bar.ts';
import { readFile } from './read-file.ts';
import type { ReadContext } from './read-one.ts';
import { createStatusLine, type StatusLine } from './status-line.ts';
import { type Summary, summarizeDocument } from './summarize-document.ts';
import { createTally, type Tally } from './tally.ts';
import { createTableWriter } from './write-tables.ts';

/** Files one after the other: a row for each of what was read how, or their JSON, or their tables. */
export async function readMany(found: FoundFiles, context: ReadContext): Promise<number> {
  const { output, passwords, signal } = context;
  const tally = createTally();
  const progress = createProgress(found.files.length, tally);
  try {
    const isFailed = await readAll(found, { ...context, tally, progress }).finally(progress.status.end);
    for (const sentence of tally.sentences(found)) output.note(escapeLine(sentence));
    const advice = tally.isLocked() ? passwords.advice('password-needed') : undefined;
    if (advice) output.note(advice);
    return isFailed ? EXIT.failed : EXIT.done;
  } catch (error) {
    if (signal.aborted && !output.closed.aborted)
      output.note(`Interrupted after ${tally.files()} of ${plural(found.files.length, 'file')}.`);
    throw error;
  }
}

type BatchContext = ReadContext & { readonly tally: Tally; readonly progress: Progress };

/** Whether a file that was named could not be read: of those in a folder some never can. */
async function readAll({ files }: FoundFiles, context: BatchContext): Promise<boolean> {
  const { request, signal, tally, progress } = context;
  const writer = createWriter(
    files.map(({ path }) => path),
    context,
  );
  let isFailed = false;
  for (const { path, isNamed } of files) {
    signal.throwIfAborted();
    progress.startFile(path);
    const onPart = (part: Part) => {
      progress.addPart(part);
      writer.addPart(path, part);
    };
    const document = await readFile(path, { ...context, onPart, status: progress.status });
    const summary = summarizeDocument(document, request.pages);
    progress.status.clear();
    writer.addFile(path, document, summary);
    tally.add(document, summary);
    isFailed ||= isNamed && summary.isRead === 'no';
  }
  return isFailed;
}

type Progress = {
  readonly status: StatusLine;
  startFile(path: string): void;
  addPart(part: Part): void;
};

function createProgress(total: number, tally: Tally): Progress {
  const started = performance.now();
  let current = { name: '', page: 0, pageCount: 0 };
  const status = createStatusLine(process.stderr, (columns) => {
    const elapsedMs = performance.now() - started;
    return toProgressLine({ ...current, done: tally.files(), total, elapsedMs }, columns);
  });
  return {
    status,
    startFile: (path) => {
      current = { name: escapeLine(path), page: 0, pageCount: 0 };
    },
    addPart: (part) => {
      if (part.type === 'start') current = { ...current, pageCount: part.pageCount };
      if (part.type === 'page') current = { ...current, page: part.page.number };
    },
  };
}

function createWriter(paths: readonly string[], { request, output, progress }: BatchContext) {
  const { isTTY, columns } = process.stdout;
  const table = createFileTable(paths, isTTY ? columns || 80 : undefined);
  const tables = createTableWriter(output);
  if (request.format === 'text' && paths.length > 0) output.answer(table.head);
  return {
    addPart: (path: string, part: Part) => {
      if (request.format !== 'csv') return;
      progress.status.clear();
      tables.add(part, path);
    },
    addFile: (path: string, document: Document, summary: Summary) => {
      if (request.format === 'text') output.answer(table.toRow({ path, document, summary }));
      if (request.format === 'json') output.json({ file: path, ...document });
      const [wrong] = summary.wrong;
      if (request.format === 'csv' && wrong !== undefined) output.note(escapeLine(`${path}: ${wrong}`));
    },
  };
}
