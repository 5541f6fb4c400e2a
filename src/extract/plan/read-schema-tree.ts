import { ConfigError } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../messages.ts';
import { objectShape } from '../../qwen/object-shape.ts';
import {
  type Branch,
  followRefs,
  isObject,
  type SchemaContext,
  schemaBranches,
} from '../../qwen/schema-branches.ts';
import { escapeLine } from '../../terminal-text.ts';
import type { FieldType } from '../extraction.ts';
import { readFieldType } from './read-field-type.ts';

/** A schema as a tree: every member of an object, what it holds, and whether it has to be there. */
export type SchemaNode = FieldNode | ObjectNode | ListNode;
export type FieldNode = Named & {
  readonly kind: 'field';
  readonly type: FieldType;
  readonly choices: readonly string[];
};
export type ObjectNode = Named & { readonly kind: 'object'; readonly members: readonly SchemaNode[] };
export type ListNode = Named & { readonly kind: 'list'; readonly item: FieldNode | ObjectNode };

type Named = {
  /** Of its object; empty for the root and the item of a list. */
  readonly name: string;
  /** Names from the root on, with dots between them. An item has its list's path. */
  readonly path: string;
  /** What the schema says of it: `title` and `description`. */
  readonly description: string;
  /** Whether its object has to have it. */
  readonly isRequired: boolean;
  readonly isNullable: boolean;
};

type Place = Pick<Named, 'name' | 'path' | 'isRequired'> & {
  /** Objects that it stands in, from the root on: one of them again would never end. */
  readonly above: readonly JsonValue[];
  readonly isInList: boolean;
};

/** The tree of a schema whose root is an object. Throws `ConfigError` that names the place where extraction cannot work
 * by the schema, and says what to do. */
export function readSchemaTree(schema: JsonObject): ObjectNode {
  const context: SchemaContext = { root: schema, note: () => {} };
  const root = readNode(
    schema,
    { name: '', path: '', isRequired: true, above: [], isInList: false },
    context,
  );
  if (root.kind !== 'object' || root.isNullable) {
    throw new ConfigError(
      'The schema has to be one object with a property for each value. Put what it describes into a property of an object.',
    );
  }
  return root;
}

function readNode(schema: JsonValue | undefined, place: Place, context: SchemaContext): SchemaNode {
  const branches = schemaBranches(schema, context);
  const isNull = (branch: Branch) =>
    branch.kind === 'null' || (branch.kind === 'literal' && branch.value === null);
  const stated = branches.filter((branch) => !isNull(branch));
  const { name, path, isRequired } = place;
  const isNullable = stated.length < branches.length;
  const named = { name, path, description: describe(schema, context), isRequired, isNullable };
  const [only] = stated;
  if (only && stated.length === 1 && only.kind === 'object') {
    return { ...named, kind: 'object', members: readMembers(only.schema, place, context) };
  }
  if (only && stated.length === 1 && only.kind === 'array') {
    return { ...named, kind: 'list', item: readItem(only.schema, place, context) };
  }
  const found = readFieldType(name || path.slice(path.lastIndexOf('.') + 1), stated);
  if (!found.ok) refuse(path, found.problem);
  return { ...named, kind: 'field', type: found.type, choices: found.choices };
}

function readMembers(schema: JsonObject, place: Place, context: SchemaContext): readonly SchemaNode[] {
  const { path, above, isInList } = place;
  if (above.includes(schema)) {
    refuse(path, 'holds itself, and so has no end. Name the properties of as many levels as you need');
  }
  const { properties, required } = objectShape(schema, context);
  if (properties.size === 0) {
    refuse(path, 'names no properties. Name one for each value that is wanted');
  }
  return Array.from(properties, ([name, property]) => {
    checkName(name, path);
    return readNode(
      property,
      {
        name,
        path: path === '' ? name : `${path}.${name}`,
        isRequired: required.has(name),
        above: [...above, schema],
        isInList,
      },
      context,
    );
  });
}

function readItem(schema: JsonObject, place: Place, context: SchemaContext): FieldNode | ObjectNode {
  const { path, isInList } = place;
  if (isInList) {
    refuse(path, 'is a list within a list. Make it a list of its own, at the top of the schema, or a text');
  }
  if (!isObject(followRefs(schema.items, context))) {
    refuse(path, 'does not say what its items are. Give it "items", one schema for all of them');
  }
  const item = readNode(schema.items, { ...place, name: '', isRequired: true, isInList: true }, context);
  if (item.kind === 'list') {
    refuse(path, 'is a list of lists. Make its items objects with a property for each value');
  }
  const names = item.kind === 'object' ? item.members.map(({ name }) => name) : [];
  if (names.includes('quote')) {
    refuse(`${path}.quote`, 'has the name under which a model quotes the line. Give it another name');
  }
  return item;
}

/** Names become parts of paths, and columns of a table. */
function checkName(name: string, path: string): void {
  const where = path === '' ? 'the root' : `"${escapeLine(path)}"`;
  const problem =
    name.trim() === ''
      ? 'is empty'
      : name.includes('.')
        ? 'contains a dot, which stands between the names of a path'
        : name === '__proto__'
          ? 'is one that JavaScript keeps for itself'
          : /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)
            ? 'contains characters that cannot be seen'
            : undefined;
  if (problem === undefined) return;
  throw new ConfigError(
    `The schema cannot be used: the name "${escapeLine(name)}" in ${where} ${problem}. Give that property another name.`,
  );
}

/** Choices within choices, which may refer to themselves. */
const DEEPEST_CHOICE = 4;

/** Said where the property stands, at what it refers to, or in the one choice beside `null`. */
function describe(schema: JsonValue | undefined, context: SchemaContext, depth = 0): string {
  if (depth > DEEPEST_CHOICE) return '';
  const parts: readonly (JsonValue | undefined)[] = [schema, followRefs(schema, context)];
  for (const part of parts) {
    if (!isObject(part)) continue;
    const said = [part.title, part.description].filter(
      (text) => typeof text === 'string' && text.trim() !== '',
    );
    if (said.length > 0) return [...new Set(said)].join(': ');
    const choices = [part.anyOf, part.oneOf, part.allOf].find((each) => Array.isArray(each)) as
      | readonly JsonValue[]
      | undefined;
    const texts = (choices ?? [])
      .map((choice) => describe(choice, context, depth + 1))
      .filter((text) => text !== '');
    if (texts.length === 1) return texts[0] ?? '';
  }
  return '';
}

function refuse(path: string, problem: string): never {
  const where = path === '' ? 'its root' : `"${escapeLine(path)}"`;
  throw new ConfigError(`The schema cannot be used: ${where} ${problem}.`);
}
