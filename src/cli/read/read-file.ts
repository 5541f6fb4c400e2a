import { firstLine } from '../../errors.ts';
import { type Document, problem } from '../../readers/document.ts';
import { loadFile } from '../../readers/load-file.ts';
import { readDocument } from '../../readers/read-document.ts';
import type { Part } from '../../readers/reader.ts';
import type { ReadRequest } from './parse-request.ts';
import type { Passwords } from './passwords.ts';
import type { StatusLine } from './status-line.ts';

export type ReadFileOptions = {
  readonly request: ReadRequest;
  readonly passwords: Passwords;
  readonly signal: AbortSignal;
  readonly onPart: (part: Part) => void;
  readonly status: StatusLine;
};

/** Reads a file of the disk. Whatever is wrong with it stands in the report; rejects only when it is aborted. */
export async function readFile(path: string, options: ReadFileOptions): Promise<Document> {
  const { request, passwords, signal, onPart, status } = options;
  const { pages, ocr, languages, gps } = request;
  const loaded = await loadFile(path);
  if (!loaded.ok) return refused(loaded.problem);
  try {
    return await passwords.unlock({
      name: path,
      read: (password) =>
        readDocument(loaded.bytes, {
          name: path,
          ocr,
          gps,
          signal,
          onPart,
          ...(pages && { pages }),
          ...(languages && { languages }),
          ...(password !== undefined && { password }),
        }),
      problemOf: ({ report }) => report.refused?.code,
      status,
    });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return refused(
      problem('reader-failed', `This file could not be read: its reader failed (${firstLine(error)}).`),
    );
  }
}

/** Of a file whose bytes were not looked at. */
const refused = (why: ReturnType<typeof problem>): Document => ({
  sha256: '',
  byteLength: 0,
  pageCount: 0,
  pages: [],
  outline: [],
  attachments: [],
  metadata: {},
  report: { pages: [], refused: why, limits: [], warnings: [] },
});
