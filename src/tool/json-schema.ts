import { z } from 'zod';
import type { JsonObject } from '../messages.ts';
import type { CheckedInput } from './define-tool.ts';

/** The JSON Schema that a model is shown for a zod object: no `$schema`, no `additionalProperties`. */
export function toJsonSchema(schema: z.ZodObject): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest as JsonObject;
}

/** The schema with these of its properties only. */
export function pickParameters(schema: JsonObject, names: readonly string[]): JsonObject {
  const { properties = {}, required = [] } = schema as {
    properties?: JsonObject;
    required?: readonly string[];
  };
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name))),
    required: required.filter((name) => names.includes(name)),
  };
}

/** Validates an input; the problem names every wrong, missing and unknown parameter. */
export function checkInput(schema: z.ZodObject, value: unknown): CheckedInput {
  const parsed = schema.strict().safeParse(value);
  return parsed.success
    ? { ok: true, input: parsed.data }
    : { ok: false, problem: z.prettifyError(parsed.error) };
}
