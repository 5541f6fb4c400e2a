import type { JsonValue } from '../messages.ts';
import { type Branch, isOfKind, type SchemaContext, schemaBranches } from './schema-branches.ts';

/**
 * A parameter's value from its text, by its schema.
 *
 * Only strings allowed: the text as it stands. No string allowed: its JSON (also Python's True, False, None), or the
 * text itself where it is none, for the check to refuse. Both, or nothing known: its JSON where that is no string and
 * of an allowed kind, else the text.
 */
export function readValue(text: string, schema: JsonValue | undefined, context: SchemaContext): JsonValue {
  const branches = schemaBranches(schema, context);
  if (branches.length > 0 && branches.every(isText)) return text;
  const value = parseJson(text.trim());
  const allowsText =
    branches.length === 0 || branches.some((branch) => branch.kind === 'any' || isText(branch));
  if (!allowsText) return value === undefined ? readPythonWord(text) : value;
  if (value === undefined || typeof value === 'string') return text;
  return branches.length === 0 || branches.some((branch) => isOfKind(value, branch)) ? value : text;
}

const isText = (branch: Branch) =>
  branch.kind === 'string' || (branch.kind === 'literal' && typeof branch.value === 'string');

function readPythonWord(text: string): JsonValue {
  const word = text.trim();
  if (word === 'None') return null;
  return word === 'True' || word === 'False' ? word === 'True' : text;
}

/** Undefined where the text is not JSON, or a number too large to be one. */
function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY ? undefined : value;
  } catch {
    return undefined;
  }
}
