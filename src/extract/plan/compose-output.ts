import type { JsonObject, JsonValue } from '../../messages.ts';
import type { Extracted, FieldPlan, ListRow, Scalar, Value } from '../extraction.ts';
import { type ObjectNode, readSchemaTree, type SchemaNode } from './read-schema-tree.ts';

/**
 * The values as an object of the schema's shape. What has no value, or was rejected, is left out; where the schema wants
 * a member there it is `null`, an empty list or an object without members, as far as the schema allows that.
 */
export function composeOutput(
  { schema }: FieldPlan,
  { values, lists }: Pick<Extracted, 'values' | 'lists'>,
): JsonObject {
  return composeObject(readSchemaTree(schema), { values, lists }).json;
}

type Composed = {
  readonly json: JsonObject;
  /** Whether any value stands in it. */
  readonly holdsAny: boolean;
};

function composeObject({ members }: ObjectNode, from: Pick<Extracted, 'values' | 'lists'>): Composed {
  const composed = members.map((node) => ({ node, value: composeMember(node, from) }));
  const stated = composed.filter(({ value }) => value !== undefined);
  const entries = composed.flatMap(({ node, value }): [string, JsonValue][] => {
    const member = value ?? emptyOf(node, from);
    return member === undefined ? [] : [[node.name, member]];
  });
  return { json: Object.fromEntries(entries), holdsAny: stated.length > 0 };
}

/** Undefined where it has no value. */
function composeMember(node: SchemaNode, from: Pick<Extracted, 'values' | 'lists'>): JsonValue | undefined {
  if (node.kind === 'field') return scalarOf(from.values[node.path]);
  if (node.kind === 'object') {
    const { json, holdsAny } = composeObject(node, from);
    return holdsAny ? json : undefined;
  }
  const rows = from.lists[node.path] ?? [];
  const items = rows.flatMap((row) => composeItem(node.item, row) ?? []);
  return items.length > 0 ? items : undefined;
}

function composeItem(item: SchemaNode, row: ListRow): readonly JsonValue[] | undefined {
  const value = composeMember(item, { values: row, lists: {} });
  return value === undefined ? undefined : [value];
}

/** What stands for a member without a value, where the schema wants it there. */
function emptyOf(node: SchemaNode, from: Pick<Extracted, 'values' | 'lists'>): JsonValue | undefined {
  if (!node.isRequired) return undefined;
  if (node.kind === 'list') return [];
  if (node.isNullable) return null;
  return node.kind === 'object' ? composeObject(node, from).json : undefined;
}

function scalarOf(value: Value | undefined): Scalar | undefined {
  if (!value || value.status === 'missing' || value.status === 'rejected') return undefined;
  return value.value ?? undefined;
}
