import type { JsonObject, JsonValue } from '../../messages.ts';
import { readAnswerSchema } from '../../qwen/answer-schema.ts';
import { objectShape } from '../../qwen/object-shape.ts';
import { type Branch, type SchemaContext, schemaBranches } from '../../qwen/schema-branches.ts';
import type { FieldPlan, Scalar } from '../extraction.ts';

/** Why the schema of the field at this path does not allow the value, as far as it does not. One line. */
export function schemaProblem(
  { schema }: Pick<FieldPlan, 'schema'>,
  path: string,
  value: Scalar,
): string | undefined {
  const context: SchemaContext = { root: schema, note: () => {} };
  const field = schemaAt(schema, path, context);
  if (field === undefined) return undefined;
  const branches = schemaBranches(field, context).filter((branch) => !isNull(branch));
  const choices = branches.flatMap((branch) => (branch.kind === 'literal' ? [branch.value] : []));
  if (choices.length > 0 && choices.length === branches.length) {
    const named = choices.map((choice) => JSON.stringify(choice)).join(', ');
    return choices.includes(value) ? undefined : `The schema allows only ${named}.`;
  }
  const { $defs, definitions } = schema;
  const checked = readAnswerSchema({
    type: 'object',
    properties: { value: soleSchema(branches) ?? field },
    ...($defs !== undefined && { $defs }),
    ...(definitions !== undefined && { definitions }),
  }).check({ value });
  return checked.ok ? undefined : sentenceOf(checked.problem);
}

const isNull = (branch: Branch): boolean =>
  branch.kind === 'null' || (branch.kind === 'literal' && branch.value === null);

/** The one beside `null`: of a choice, a check says no more than that nothing fits. */
function soleSchema([only, other]: readonly Branch[]): JsonObject | undefined {
  return only && 'schema' in only && !other ? { ...only.schema, type: only.kind } : undefined;
}

/** Without the marks and the place that a check writes. */
function sentenceOf(problem: string): string {
  const sentences = problem.split('\n').filter((line) => !line.includes('→'));
  const said = sentences.map((line) => line.replace(/^\s*✖\s*/u, '').trim()).join('; ');
  return `The schema does not allow it: ${said.replace(/\.$/, '')}.`;
}

/** Of the field at a path; that of a list's column, or of the values of a list, is within its items. */
function schemaAt(root: JsonObject, path: string, context: SchemaContext): JsonValue | undefined {
  const branchOf = (schema: JsonValue, kind: 'object' | 'array'): JsonObject | undefined =>
    schemaBranches(schema, context).flatMap((branch) => (branch.kind === kind ? [branch.schema] : []))[0];
  const withoutList = (schema: JsonValue): JsonValue => branchOf(schema, 'array')?.items ?? schema;
  let schema: JsonValue = root;
  for (const name of path.split('.')) {
    const object = branchOf(withoutList(schema), 'object');
    const member = object && objectShape(object, context).properties.get(name);
    if (member === undefined) return undefined;
    schema = member;
  }
  return withoutList(schema);
}
