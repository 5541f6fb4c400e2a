import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { DEFAULT_LIMITS } from '../src/readers/limits.ts';
import type { ReadJob, ReadOptions } from '../src/readers/reader.ts';

/** Where the documents of others lie, that the benches and some tests read. */
export const corpora = process.env.SOTTO_CORPORA ?? resolve(import.meta.dirname, '../../shared/corpora');

export type PdfFile = { readonly path: string; readonly name: string; read(): Uint8Array };

/** All PDFs below these folders of the corpora, by name. */
export function pdfFiles(...folders: readonly string[]): readonly PdfFile[] {
  if (!existsSync(corpora)) throw new Error(`There are no corpora in ${corpora}; set SOTTO_CORPORA.`);
  return folders
    .flatMap((folder) =>
      globSync('**/*.pdf', { cwd: join(corpora, folder) }).map((path) => join(corpora, folder, path)),
    )
    .sort()
    .map((path) => ({ path, name: relative(corpora, path), read: () => readFileSync(path) }));
}

/** Without OCR, and with the limits that the program has. */
export const benchJob = (path: string, options: Partial<ReadOptions> = {}): ReadJob => ({
  options: { name: basename(path), ocr: 'off', languages: ['eng'], gps: false, ...options },
  limits: DEFAULT_LIMITS,
  recognize: async () => ({
    ok: false,
    problem: { code: 'ocr-off', sentence: 'The bench reads no pictures.' },
  }),
  depth: 0,
  signal: new AbortController().signal,
});
