import { ConfigError } from '../../errors.ts';
import type { Field, FieldPlan } from '../extraction.ts';
import { type Check, type CheckNode, CheckProblem, OF_LISTS, parseCheck } from './check-syntax.ts';

type Plan = Pick<FieldPlan, 'fields' | 'lists'>;

/** A check that fits its plan. `list`: of whose rows it has to hold, each for itself. */
export type BoundCheck = Check & { readonly text: string; readonly list?: string };

/**
 * The checks of a schema, read and held against its fields. Throws `ConfigError` with the first that cannot be read, that
 * names an unknown field or one that is no number, or that compares lines of different lists.
 */
export const bindChecks = (checks: readonly string[], plan: Plan): readonly BoundCheck[] =>
  checks.map((text) => {
    try {
      return bind(text, plan);
    } catch (thrown) {
      if (!(thrown instanceof CheckProblem)) throw thrown;
      throw new ConfigError(
        `The schema's check ${JSON.stringify(text)} cannot be used: ${thrown.message}. Write it like "total = net + tax" or "net = sum(items.amount)".`,
      );
    }
  });

function bind(text: string, plan: Plan): BoundCheck {
  const check = parseCheck(text);
  const lists = new Set([...listsOf(check.left, plan), ...listsOf(check.right, plan)]);
  const [list, other] = lists;
  if (other !== undefined) throw new CheckProblem(`it compares lines of "${list}" with lines of "${other}"`);
  return { ...check, text, ...(list !== undefined && { list }) };
}

/** The lists whose columns stand for one line: those within `sum` stand for all. */
function listsOf(node: CheckNode, plan: Plan): readonly string[] {
  if (node.kind === 'number') return [];
  if (node.kind === 'negative') return listsOf(node.of, plan);
  if (node.kind === 'pair') return [...listsOf(node.left, plan), ...listsOf(node.right, plan)];
  if (node.kind === 'name') return listOf(node.path, plan);
  if (!OF_LISTS.includes(node.name)) return node.operands.flatMap((operand) => listsOf(operand, plan));
  for (const operand of node.operands) {
    const [list, other] = new Set(listsOf(operand, plan));
    if (other !== undefined)
      throw new CheckProblem(`"${node.name}" is over "${list}" and "${other}" at once`);
  }
  return [];
}

/** The list that the operand of a `sum` goes over; undefined where it is one value. */
export const listWithin = (operand: CheckNode, plan: Plan): string | undefined => listsOf(operand, plan)[0];

function listOf(path: string, plan: Plan): readonly string[] {
  const field = plan.fields.find((each) => each.path === path);
  const list = plan.lists.find(({ columns }) => columns.some((column) => column.path === path));
  const found = field ?? list?.columns.find((column) => column.path === path);
  if (!found) throw new CheckProblem(unknown(path, plan));
  if (found.type !== 'amount' && found.type !== 'integer') {
    throw new CheckProblem(`"${path}" is ${KINDS[found.type]}, and checks reckon with numbers`);
  }
  return list && !field ? [list.path] : [];
}

const KINDS: Readonly<Record<Field['type'], string>> = {
  text: 'a text',
  amount: 'a number',
  integer: 'a number',
  boolean: 'a yes or no',
  date: 'a date',
  currency: 'a currency',
  choice: 'a choice',
};

function unknown(path: string, { fields, lists }: Plan): string {
  const numbers = [...fields, ...lists.flatMap(({ columns }) => columns)]
    .filter(({ type }) => type === 'amount' || type === 'integer')
    .map((field) => `"${field.path}"`);
  const known = numbers.length > 0 ? `its numbers are ${numbers.join(', ')}` : 'it has no numbers';
  return `the schema has no field "${path}"; ${known}`;
}
