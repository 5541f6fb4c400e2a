import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../messages.ts';
import type { Thinking } from '../../qwen/thinking.ts';

/** What decides about the values of a document, but for the document. */
export type JobKey = {
  /** As JSON Schema. */
  readonly schema: JsonObject;
  readonly fingerprint: string;
  readonly instructions?: string;
  readonly thinking?: Thinking;
  readonly languages?: readonly string[];
  /** Absolute paths of the files and folders, in their order. */
  readonly inputs: readonly string[];
};

/** Raised when the prompt, or what counts as evidence, changes so that old results are no longer what would come now. */
const EXTRACTION_VERSION = 1;
const DIGITS = 12;

/** 12 hexadecimal digits: the same for the same work, so that a second run finds what the first has done. */
export function jobIdOf({ schema, fingerprint, instructions, thinking, languages, inputs }: JobKey): string {
  const key = {
    version: EXTRACTION_VERSION,
    schema,
    fingerprint,
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
