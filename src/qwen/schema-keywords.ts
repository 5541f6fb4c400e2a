/** The keywords of JSON Schema, sorted by what a grammar can do with them. */
import type { JsonObject } from '../messages.ts';

export type JsonType = (typeof JSON_TYPES)[number];

const JSON_TYPES = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'] as const;

const CHOICES = ['anyOf', 'oneOf', 'allOf'];

/** A value cannot be held to these. */
const UNSUPPORTED = [
  ...['pattern', 'format', 'multipleOf', 'contains', 'unevaluatedItems', '$dynamicRef'],
  ...['patternProperties', 'propertyNames', 'minProperties', 'maxProperties', 'unevaluatedProperties'],
  ...['not', 'if', 'dependentRequired', 'dependentSchemas', 'dependencies'],
];

const OF_OBJECTS = ['properties', 'required', 'additionalProperties', 'patternProperties', 'propertyNames'];
const OF_ARRAYS = ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains'];
const OF_STRINGS = ['minLength', 'maxLength', 'pattern', 'format'];
const OF_NUMBERS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];

const CONSTRAINTS: ReadonlySet<string> = new Set([
  ...[OF_OBJECTS, OF_ARRAYS, OF_STRINGS, OF_NUMBERS, UNSUPPORTED, CHOICES].flat(),
  ...['enum', 'const'],
]);

export const isJsonType = (name: unknown): name is JsonType => JSON_TYPES.some((type) => type === name);

/** Whether a schema has a keyword that a grammar cannot hold a value to. */
export const hasUnsupported = (schema: JsonObject): boolean =>
  UNSUPPORTED.some((keyword) => keyword in schema) || Boolean(schema.uniqueItems);

/** Whether a schema says more than a type. */
export const isConstrained = (schema: JsonObject): boolean =>
  Object.keys(schema).some((key) => CONSTRAINTS.has(key));

/** Whether a schema says nothing but a type and a choice of other schemas. */
export const isPlainChoice = (schema: JsonObject): boolean =>
  Object.keys(schema).every((key) => CHOICES.includes(key) || !CONSTRAINTS.has(key));

/** The type that a schema's keywords are about: one that names no type is read as a schema of this. */
export function impliedType(schema: JsonObject): JsonType | undefined {
  const hasAny = (keywords: readonly string[]) => keywords.some((keyword) => keyword in schema);
  if (hasAny(OF_OBJECTS)) return 'object';
  if (hasAny(OF_ARRAYS)) return 'array';
  if (hasAny(OF_STRINGS)) return 'string';
  return hasAny(OF_NUMBERS) ? 'number' : undefined;
}
