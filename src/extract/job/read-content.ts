import { hash } from 'node:crypto';
import type { Document } from '../../readers/document.ts';
import { loadFile } from '../../readers/load-file.ts';
import { readDocument } from '../../readers/read-document.ts';

export type ReadContent =
  | { readonly ok: true; readonly sha256: string; readonly document: Document }
  /** Its content is known: it was not read. */
  | { readonly ok: 'known'; readonly sha256: string }
  | { readonly ok: false; readonly sha256?: string; readonly problem: string };

type ReadContentOptions = {
  /** For sentences. */
  readonly name: string;
  readonly languages?: readonly string[];
  readonly isKnown: (sha256: string) => boolean;
  readonly signal: AbortSignal;
};

/** The document of a file, or why there is none. Rejects with the signal's reason, and for nothing else. */
export async function readContent(path: string, options: ReadContentOptions): Promise<ReadContent> {
  const { name, languages, isKnown, signal } = options;
  const loaded = await loadFile(path);
  signal.throwIfAborted();
  if (!loaded.ok) return { ok: false, problem: loaded.problem.sentence };
  const sha256 = hash('sha256', loaded.bytes);
  if (isKnown(sha256)) return { ok: 'known', sha256 };
  const document = await readDocument(loaded.bytes, { name, signal, ...(languages && { languages }) });
  const { refused } = document.report;
  return refused ? { ok: false, sha256, problem: refused.sentence } : { ok: true, sha256, document };
}
