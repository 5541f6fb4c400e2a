import { ConfigError } from '../../errors.ts';
import type { JsonObject } from '../../messages.ts';
import { type OutputSchema, readAnswerSchema } from '../../qwen/answer-schema.ts';
import type { Field, FieldPlan, List } from '../extraction.ts';
import { parseCheck } from '../rows/check-syntax.ts';
import { checkNames } from '../rows/checks.ts';
import {
  type FieldNode,
  type ListNode,
  type ObjectNode,
  readSchemaTree,
  type SchemaNode,
} from './read-schema-tree.ts';

/** The keyword of the schema's root that declares checks. */
const CHECKS = 'x-checks';

/**
 * The fields and lists of a JSON Schema or a zod schema, nested objects flattened, and the checks that its root declares
 * under `x-checks`. Throws `ConfigError` where extraction cannot work by it, with the place and what to do.
 */
export function readFieldPlan(schema: OutputSchema): FieldPlan {
  const { json } = readAnswerSchema(schema);
  const root = readSchemaTree(json);
  const isRequired = true;
  const plan = {
    fields: fieldsOf(root, { about: '', isRequired }),
    lists: listsOf(root),
    checks: readChecks(json),
    schema: json,
  };
  checkNames(plan.checks, plan);
  refuseIdleChecks(plan.checks);
  return plan;
}

type Above = {
  /** What is said of the objects that it stands in. */
  readonly about: string;
  /** Whether all of them have to be there. */
  readonly isRequired: boolean;
};

/** Of the object and of those within it, lists left out. */
function fieldsOf({ members }: ObjectNode, above: Above): readonly Field[] {
  return members.flatMap((node) => {
    if (node.kind === 'list') return [];
    const isRequired = above.isRequired && node.isRequired && !node.isNullable;
    const about = join(above.about, node.description);
    return node.kind === 'field'
      ? [toField(node, { about, isRequired })]
      : fieldsOf(node, { about, isRequired });
  });
}

const toField = ({ path, type, choices }: FieldNode, { about, isRequired }: Above): Field => ({
  path,
  type,
  description: about,
  choices,
  isRequired,
});

function listsOf({ members }: ObjectNode): readonly List[] {
  return members.flatMap((node: SchemaNode) => {
    if (node.kind === 'field') return [];
    return node.kind === 'object' ? listsOf(node) : [toList(node)];
  });
}

function toList({ path, description, item }: ListNode): List {
  const isOfValues = item.kind === 'field';
  const isRequired = !item.isNullable;
  const columns = isOfValues
    ? [toField(item, { about: item.description, isRequired })]
    : fieldsOf(item, { about: '', isRequired });
  return {
    path,
    description: isOfValues ? description : join(description, item.description),
    columns,
    isOfValues,
  };
}

function readChecks({ [CHECKS]: checks = [] }: JsonObject): readonly string[] {
  if (Array.isArray(checks) && checks.every((check) => typeof check === 'string')) return checks;
  throw new ConfigError(
    `The schema cannot be used: "${CHECKS}" has to be a list of texts, such as ["total = net + tax"].`,
  );
}

/** One that holds whatever a document says would look like a proof. */
function refuseIdleChecks(checks: readonly string[]): void {
  for (const check of checks) {
    const { left, right } = parseCheck(check);
    const sides = [left, right].map((side) => JSON.stringify(side));
    if (sides[0] !== sides[1] && sides.some((side) => side.includes('"kind":"name"'))) continue;
    throw new ConfigError(
      `The schema's check ${JSON.stringify(check)} cannot be used: it says nothing of a document. Compare values with each other, as in "total = net + tax".`,
    );
  }
}

const join = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join(': ');
