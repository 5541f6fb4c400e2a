import { z } from 'zod';
import type { JsonObject } from '../messages.ts';
import type { CheckedInput } from './define-tool.ts';

/** The JSON Schema that a model is shown for a zod object: no `$schema`, no `additionalProperties`. */
export function toJsonSchema(schema: z.ZodObject): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest as JsonObject;
}

/** Validates an input; the problem names every wrong, missing and unknown parameter. */
export function checkInput(schema: z.ZodObject, value: unknown): CheckedInput {
  const parsed = schema.strict().safeParse(value);
  return parsed.success
    ? { ok: true, input: parsed.data }
    : { ok: false, problem: z.prettifyError(parsed.error) };
}
