import { z } from 'zod';
import { ConfigError, firstLine } from '../errors.ts';
import type { JsonObject, JsonValue } from '../messages.ts';
import { completeSchema } from './complete-schema.ts';

/** What an answer may be: a zod schema, or a JSON Schema. */
export type OutputSchema<Output = unknown> = z.ZodType<Output> | JsonObject;

export type CheckedAnswer =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly problem: string };

export type AnswerSchema = {
  /** As the model is told, and the grammar is made of. */
  readonly json: JsonObject;
  check(value: JsonValue): CheckedAnswer;
};

/** Throws `ConfigError` where the schema cannot be said as JSON Schema, or an answer not be checked by it. */
export function readAnswerSchema(schema: OutputSchema): AnswerSchema {
  return isZod(schema) ? fromZod(schema) : fromJson(schema);
}

const isZod = (schema: OutputSchema): schema is z.ZodType => '_zod' in schema;

/** The model writes what the schema takes in: what defaults, coercions and transforms make of it is the program's. */
function fromZod(schema: z.ZodType): AnswerSchema {
  try {
    const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input', override: shorten });
    return { json: json as JsonObject, check: (value) => checkBy(schema, value) };
  } catch (cause) {
    throw new ConfigError(`The schema of the answer cannot be said as JSON Schema: ${firstLine(cause)}.`, {
      cause,
    });
  }
}

/** Leaves out what says nothing to a model: the pattern of a known format, the limits that every JavaScript integer has. */
function shorten({ jsonSchema: json }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (json.format !== undefined) delete json.pattern;
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  if (JSON.stringify(json.propertyNames) === '{"type":"string"}') delete json.propertyNames;
}

/** A JSON Schema stays as it was given: on its way through zod it would lose words. Its answer is the JSON itself. */
function fromJson(schema: JsonObject): AnswerSchema {
  const { $schema: dialect, ...json } = schema;
  try {
    const complete = completeSchema(schema);
    const defaultTarget = 'definitions' in schema ? 'draft-7' : 'draft-2020-12';
    const checked = z.fromJSONSchema(complete as z.core.JSONSchema.JSONSchema, { defaultTarget });
    return {
      json,
      check: (value) => {
        const result = checkBy(checked, value);
        return result.ok ? { ok: true, output: value } : result;
      },
    };
  } catch (cause) {
    throw new ConfigError(`Answers cannot be checked by this JSON Schema: ${firstLine(cause)}.`, { cause });
  }
}

/** A schema's own code may throw, or want to be waited for: then nothing fits it. */
function checkBy(schema: z.ZodType, value: JsonValue): CheckedAnswer {
  try {
    const { success, data, error } = schema.safeParse(value);
    return success ? { ok: true, output: data } : { ok: false, problem: describe(error) };
  } catch (error) {
    return { ok: false, problem: `the schema's own check failed (${firstLine(error)})` };
  }
}

const MOST_ISSUES = 8;

/** A line for each of the first problems, with its place. */
function describe({ issues }: z.ZodError): string {
  const shown = z.prettifyError({ issues: issues.slice(0, MOST_ISSUES) });
  const left = issues.length - MOST_ISSUES;
  return left > 0 ? `${shown}\n… and ${left} more` : shown;
}
