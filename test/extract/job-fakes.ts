/** A folder with documents, and an extractor that needs no model: the values of lines such as `total: 12.50`. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { type ExtractOptions, extract } from '../../src/extract/extract.ts';
import type { ExtractEvent, Extracted, Value } from '../../src/extract/extraction.ts';
import type { Extractor } from '../../src/extract/job/run-job.ts';
import type { JsonObject } from '../../src/messages.ts';
import type { Document } from '../../src/readers/document.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';

export const SCHEMA: JsonObject = {
  type: 'object',
  properties: { number: { type: 'string' }, total: { type: 'number' } },
  required: ['number'],
};

export type Inbox = { readonly folder: string; readonly inbox: string; readonly home: string };

/** A folder `inbox` with these files, and a `.sotto` beside it. */
export async function createInbox(files: Readonly<Record<string, string | Uint8Array>>): Promise<Inbox> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sotto-jobs-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const inbox = join(folder, 'inbox');
  await mkdir(inbox);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(inbox, name)), { recursive: true });
    await writeFile(join(inbox, name), content);
  }
  return { folder, inbox, home: join(folder, '.sotto') };
}

export const invoice = (number: number): string => `number: INV-${number}\ntotal: ${number}.50\n`;

/** `INV-1` of a document that `invoice` made. */
export const numberOf = ({ pages }: Document): string =>
  /number: (\S+)/.exec(pages[0]?.text ?? '')?.[1] ?? '';

const guessOf = (value: string | number): Value => ({
  value,
  status: 'unverified',
  source: 'model',
  original: String(value),
  problem: 'Nobody has looked.',
});

export function extractedOf(document: Document): Extracted {
  const total = Number(/total: (\S+)/.exec(document.pages[0]?.text ?? '')?.[1]);
  return {
    sha256: document.sha256,
    pageCount: document.pageCount,
    values: { number: guessOf(numberOf(document)), total: guessOf(total) },
    lists: {},
    checks: [],
    pages: [],
    notes: [],
    usage: { evaluatedTokens: 1, reusedTokens: 0, generatedTokens: 1 },
  };
}

export type Work = (document: Document, signal: AbortSignal) => Promise<Extracted | undefined> | undefined;

/** What was asked, in order; `work` may take its time, fail, or leave it to the extractor. */
export function createExtractor(work: Work = () => undefined) {
  const asked: string[] = [];
  const extractor: Extractor = async (document, { signal }) => {
    asked.push(numberOf(document));
    return (await work(document, signal)) ?? extractedOf(document);
  };
  return { asked, extractor };
}

export const fakeEngine = (): Engine => createScriptedEngine([]);

export async function runExtract(
  { inbox, home }: Inbox,
  options: Partial<ExtractOptions> & Pick<ExtractOptions, 'extractor'>,
) {
  const events: ExtractEvent[] = [];
  const extraction = await extract({
    files: [inbox],
    schema: SCHEMA,
    engine: fakeEngine(),
    home,
    ...options,
    onEvent: (event) => {
      events.push(event);
      options.onEvent?.(event);
    },
  });
  return { events, ...extraction };
}
