import { hash } from 'node:crypto';
import type { Field, Row, Value } from '../../extract/extraction.ts';
import { type QuoteContext, quoteContext } from '../../extract/report/quote-context.ts';
import type { Document } from '../../readers/document.ts';
import { loadFile } from '../../readers/load-file.ts';
import { readDocument } from '../../readers/read-document.ts';
import { helpFrom, type PageHelp } from './review-help.ts';

/** What stands around the quote; where there is none in the document, what helps instead; or why neither can be shown. */
export type Surroundings = QuoteContext | PageHelp | string;

export type PageTexts = {
  around(row: Row, field: Field, value: Value): Promise<Surroundings>;
};

const NO_TEXT = 'No text of the document can be shown.';

type Read = Document | string;

/** Reads documents again, one at a time as they are looked at. */
export function createPageTexts(options: {
  readonly languages?: readonly string[];
  readonly signal: AbortSignal;
}): PageTexts {
  const { languages, signal } = options;
  let last: { readonly sha256: string; readonly read: Promise<Read> } | undefined;
  const open = (row: Row): Promise<Read> => {
    if (last?.sha256 !== row.sha256) last = { sha256: row.sha256, read: readAgain(row) };
    return last.read;
  };
  const readAgain = async (row: Row): Promise<Read> => {
    const loaded = await loadFile(row.file);
    if (!loaded.ok) return `What stands around it cannot be shown. ${loaded.problem.sentence}`;
    if (hash('sha256', loaded.bytes) !== row.sha256)
      return 'What stands around it cannot be shown: the file was changed after it was read.';
    return readDocument(loaded.bytes, { name: row.file, signal, ...(languages && { languages }) });
  };
  return {
    around: async (row, field, value) => {
      const { quote, original, page } = value;
      const document = await open(row);
      if (typeof document === 'string') return document;
      if (page === undefined) return helpFrom(document, field, value) ?? NO_TEXT;
      return quoteContext(
        { quote: quote ?? '', ...(original !== undefined && { original }) },
        document.pages.find(({ number }) => number === page),
      );
    },
  };
}
