/**
 * The seam between a format's reader and what runs it: bytes in, parts out, one after the other, so that the pages
 * that came before a fault are kept.
 */
import type { Attachment, Invoice, OutlineEntry, Page, Problem, Span } from './document.ts';
import type { Limits } from './limits.ts';
import type { PageRange } from './page-ranges.ts';

/**
 * Contract: `start` comes first, but where the file is `refused`; then its pages in order; `limit` says why there are
 * no more. A later `start` corrects the first, where the pages are counted only on the way. A reader never throws for
 * what stands in a file: it gives `refused`, or a page with `via: 'none'` and a warning. What it throws nevertheless is
 * caught by its caller and becomes `reader-failed`.
 */
export type Part =
  | {
      readonly type: 'start';
      /** Of the whole file, also where fewer are asked for. */
      readonly pageCount: number;
      readonly outline?: readonly OutlineEntry[];
      readonly metadata?: Readonly<Record<string, string>>;
    }
  | { readonly type: 'page'; readonly page: Page }
  | { readonly type: 'attachment'; readonly attachment: Attachment }
  | { readonly type: 'invoice'; readonly invoice: Invoice }
  /** Something about the whole file. */
  | { readonly type: 'warning'; readonly problem: Problem }
  /** The rest is not read. */
  | { readonly type: 'limit'; readonly problem: Problem }
  | { readonly type: 'refused'; readonly problem: Problem };

export type ReadOptions = {
  /** For a sentence, and to tell Markdown and tables of text from plain text. Never to tell what a file is. */
  readonly name: string;
  readonly password?: string;
  /** Ranges of 1-based page numbers, both ends included, ascending. Default: all. */
  readonly pages?: readonly PageRange[];
  /** `auto`: pages and images without text. `force`: every page. */
  readonly ocr: OcrMode;
  /** Codes of Tesseract, such as `eng`. */
  readonly languages: readonly string[];
  /** Whether the place where a picture was taken may be told. */
  readonly gps: boolean;
};
export type OcrMode = 'off' | 'auto' | 'force';

/** What a reader is given beside the bytes. */
export type ReadJob = {
  readonly options: ReadOptions;
  readonly limits: Limits;
  /** Reads a picture's words. */
  readonly recognize: Recognize;
  /** How deep attachments are nested: 0 for the file itself. */
  readonly depth: number;
  readonly signal: AbortSignal;
};

/** `bytes` are the reader's own: it may transfer or change them. */
export type ReadFormat = (bytes: Uint8Array, job: ReadJob) => AsyncIterable<Part>;

/** A picture to be read: PNG or JPEG bytes, upright or not. */
export type Raster = {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Points that one pixel stands for: 72 / dpi. */
  readonly pointsPerPixel: number;
};
export type Recognized =
  | {
      readonly ok: true;
      /** In reading order, lines ended by `\n`. */
      readonly text: string;
      /** One a word, boxes in points of the raster as it was given. */
      readonly spans: readonly Span[];
      /** 0 to 100. */
      readonly confidence: number;
      /** Clockwise, by which the picture had to be turned to be read. */
      readonly rotation: 0 | 90 | 180 | 270;
      readonly warnings: readonly Problem[];
    }
  | { readonly ok: false; readonly problem: Problem };
export type Recognize = (raster: Raster, signal?: AbortSignal) => Promise<Recognized>;
