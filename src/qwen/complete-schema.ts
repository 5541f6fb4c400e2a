import type { JsonObject, JsonValue } from '../messages.ts';
import { isObject } from './schema-branches.ts';
import { impliedType } from './schema-keywords.ts';

const MAPS_OF_SCHEMAS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const SCHEMAS = [
  ...['items', 'prefixItems', 'additionalItems', 'contains', 'additionalProperties', 'propertyNames'],
  ...['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'],
];
const OTHER_WORDS = ['type', 'enum', 'const', '$ref', 'format', 'required'];

/**
 * A JSON Schema with what zod's conversion would pass over said in full: the type that keywords imply, and a property for
 * each required name. A default is left out, since it would make a required property optional.
 *
 * Throws, in words that go on after a colon, where the object is no schema, or has a literal that zod cannot compare.
 */
export function completeSchema(schema: JsonObject): JsonObject {
  const words = [...MAPS_OF_SCHEMAS, ...SCHEMAS, ...OTHER_WORDS];
  if (impliedType(schema) === undefined && !words.some((word) => word in schema))
    throw new Error('it has none of its words, such as type, properties or enum');
  return completeObject(schema);
}

function complete(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(complete);
  return isObject(schema) ? completeObject(schema) : schema;
}

function completeObject({ default: _, ...schema }: JsonObject): JsonObject {
  const literals = [schema.const, schema.enum].flat();
  if (literals.some((value) => typeof value === 'object' && value !== null))
    throw new Error('its enum or const holds a list or an object');
  const entries = Object.entries(schema).map(([word, value]) => [word, completeWord(word, value)]);
  const type = schema.type === undefined && !('$ref' in schema) ? impliedType(schema) : undefined;
  const whole: JsonObject = { ...Object.fromEntries(entries), ...(type && { type }) };
  return Array.isArray(whole.required) ? { ...whole, properties: withRequired(whole) } : whole;
}

function completeWord(word: string, value: JsonValue): JsonValue {
  if (SCHEMAS.includes(word)) return complete(value);
  if (!MAPS_OF_SCHEMAS.includes(word) || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, complete(schema)]));
}

function withRequired({ properties = {}, required = [] }: JsonObject): JsonObject {
  const names = (required as readonly JsonValue[]).filter((name) => typeof name === 'string');
  return { ...Object.fromEntries(names.map((name) => [name, {}])), ...(properties as JsonObject) };
}
