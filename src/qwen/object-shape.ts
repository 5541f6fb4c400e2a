import type { JsonObject, JsonValue } from '../messages.ts';
import { followRefs, isObject, type SchemaContext, schemaBranches } from './schema-branches.ts';
import { hasUnsupported } from './schema-keywords.ts';

/** What an object may hold. Contract: `required` names are among `properties`. */
export type ObjectShape = {
  /** In declared order. */
  readonly properties: ReadonlyMap<string, JsonValue>;
  readonly required: ReadonlySet<string>;
  /** The schema of further members; undefined where the schema says nothing of them. */
  readonly additional: JsonValue | undefined;
};

/** The parameters of a tool: where its schema is a choice of objects, what any of them has, loosely. */
export function parametersShape(parameters: JsonObject, context: SchemaContext): ObjectShape {
  const shapes = schemaBranches(parameters, context).flatMap((branch) =>
    branch.kind === 'object' ? [objectShape(branch.schema, context)] : [],
  );
  const [only] = shapes;
  if (only && shapes.length === 1) return only;
  if (shapes.length > 1) context.note();
  const properties = new Map<string, JsonValue>();
  for (const [key, schema] of shapes.flatMap((shape) => [...shape.properties])) {
    const other = properties.get(key);
    properties.set(key, other === undefined ? schema : { anyOf: [other, schema] });
  }
  const required = [...properties.keys()].filter((key) => shapes.every((shape) => shape.required.has(key)));
  return { properties, required: new Set(required), additional: shapes.length === 0 ? true : undefined };
}

/** The members of an object schema, those of its `allOf` parts included. */
export function objectShape(schema: JsonObject, context: SchemaContext): ObjectShape {
  const properties = new Map<string, JsonValue>();
  const required = new Set<string>();
  const closed = new Set<string>();
  let additional: JsonValue | undefined;
  for (const part of flattenAllOf(schema, context)) {
    if (part !== schema && (hasUnsupported(part) || part.anyOf || part.oneOf)) context.note();
    const declared = isObject(part.properties) ? part.properties : {};
    for (const [key, property] of Object.entries(declared)) {
      if (property === false) closed.add(key);
      if (property === false) continue;
      if (properties.has(key)) context.note();
      properties.set(key, property);
    }
    const names = Array.isArray(part.required) ? part.required : [];
    for (const name of names) if (typeof name === 'string') required.add(name);
    additional = part.additionalProperties ?? additional;
  }
  for (const name of required) {
    if (properties.has(name)) continue;
    if (additional === false || closed.has(name)) context.note();
    properties.set(name, additional || true);
  }
  return { properties, required, additional };
}

function flattenAllOf(schema: JsonObject, context: SchemaContext, depth = 0): JsonObject[] {
  const parts = Array.isArray(schema.allOf) && depth < 8 ? schema.allOf : [];
  const inner = parts.map((part) => followRefs(part, context)).filter(isObject);
  return [...inner.flatMap((part) => flattenAllOf(part, context, depth + 1)), schema];
}
