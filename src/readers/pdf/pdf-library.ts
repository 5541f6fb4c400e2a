/**
 * pdf.js with what it needs beside it. The legacy build: the modern one lacks `Math.sumPrecise` on Node 26, swallows the
 * error and loses text in silence.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type {
  PDFDocumentProxy,
  PDFPageProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
export * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';

const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

/** A folder of the package, as pdf.js wants it: a path (a URL would be fetched) that ends in a slash. */
export const libraryFolder = (name: 'cmaps' | 'wasm' | 'iccs' | 'standard_fonts'): string =>
  `${join(folder, name)}/`;
