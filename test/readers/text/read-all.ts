import type { Attachment, Document, Invoice, Page, Problem } from '../../../src/readers/document.ts';
import { DEFAULT_LIMITS, type Limits } from '../../../src/readers/limits.ts';
import type { Part, ReadFormat, ReadJob, ReadOptions } from '../../../src/readers/reader.ts';

export type Everything = {
  readonly start?: Part & { type: 'start' };
  readonly pages: readonly Page[];
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly invoice?: Invoice;
  readonly warnings: readonly Problem[];
  readonly limits: readonly Problem[];
  readonly refused?: Problem;
  readonly outline: Document['outline'];
};
type Setup = Partial<ReadOptions> & { readonly limits?: Partial<Limits>; readonly depth?: number };

/** Reads with one reader, and gathers what it gave. */
export async function readAll(
  read: ReadFormat,
  content: Uint8Array | string,
  setup: Setup = {},
): Promise<Everything> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
  const parts = await Array.fromAsync(read(bytes, jobOf(setup)));
  const pick = <T extends Part['type']>(type: T) =>
    parts.filter((part): part is Extract<Part, { type: T }> => part.type === type);
  const start = pick('start').at(-1);
  const pages = pick('page').map(({ page }) => page);
  const invoice = pick('invoice')[0]?.invoice;
  const refused = pick('refused')[0]?.problem;
  return {
    ...(start && { start }),
    pages,
    text: pages.map((page) => page.text).join('\n'),
    attachments: pick('attachment').map(({ attachment }) => attachment),
    ...(invoice && { invoice }),
    warnings: pick('warning').map(({ problem }) => problem),
    limits: pick('limit').map(({ problem }) => problem),
    ...(refused && { refused }),
    outline: start?.outline ?? [],
  };
}

function jobOf({ limits, depth = 0, ...options }: Setup): ReadJob {
  return {
    options: { name: 'file', ocr: 'off', languages: ['eng'], gps: false, ...options },
    limits: { ...DEFAULT_LIMITS, ...limits },
    recognize: async () => ({ ok: false, problem: { code: 'ocr-off', sentence: 'OCR is off.' } }),
    depth,
    signal: new AbortController().signal,
  };
}
