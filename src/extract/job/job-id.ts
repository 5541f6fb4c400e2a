import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../messages.ts';
import type { Thinking } from '../../qwen/thinking.ts';

/** What decides about the values of a document, but for the document. */
export type JobKey = {
  /** As JSON Schema. */
  readonly schema: JsonObject;
  readonly fingerprint: string;
  /** Of what the model is told and asked: see `promptFingerprint`. */
  readonly prompt: string;
  /** See `EVIDENCE_VERSION`; kept, so that the id of a job of an older Sotto can still be told. */
  readonly evidence: number;
  readonly instructions?: string;
  readonly thinking?: Thinking;
  readonly languages?: readonly string[];
  /** Absolute paths of the files and folders, in their order. */
  readonly inputs: readonly string[];
};

/**
 * Raised when a document would be read otherwise, or other values would count as verified, than before. A ledger holds
 * verdicts, and not what a model said word for word: they cannot be passed anew, and without this number a Sotto with
 * better rules would go on to show what the older ones let through. No hash tells such a change from one of style, so
 * that it is raised by hand; what is asked is hashed, and needs no number.
 */
export const EVIDENCE_VERSION = 1;
const DIGITS = 12;

/** 12 hexadecimal digits: the same for the same work, so that a second run finds what the first has done. */
export function jobIdOf(job: JobKey): string {
  const { schema, fingerprint, prompt, evidence, instructions, thinking, languages, inputs } = job;
  const key = {
    schema,
    fingerprint,
    prompt,
    evidence,
    instructions: instructions ?? null,
    thinking: thinking ?? null,
    languages: languages ? [...languages] : null,
    inputs: [...inputs],
  };
  return createHash('sha256').update(canonical(key)).digest('hex').slice(0, DIGITS);
}

export const isJobId = (text: string): boolean => /^[0-9a-f]{12}$/.test(text);

/** JSON that is the same whatever order the names of an object came in. But for those of `properties`: their order is that
 * of the columns, and of the answer that the model writes. */
function canonical(value: JsonValue, keepsOrder = false): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, item]): [string, string] => [
    name,
    canonical(item, name === 'properties'),
  ]);
  const ordered = keepsOrder ? entries : entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${ordered.map(([name, item]) => `${JSON.stringify(name)}:${item}`).join()}}`;
}
