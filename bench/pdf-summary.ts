/** The child process of pdf-corpus.ts: reads one file after the other and says in short how each went. */
import { readFileSync } from 'node:fs';
import type { Invoice, Page, Problem } from '../src/readers/document.ts';
import { readPdf } from '../src/readers/pdf/read-pdf.ts';
import { benchJob } from './pdf-files.ts';

export type PdfSummary = {
  /** `read`, or the code of what is to be said of the file or of its first page. */
  readonly outcome: string;
  readonly sentence: string;
  readonly pages: number;
  readonly rejections: number;
  readonly wasEncrypted: boolean;
  readonly ms: number;
  readonly invoice?: { readonly total: string | undefined; readonly isTotalInText: boolean };
};

let rejections = 0;
process.on('unhandledRejection', () => {
  rejections += 1;
});
process.on('message', async ({ path, password }: { path: string; password?: string }) => {
  rejections = 0;
  const summary = await summarize(path, password);
  // Those that come late still belong to this file.
  await new Promise((resolve) => setImmediate(resolve));
  process.send?.({ ...summary, rejections });
});

async function summarize(path: string, password: string | undefined): Promise<PdfSummary> {
  const problems: Problem[] = [];
  const pages: Page[] = [];
  let invoice: Invoice | undefined;
  for await (const part of readPdf(readFileSync(path), benchJob(path, password ? { password } : {}))) {
    if (part.type === 'page') pages.push(part.page);
    else if (part.type === 'invoice') invoice ??= part.invoice;
    else if (part.type === 'refused' || part.type === 'limit') problems.push(part.problem);
    else if (part.type === 'warning' && part.problem.code === 'recovered') problems.push(part.problem);
  }
  const unread = pages.find(({ via }) => via === 'none')?.warnings[0];
  const refused = problems.find(({ code }) => code !== 'recovered');
  const { code, sentence } = refused ?? unread ?? problems[0] ?? { code: 'read', sentence: 'Read as text.' };
  const text = pages.map((page) => page.text).join('\n');
  return {
    outcome: code,
    sentence,
    pages: pages.length,
    rejections: 0,
    wasEncrypted: false,
    ms: 0,
    ...(invoice && { invoice: { total: invoice.total, isTotalInText: holdsAmount(text, invoice.total) } }),
  };
}

/** Amounts in a text have the decimal mark and the groups of their language. */
function holdsAmount(text: string, amount = ''): boolean {
  const [whole = '', cents = ''] = amount.split('.');
  const shown = cents.slice(0, 2).padEnd(2, '0');
  const digits = [...whole].join("[.,'\\s]?");
  return new RegExp(`${digits}[.,]\\s?${shown}`).test(text);
}
