/**
 * JSON Schema, seen as the kinds of value that it allows: what the grammar of a call and its reading agree on.
 *
 * A schema that cannot be followed is read as a wider one, and `note` is told; nothing here throws.
 */
import type { JsonObject, JsonValue } from '../messages.ts';
import {
  hasUnsupported,
  impliedType,
  isConstrained,
  isJsonType,
  isPlainChoice,
  type JsonType,
} from './schema-keywords.ts';

export type Branch =
  | { readonly kind: 'any' }
  | { readonly kind: 'literal'; readonly value: JsonValue }
  | { readonly kind: JsonType; readonly schema: JsonObject };

/** `root` is the whole schema that local `$ref`s point into. `note` hears that a constraint was dropped. */
export type SchemaContext = { readonly root: JsonObject; readonly note: () => void };

const MAX_HOPS = 16;

/** The alternatives that a schema comes down to; none where it allows nothing. */
export function schemaBranches(schema: JsonValue | undefined, context: SchemaContext): Branch[] {
  return visit(schema, context, { depth: 16, choices: 5000 });
}

/** What is left for choices within choices, in all and inside one another. */
type Budget = { depth: number; choices: number };

function visit(schema: JsonValue | undefined, context: SchemaContext, budget: Budget): Branch[] {
  const target = followRefs(schema, context);
  budget.choices -= 1;
  if (target === false) return [];
  if (!isObject(target) || budget.depth === 0 || budget.choices < 0) {
    if (target !== true && target !== undefined) context.note();
    return [{ kind: 'any' }];
  }
  if (hasUnsupported(target)) context.note();
  const types = ownTypes(target, context);
  if (target.const !== undefined) return [{ kind: 'literal', value: target.const }];
  if (Array.isArray(target.enum)) return restrict(target.enum.map(toLiteral), types, context);
  const choices = choicesOf(target);
  if (choices && isPlainChoice(target)) {
    const found = visitAll(choices, context, budget);
    if ('oneOf' in target && canOverlap(found)) context.note();
    return restrict(found, types, context);
  }
  if (target.anyOf || target.oneOf || (target.allOf && !types.includes('object'))) context.note();
  return types.length === 0 ? [{ kind: 'any' }] : types.map((kind) => ({ kind, schema: target }));
}

/** Stops at the budget's end: what is left of the choices is then some value. */
function visitAll(choices: readonly JsonValue[], context: SchemaContext, budget: Budget): Branch[] {
  const found: Branch[] = [];
  budget.depth -= 1;
  for (const choice of choices) {
    found.push(...visit(choice, context, budget));
    if (budget.choices < 0) break;
  }
  budget.depth += 1;
  return found;
}

/** Whether a value is of the branch's kind (a literal: is that very value); constraints are not looked at. */
export function isOfKind(value: JsonValue, branch: Branch): boolean {
  if (branch.kind === 'literal') return JSON.stringify(value) === JSON.stringify(branch.value);
  if (branch.kind === 'integer') return Number.isSafeInteger(value);
  return branch.kind === 'any' || branch.kind === kindOf(value);
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Follows local `$ref`s; an object stays the same object, so that recursion can be seen. */
export function followRefs(
  schema: JsonValue | undefined,
  { root, note }: SchemaContext,
): JsonValue | undefined {
  let target = schema;
  for (let hops = 0; isObject(target) && typeof target.$ref === 'string'; hops++) {
    if (hops > MAX_HOPS || isConstrained(target)) note();
    if (hops > MAX_HOPS) return true;
    target = resolvePointer(target.$ref, root);
    if (target === undefined) note();
  }
  return target;
}

function resolvePointer(ref: string, root: JsonObject): JsonValue | undefined {
  if (ref !== '#' && !ref.startsWith('#/')) return undefined;
  let target: JsonValue | undefined = root;
  for (const part of ref.split('/').slice(1)) {
    const key = decode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(target)) target = target[Number(key)];
    else target = isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  return target;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What the schema says of its type; empty where it says nothing. */
function ownTypes(schema: JsonObject, context: SchemaContext): JsonType[] {
  const named = schema.type === undefined ? [] : [schema.type].flat();
  if (!named.every(isJsonType)) context.note();
  if (named.length > 0) return named.filter(isJsonType);
  const implied = impliedType(schema);
  if (implied) return [implied];
  const parts = Array.isArray(schema.allOf) ? schema.allOf.map((part) => followRefs(part, context)) : [];
  return parts.some((part) => isObject(part) && (part.type === 'object' || 'properties' in part))
    ? ['object']
    : [];
}

/** The alternatives of a schema; an `allOf` of one part is a choice of one. */
function choicesOf(schema: JsonObject): readonly JsonValue[] | undefined {
  const found = [schema.anyOf, schema.oneOf, schema.allOf].filter((choices) => Array.isArray(choices));
  const [choices] = found;
  return found.length === 1 && (choices !== schema.allOf || choices?.length === 1) ? choices : undefined;
}

const toLiteral = (value: JsonValue): Branch => ({ kind: 'literal', value });

/** The branches that also fit the schema's own types. */
function restrict(branches: readonly Branch[], types: readonly JsonType[], context: SchemaContext): Branch[] {
  if (types.length === 0) return [...branches];
  const kept = branches.flatMap((branch): Branch[] => {
    if (branch.kind === 'any') return types.map((kind) => ({ kind, schema: {} }));
    if (branch.kind === 'literal') {
      return types.some((kind) => isOfKind(branch.value, { kind, schema: {} })) ? [branch] : [];
    }
    if (types.includes(branch.kind) || (branch.kind === 'integer' && types.includes('number')))
      return [branch];
    return branch.kind === 'number' && types.includes('integer') ? [{ ...branch, kind: 'integer' }] : [];
  });
  if (kept.length > 0) return kept;
  context.note();
  return types.map((kind) => ({ kind, schema: {} }));
}

/** Whether one value could fit two branches, which `oneOf` forbids. */
function canOverlap(branches: readonly Branch[]): boolean {
  const free = branches.filter((branch) => branch.kind !== 'literal');
  const kinds = free.map((branch) => (branch.kind === 'integer' ? 'number' : branch.kind));
  if (new Set(kinds).size < kinds.length || (kinds.includes('any') && branches.length > 1)) return true;
  const literals = branches.flatMap((branch) => (branch.kind === 'literal' ? [branch.value] : []));
  if (new Set(literals.map((value) => JSON.stringify(value))).size < literals.length) return true;
  return literals.some((value) => free.some((branch) => isOfKind(value, branch)));
}
