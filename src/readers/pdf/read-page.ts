import { type Page, type Problem, problem, type Table, unreadPage } from '../document.ts';
import { findTables, type TablePage } from '../pdf-tables/find-tables.ts';
import type { ReadJob } from '../reader.ts';
import { type Annotations, type AttachedFile, readAnnotations } from './annotations.ts';
import { composePage } from './compose-page.ts';
import { type PageText, toPageText } from './layout/page-text.ts';
import { isRebuilt, type OpenPdf } from './open-pdf.ts';
import { type PageGeometry, pageGeometry } from './page-geometry.ts';
import type { PageOcr } from './page-ocr.ts';
import { countLetters, isClearlyText, type Letters } from './page-signals.ts';
import type { PDFPageProxy } from './pdf-library.ts';
import { type PageContent, readContent } from './read-content.ts';
import type { TextItem } from './text-items.ts';
import { readXfaPage } from './xfa-form.ts';

export type PageSource = {
  readonly opened: OpenPdf;
  readonly job: ReadJob;
  readonly ocr: PageOcr;
  /** Whether there are pictures anywhere in the file. */
  readonly hasPictures: boolean;
};
export type ReadPage = { readonly page: Page; readonly files: readonly AttachedFile[] };

/** What stands in the file of a page, before any of it is read from a picture. */
export type PageLayers = {
  readonly number: number;
  readonly size: readonly [width: number, height: number];
  readonly letters: Letters;
  readonly text: PageText;
  readonly annotations: Annotations;
  /** Absent where the page's drawing could not be followed, or need not be. */
  readonly geometry?: PageGeometry | undefined;
  readonly tables: readonly Table[];
  readonly warnings: readonly Problem[];
  /** Whether pdf.js had something to complain about, on this page or of the file as a whole. */
  readonly isDamaged: boolean;
};

/** A page that cannot be read is a page that says so. Rejects when the job is aborted. */
export async function readPage(number: number, source: PageSource): Promise<ReadPage> {
  const { opened, job, ocr } = source;
  opened.takeWarnings();
  try {
    const page = await opened.pdf.getPage(number);
    if (opened.pdf.isPureXfa) return { page: await readForm(page, number), files: [] };
    const layers = await inTime(readLayers(page, source), job.limits.pageMs);
    page.cleanup();
    return {
      page: await composePage(layers, { ocr, mode: job.options.ocr }),
      files: layers.annotations.files,
    };
  } catch (error) {
    job.signal.throwIfAborted();
    return { page: unreadPage(number, [error instanceof TooSlowError ? TOO_SLOW : FAILED]), files: [] };
  }
}

const FAILED = problem('page-failed', 'This page is damaged and could not be read.');
const TOO_SLOW = problem('too-slow', 'This page takes too long to read; it was left out.');

/** Two lines with a gap in them may be rows of a table. */
const ROWS_OF_A_TABLE = 2;

async function readLayers(page: PDFPageProxy, { opened, job, hasPictures }: PageSource): Promise<PageLayers> {
  const content = await readContent(page, job.limits);
  const annotations = await readAnnotations(page);
  const items = [...content.items, ...annotations.items.filter((item) => !isThere(item, content.items))];
  const text = toPageText(items);
  const letters = countLetters(content.items);
  // Following the drawing takes as long as reading the text: it is left out where it would tell nothing.
  const isPlain = isClearlyText(letters) && !hasPictures && text.linesWithGaps < ROWS_OF_A_TABLE;
  const geometry = isPlain ? undefined : await pageGeometry(page).catch(() => undefined);
  const { width, height } = page.getViewport({ scale: 1 });
  const messages = opened.takeWarnings();
  return {
    number: page.pageNumber,
    size: [width, height],
    letters,
    text,
    annotations,
    geometry,
    tables: geometry && items.length > 0 ? await tablesOf(page, items, geometry) : [],
    warnings: warningsOf(content, { text, messages }),
    isDamaged: messages.length > 0 || isRebuilt(opened),
  };
}

/** A form may be filled in by writing its values into the page too. */
function isThere(value: TextItem, items: readonly TextItem[]): boolean {
  const [x0, y0, x1, y1] = value.box;
  return items.some(({ text, box }) => {
    const isInside = box[0] < x1 && box[2] > x0 && box[1] < y1 && box[3] > y0;
    return isInside && text.trim() === value.text.trim();
  });
}

async function tablesOf(
  page: PDFPageProxy,
  items: readonly TextItem[],
  geometry: PageGeometry,
): Promise<readonly Table[]> {
  const isTagged = items.some((item) => item.markedContentId !== undefined);
  const structure = isTagged
    ? ((await page.getStructTree().catch(() => null)) as TablePage['structure'])
    : null;
  return findTables({
    items,
    geometry,
    structure: structure ?? null,
    width: geometry.width,
    height: geometry.height,
  });
}

type Seen = { readonly text: PageText; readonly messages: readonly string[] };

function warningsOf({ isCut }: PageContent, { text, messages }: Seen): readonly Problem[] {
  const warnings: Problem[] = [];
  if (isCut)
    warnings.push(
      problem('too-much-text', 'This page holds more text than is read at once: its end is missing.'),
    );
  if (text.isRightToLeft) {
    warnings.push(problem('right-to-left', 'Text from right to left: check its order against the page.'));
  }
  if (messages.some((message) => message.includes('Image exceeded maximum'))) {
    warnings.push(problem('picture-too-large', 'A picture was too large to be read or drawn.'));
  }
  return warnings;
}

async function readForm(page: PDFPageProxy, number: number): Promise<Page> {
  const { width, height } = page.getViewport({ scale: 1 });
  const { text, fields } = await readXfaPage(page);
  const warning = problem('dynamic-form', 'A dynamic form (XFA): read without the places of its parts.');
  const via = text === '' ? 'none' : 'form';
  const warnings =
    via === 'none' ? [problem('blank', 'This page of a form holds no text.'), warning] : [warning];
  return { ...unreadPage(number, warnings), size: [width, height], text, fields, via };
}

class TooSlowError extends Error {}

/** For what pdf.js never settles; what keeps the thread busy is ended from outside. */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooSlowError()), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
