/**
 * GBNF for JSON of a schema.
 *
 * Narrower than the schema where that costs a model nothing: members stand in declared order, no member is given
 * twice, white space is one optional space after `,` and `:`, numbers have at most 15 digits before the point. Wider
 * where a grammar cannot say it: then `note` is told.
 */
import type { JsonObject, JsonValue } from '../messages.ts';
import { type Choice, chooseLiteral, literal } from './gbnf.ts';
import {
  type GrammarContext,
  integerBody,
  type Limits,
  type MetSchema,
  numberBody,
  readLimits,
  repeat,
  stringBody,
} from './json-scalars.ts';
import { type ObjectShape, objectShape } from './object-shape.ts';
import { type Branch, followRefs, isObject, schemaBranches } from './schema-branches.ts';
import { toTemplateJson } from './template-json.ts';

const MAX_DEPTH = 8;
const MAX_RULES = 8000;
/** More literals than this are widened to their type's or any value. */
export const MAX_LITERALS = 2000;
const ANYTHING: JsonObject = {};

/** The name of a rule for the JSON of a schema. */
export function jsonRule(schema: JsonValue | undefined, context: GrammarContext, depth = 0): string {
  const target = followRefs(schema, context);
  if (!isObject(target)) return target === false ? closedRule(context) : anythingRule(context, depth);
  const met = context.met.get(target);
  if (met) return referTo(met);
  if (depth > MAX_DEPTH || context.rules.size > MAX_RULES) {
    context.note();
    return anythingRule(context, depth);
  }
  return remember(target, context, () => jsonBody(schemaBranches(target, context), context, depth));
}

/** The JSON of any of the branches: an alternation without its parentheses. */
export function jsonBody(branches: readonly Branch[], context: GrammarContext, depth = 0): string {
  const literals = branches.filter((branch) => branch.kind === 'literal').slice(0, MAX_LITERALS + 1);
  if (branches.length === 0 || literals.length > MAX_LITERALS) {
    context.note();
    return anythingRule(context, depth);
  }
  const choices = literals.map(({ value }): Choice => [toTemplateJson(value), '']);
  const others = branches.flatMap((branch) =>
    branch.kind === 'literal' ? [] : [kindBody(branch, context, depth)],
  );
  return [...(choices.length > 0 ? [chooseLiteral(choices)] : []), ...others].join(' | ');
}

function kindBody(
  branch: Exclude<Branch, { kind: 'literal' }>,
  context: GrammarContext,
  depth: number,
): string {
  switch (branch.kind) {
    case 'any':
      return anythingRule(context, depth);
    case 'string':
      return stringBody(branch.schema, context);
    case 'integer':
      return integerBody(branch.schema, context);
    case 'number':
      return numberBody(branch.schema, context);
    case 'boolean':
      return '"true" | "false"';
    case 'null':
      return '"null"';
    case 'array':
      return arrayBody(branch.schema, context, depth);
    case 'object':
      return objectBody(objectShape(branch.schema, context), context, depth);
  }
}

/** Keeps the rule's name while its body is made, so that a schema inside itself refers to it. */
function remember(schema: JsonValue, context: GrammarContext, makeBody: () => string): string {
  const entry: MetSchema = { name: context.rules.reserve(), recursive: false };
  context.met.set(schema, entry);
  const body = makeBody();
  if (entry.recursive) {
    context.rules.define(entry.name, body);
    return entry.name;
  }
  const name = context.rules.add(body);
  context.met.set(schema, { name, recursive: false });
  return name;
}

/** Any JSON value. Where strings or arrays are bounded its depth is too, else random samples would not end. */
function anythingRule(context: GrammarContext, depth: number): string {
  const isBounded = context.bounds.maxItems !== undefined || context.bounds.maxStringChars !== undefined;
  const kinds = isBounded && depth > 1 ? SCALARS : [...SCALARS, 'array' as const, 'object' as const];
  const branches = kinds.map((kind) => ({ kind, schema: ANYTHING }));
  if (isBounded) return context.rules.add(jsonBody(branches, context, depth));
  const met = context.met.get(true);
  return met ? referTo(met) : remember(true, context, () => jsonBody(branches, context, depth));
}

const SCALARS = ['string', 'number', 'boolean', 'null'] as const;

/** Marks the rule as one that must keep its name. */
function referTo(met: MetSchema): string {
  met.recursive = true;
  return met.name;
}

/** A schema of `false`, which no value fits. */
function closedRule(context: GrammarContext): string {
  context.note();
  return anythingRule(context, MAX_DEPTH);
}

function arrayBody(schema: JsonObject, context: GrammarContext, depth: number): string {
  const tuple = [schema.prefixItems, schema.items].find((items) => Array.isArray(items)) ?? [];
  const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
  const limits = readLimits(
    { min: schema.minItems, max: schema.maxItems, bound: context.bounds.maxItems },
    context.note,
  );
  const first = typeof schema.maxItems === 'number' ? tuple.slice(0, schema.maxItems) : tuple;
  const items = first.map((item) => jsonRule(item, context, depth + 1)).join(` ${commaRule(context)} `);
  const min = Math.max(0, limits.min - first.length);
  const max =
    rest === false || (first.length > 0 && rest === undefined && min === 0)
      ? 0
      : limits.max && Math.max(min, limits.max - first.length);
  if (max === 0 && min > 0) context.note();
  if (max === 0) return `"[" ${items} "]"`;
  const item = jsonRule(rest, context, depth + 1);
  const more = context.rules.add(`${commaRule(context)} ${item}`);
  if (first.length > 0) return `"[" ${items} ${more}${repeat({ min, max })} "]"`;
  return `"[" ${listOf(item, more, { min, max })} "]"`;
}

/** Items with commas between them; `more` is a comma and an item. */
function listOf(item: string, more: string, { min, max }: Limits): string {
  const list = `${item} ${more}${repeat({ min: Math.max(0, min - 1), max: max && max - 1 })}`;
  return min === 0 ? `(${list})?` : list;
}

/** Right-linear: a rule for what may stand at each member, first of the object or after a comma. */
function objectBody(shape: ObjectShape, context: GrammarContext, depth: number): string {
  const { rules } = context;
  const members = [...shape.properties];
  if (members.length > 0 && shape.additional) context.note();
  const further = members.length === 0 ? (shape.additional ?? true) : (shape.additional ?? false);
  let { first, next } = furtherMembers(further, context, depth);
  for (const [key, schema] of members.reverse()) {
    const member = rules.add(
      `${literal(`${JSON.stringify(key)}:`)} ${spaceRule(context)} ${jsonRule(schema, context, depth + 1)}`,
    );
    const isOptional = !shape.required.has(key);
    first = rules.add(`${member} ${next}${isOptional ? ` | ${first}` : ''}`);
    next = rules.add(`${commaRule(context)} ${member} ${next}${isOptional ? ` | ${next}` : ''}`);
  }
  return `"{" ${first}`;
}

/** The end of an object, after the members that it is free to have. */
function furtherMembers(schema: JsonValue, context: GrammarContext, depth: number) {
  const { rules } = context;
  const end = rules.add('"}"');
  if (schema === false || context.bounds.maxItems === 0) return { first: end, next: end };
  const key = rules.add(stringBody({}, context));
  const member = rules.add(`${key} ":" ${spaceRule(context)} ${jsonRule(schema, context, depth + 1)}`);
  const more = rules.add(`${commaRule(context)} ${member}`);
  const max = context.bounds.maxItems;
  return {
    first: rules.add(`${listOf(member, more, { min: 0, max })} "}"`),
    next: rules.add(`${more}${repeat({ min: 0, max })} "}"`),
  };
}

const spaceRule = ({ rules }: GrammarContext) => rules.add('" "?');
const commaRule = (context: GrammarContext) => context.rules.add(`"," ${spaceRule(context)}`);
