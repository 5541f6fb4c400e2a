import type { Page } from '../../../src/readers/document.ts';
import { readImage } from '../../../src/readers/image/read-image.ts';
import { DEFAULT_LIMITS, type Limits } from '../../../src/readers/limits.ts';
import type { Part, ReadJob, ReadOptions, Recognize } from '../../../src/readers/reader.ts';

export type Read = {
  readonly parts: readonly Part[];
  readonly pages: readonly Page[];
  /** The codes of what was refused, limited or warned of. */
  readonly codes: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
};

type Given = Partial<ReadOptions> & {
  readonly limits?: Partial<Limits>;
  readonly recognize?: Recognize;
  readonly signal?: AbortSignal;
};

/** What `readImage` makes of a file. Its words are "page 1", "page 2", where nothing else is given to recognize them. */
export async function readAll(bytes: Uint8Array, given: Given = {}): Promise<Read> {
  const { limits, recognize = recognizeInOrder(), signal, ...options } = given;
  const job: ReadJob = {
    options: { name: '', ocr: 'auto', languages: ['eng'], gps: false, ...options },
    limits: { ...DEFAULT_LIMITS, ...limits },
    recognize,
    depth: 0,
    signal: signal ?? new AbortController().signal,
  };
  const parts = await Array.fromAsync(readImage(new Uint8Array(bytes), job));
  const start = parts.find((part) => part.type === 'start');
  const pages = parts.flatMap((part) => (part.type === 'page' ? [part.page] : []));
  const codes = parts.flatMap((part) => ('problem' in part ? [part.problem.code] : []));
  return { parts, pages, codes, metadata: start?.metadata ?? {} };
}

function recognizeInOrder(): Recognize {
  let count = 0;
  return async () => {
    count += 1;
    return { ok: true, text: `page ${count}`, spans: [], confidence: 90, rotation: 0, warnings: [] };
  };
}
