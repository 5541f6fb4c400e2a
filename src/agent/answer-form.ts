import { z } from 'zod';
import { ConfigError, firstLine } from '../errors.ts';
import type { JsonObject, JsonValue } from '../messages.ts';

export type ReadAnswer =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly problem: string };

/** What an answer has to be: JSON of a schema. */
export type AnswerForm = {
  /** JSON Schema, as the model is told and the grammar is made of. */
  readonly schema: JsonObject;
  /** Whether the first message is held to it: where nothing can be called, the model has nothing else to say. */
  readonly isDirect: boolean;
  read(text: string): ReadAnswer;
  /** What the user's task is followed by. */
  readonly instruction: string;
  /** Asks for the answer in its form, once the model has given it in words. */
  request(problem?: string): string;
};

/** Throws `ConfigError` where the schema cannot be said as JSON Schema. */
export function createAnswerForm(
  schema: z.ZodType,
  { isDirect }: { readonly isDirect: boolean },
): AnswerForm {
  const jsonSchema = toAnswerSchema(schema);
  const shown = JSON.stringify(jsonSchema);
  return {
    schema: jsonSchema,
    isDirect,
    read: (text) => readAnswer(text, schema),
    instruction: isDirect
      ? `Answer with JSON of this schema: ${shown}`
      : `Give your last answer as JSON of this schema: ${shown}`,
    request: (problem) =>
      `${problem === undefined ? '' : `That does not fit: ${problem}\n`}Give the answer as JSON of this schema, and nothing else: ${shown}`,
  };
}

function toAnswerSchema(schema: z.ZodType): JsonObject {
  try {
    const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
    return rest as JsonObject;
  } catch (cause) {
    throw new ConfigError(`The schema of the answer cannot be said as JSON Schema: ${firstLine(cause)}`, {
      cause,
    });
  }
}

function readAnswer(text: string, schema: z.ZodType): ReadAnswer {
  let value: JsonValue;
  try {
    value = JSON.parse(unfence(text));
  } catch (error) {
    return { ok: false, problem: `it is not JSON (${firstLine(error)}).` };
  }
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { ok: true, output: parsed.data }
    : { ok: false, problem: z.prettifyError(parsed.error) };
}

/** Models like to put JSON into a fence. */
const unfence = (text: string): string => /^```(?:json)?\s*\n([\s\S]*)\n```$/.exec(text.trim())?.[1] ?? text;
