/** Pages and their tables, for bench/pdf-tables.ts. */
import { readFile } from 'node:fs/promises';
import type { Table } from '../src/readers/document.ts';
import { DEFAULT_LIMITS } from '../src/readers/limits.ts';
import { openPdf } from '../src/readers/pdf/open-pdf.ts';
import { pageGeometry } from '../src/readers/pdf/page-geometry.ts';
import type { PDFDocumentProxy } from '../src/readers/pdf/pdf-library.ts';
import { toTextItems } from '../src/readers/pdf/text-items.ts';
import { findTables, type StructureNode, type TablePage } from '../src/readers/pdf-tables/find-tables.ts';

export type ReadPage = {
  readonly number: number;
  readonly letters: number;
  readonly tables: readonly Table[];
  readonly ms: number;
};

/** Default: the first five pages. */
export async function readTables(path: string, pages?: readonly number[]): Promise<readonly ReadPage[]> {
  const opened = await openPdf(await readFile(path), { purpose: 'text', limits: DEFAULT_LIMITS });
  if (!opened.ok) return [];
  const { pdf } = opened;
  const numbers = pages ?? Array.from({ length: Math.min(5, pdf.numPages) }, (_, at) => at + 1);
  const read: ReadPage[] = [];
  for (const number of numbers.filter((wanted) => wanted <= pdf.numPages)) {
    const drawn = await readDrawn(pdf, number).catch(() => undefined);
    // A page that pdf.js cannot read has no tables to be judged.
    if (drawn) read.push(judge(number, drawn));
  }
  await opened.close();
  return read;
}

async function readDrawn(pdf: PDFDocumentProxy, number: number): Promise<TablePage> {
  const page = await pdf.getPage(number);
  const viewport = page.getViewport({ scale: 1 });
  const items = toTextItems(await page.getTextContent({ includeMarkedContent: true }), viewport);
  const geometry = await pageGeometry(page);
  const structure = (await page.getStructTree()) as StructureNode | null;
  page.cleanup();
  return { items, geometry, structure, width: viewport.width, height: viewport.height };
}

function judge(number: number, page: TablePage): ReadPage {
  const started = performance.now();
  const tables = findTables(page);
  const ms = performance.now() - started;
  return { number, letters: page.items.reduce((sum, { text }) => sum + text.trim().length, 0), tables, ms };
}
