import { type Problem, problem } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, ReadFormat, ReadJob } from '../reader.ts';
import type { AttachedFile } from './annotations.ts';
import { readLabels, readMetadata, readOutline } from './document-facts.ts';
import { hasPictures } from './has-pictures.ts';
import { isRebuilt, openPdf } from './open-pdf.ts';
import { createPageOcr } from './page-ocr.ts';
import { attachedFiles, readAttachments } from './read-attachments.ts';
import { type PageSource, readPage } from './read-page.ts';

/** A PDF, page by page. Attachments and an invoice in them come before the pages. */
export const readPdf: ReadFormat = async function* (bytes, job) {
  const { password } = job.options;
  const opened = await openPdf(bytes, { password, purpose: 'text', limits: job.limits });
  if (!opened.ok) {
    yield { type: 'refused', problem: opened.problem };
    return;
  }
  if (opened.pdf.numPages === 0) {
    await opened.close();
    yield { type: 'refused', problem: problem('damaged', 'This PDF has no pages: it is damaged.') };
    return;
  }
  const ocr = createPageOcr(bytes, job);
  try {
    yield* readOpened({ opened, job, ocr, hasPictures: hasPictures(bytes) });
  } finally {
    await ocr.close();
    await opened.close();
  }
};

async function* readOpened(source: PageSource): AsyncGenerator<Part> {
  const { pdf } = source.opened;
  const [outline, metadata] = [await readOutline(pdf), await readMetadata(pdf)];
  yield { type: 'start', pageCount: pdf.numPages, outline, metadata };
  const { limits, options } = source.job;
  if (pdf.numPages > limits.pages * NO_DOCUMENT && !options.pages) {
    yield { type: 'limit', problem: noDocument(pdf.numPages) };
    return;
  }
  const files = await attachedFiles(pdf);
  yield* readAttachments(pdf, files);
  const onPages: AttachedFile[] = [];
  yield* readPages(source, (file) => onPages.push(file));
  yield* readAttachments(pdf, onPages);
  if (isRebuilt(source.opened)) yield { type: 'warning', problem: RECOVERED };
}

/** A file that claims so many times the pages that are read at once was made to keep its reader busy: to find a page in
 * a flat list of 200,000 takes 10 ms. */
const NO_DOCUMENT = 10;
const noDocument = (pageCount: number): Problem =>
  problem(
    'too-many-pages',
    `Not read: this file says that it has ${pageCount} pages, more than any document. Ask for some of them by number.`,
  );

const RECOVERED: Problem = problem(
  'recovered',
  'This file is damaged: what could be recovered was read, and something may be missing.',
);

async function* readPages(source: PageSource, attach: (file: AttachedFile) => void): AsyncGenerator<Part> {
  const { opened, job, ocr } = source;
  const labels = await readLabels(opened.pdf);
  let [count, spent] = [0, 0];
  for (let number = 1; number <= opened.pdf.numPages; number += 1) {
    if (!isWanted(number, job.options.pages)) continue;
    job.signal.throwIfAborted();
    const limit = whyStopped({ count, spent: spent - ocr.spent() }, job);
    if (limit) {
      yield { type: 'limit', problem: limit };
      return;
    }
    const start = performance.now();
    const { page, files } = await readPage(number, source);
    spent += performance.now() - start;
    count += 1;
    for (const file of files) attach(file);
    const label = labels[number - 1];
    yield { type: 'page', page: label && label !== String(number) ? { ...page, label } : page };
  }
}

function whyStopped(
  { count, spent }: { readonly count: number; readonly spent: number },
  { limits }: ReadJob,
): Problem | undefined {
  if (count >= limits.pages) {
    return problem(
      'too-many-pages',
      `Not read: at most ${limits.pages} pages are read at once. Ask for these pages.`,
    );
  }
  if (spent < limits.documentMs) return undefined;
  const seconds = Math.round(limits.documentMs / 1000);
  return problem('too-slow', `Not read: reading took longer than ${seconds} seconds. Ask for these pages.`);
}
