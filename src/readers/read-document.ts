import { hash } from 'node:crypto';
import { ConfigError } from '../errors.ts';
import { createCollector } from './collect-document.ts';
import { type Box, type Document, problem } from './document.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { PageRange } from './page-ranges.ts';
import type { OcrMode, Part } from './reader.ts';
import { ReaderThread } from './reader-thread.ts';
import type { Drawn } from './thread-protocol.ts';

export type ReadDocumentOptions = {
  /** The file's name, for sentences. */
  readonly name?: string;
  readonly password?: string;
  /** Ranges of 1-based page numbers, both ends included, ascending. Default: all. */
  readonly pages?: readonly PageRange[];
  /** Default: `auto`, pages and images without text. */
  readonly ocr?: OcrMode;
  /** Codes of Tesseract. Default: `eng`. */
  readonly languages?: readonly string[];
  /** Whether the place where a picture was taken may be told. Default: false. */
  readonly gps?: boolean;
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
  /** Called with each part as it is read. When it returns `stop`, the rest is not read. */
  readonly onPart?: (part: Part) => unknown;
};

/** One thread for the whole program, and one file at a time in it: memory is watched by the process, and a second
 * thread loses more by its start than it wins (facts: 0.4 to 0.6 of one, cold). */
let thread: ReaderThread | undefined;
let lastJob: Promise<unknown> = Promise.resolve();
let idle: NodeJS.Timeout | undefined;
/** A thread keeps up to 400 MB once it has read a picture. */
const IDLE_MS = 60_000;

/**
 * Reads a file of any kind, in a worker thread under limits. Never throws for what stands in the file: the report says
 * what could not be read, and why. Rejects with the signal's reason when it is aborted.
 */
export async function readDocument(bytes: Uint8Array, options: ReadDocumentOptions = {}): Promise<Document> {
  const {
    name = '',
    password,
    pages,
    ocr = 'auto',
    languages = ['eng'],
    gps = false,
    signal,
    onPart,
  } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const collector = createCollector({ sha256: hash('sha256', bytes), byteLength: bytes.byteLength }, pages);
  const tooLarge = sizeProblem(bytes, limits);
  if (tooLarge) {
    collector.stop(tooLarge);
    return collector.document();
  }
  const readOptions = {
    name,
    ocr,
    languages,
    gps,
    ...(password !== undefined && { password }),
    ...(pages && { pages }),
  };
  const outcome = await inThread(signal, (reader) =>
    reader.run(
      { type: 'read', bytes, options: readOptions, limits },
      (message) => {
        if (message.type === 'kind') collector.setKind(message.kind);
        if (message.type !== 'part') return true;
        collector.add(message.part);
        return onPart?.(message.part) !== 'stop';
      },
      signal,
    ),
  );
  if (outcome.type === 'killed') collector.stop(outcome.problem);
  if (outcome.type === 'stopped') collector.stop(ENOUGH);
  return collector.document();
}

const ENOUGH = problem('not-looked-at', 'Not looked at: enough was read before it.');

export type DrawEvidenceOptions = {
  readonly name?: string;
  /** 1-based. */
  readonly page: number;
  /** In points from the top left. It is framed, and shown with its surroundings. Default: the whole page. */
  readonly box?: Box;
  /** Default: 150. */
  readonly dpi?: number;
  readonly password?: string;
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
};

const MOST_DPI = 2400;

/** A picture of a page of a PDF or an image, or of a part of it, as PNG. Throws `ConfigError` for a page or a
 * resolution that cannot be. */
export async function drawEvidence(bytes: Uint8Array, options: DrawEvidenceOptions): Promise<Drawn> {
  const { signal, limits: own, name = '', ...rest } = options;
  const { page, dpi } = rest;
  if (!Number.isInteger(page) || page < 1)
    throw new ConfigError(`There is no page ${page}: pages count from 1.`);
  if (dpi !== undefined && !(dpi >= 1 && dpi <= MOST_DPI)) {
    throw new ConfigError(`A page is drawn at 1 to ${MOST_DPI} dpi, not at ${dpi}.`);
  }
  const limits = { ...DEFAULT_LIMITS, ...own };
  const tooLarge = sizeProblem(bytes, limits);
  if (tooLarge) return { ok: false, problem: tooLarge };
  let drawn: Drawn | undefined;
  const outcome = await inThread(signal, (reader) =>
    reader.run(
      { type: 'draw', bytes, options: { name, ...rest }, limits },
      (message) => {
        if (message.type === 'drawn') drawn = message.drawn;
        return true;
      },
      signal,
    ),
  );
  if (drawn) return drawn;
  if (outcome.type === 'killed') return { ok: false, problem: outcome.problem };
  return { ok: false, problem: problem('reader-failed', 'This page could not be drawn.') };
}

function sizeProblem(bytes: Uint8Array, { fileBytes }: Limits) {
  if (bytes.byteLength <= fileBytes) return undefined;
  const megabytes = (count: number) => `${Math.ceil(count / 1e6)} MB`;
  const sentence = `This file has ${megabytes(bytes.byteLength)}; at most ${megabytes(fileBytes)} are read.`;
  return problem('too-large', sentence);
}

async function inThread<T>(
  signal: AbortSignal | undefined,
  use: (reader: ReaderThread) => Promise<T>,
): Promise<T> {
  const job = lastJob.then(() => {
    signal?.throwIfAborted();
    clearTimeout(idle);
    if (!thread || thread.isDead) thread = ReaderThread.create();
    return use(thread);
  });
  lastJob = job
    .catch(() => {})
    .then(() => {
      idle = setTimeout(() => void thread?.end(), IDLE_MS).unref();
    });
  return job;
}
