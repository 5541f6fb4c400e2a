import type { AnswerSchema } from '../../qwen/answer-schema.ts';
import type { Extraction, FieldPlan, Row, Value } from '../extraction.ts';
import { composeOutput } from './compose-output.ts';

export type TypedRow<Output> = Row & {
  /** By the schema; absent where the values do not make what it wants. Unverified values stand in it beside verified ones:
   * `isVerified` says whether there are any, `values` and `lists` which. */
  readonly output?: Output;
  /** Why not, in one plain sentence. */
  readonly outputProblem?: string;
  /** Whether there is an `output`, something stands in it, and every value of it is verified. What the document does not
   * state as far as was read, and what a person rejected, is not in it. */
  readonly isVerified: boolean;
};
export type TypedExtraction<Output> = Omit<Extraction, 'rows'> & {
  readonly rows: readonly TypedRow<Output>[];
};

export function toTypedRow<Output>(row: Row, plan: FieldPlan, answer: AnswerSchema): TypedRow<Output> {
  const checked = answer.check(composeOutput(plan, row));
  if (!checked.ok) return { ...row, outputProblem: problemOf(row, plan, checked.problem), isVerified: false };
  const given = valuesOf(row).filter(({ status }) => status !== 'missing' && status !== 'rejected');
  const isVerified = given.length > 0 && given.every(({ status }) => status === 'verified');
  return { ...row, output: checked.output as Output, isVerified };
}

const valuesOf = ({ values, lists }: Row): readonly Value[] => [
  ...Object.values(values),
  ...Object.values(lists).flatMap((rows) => rows.flatMap((row) => Object.values(row))),
];

/** Most often a value is not there that the schema wants. */
function problemOf({ values }: Row, { fields }: FieldPlan, problem: string): string {
  const lacking = fields
    .filter(({ path, isRequired }) => isRequired && (values[path]?.value ?? null) === null)
    .map(({ path }) => path);
  if (lacking.length > 0) return `The schema wants a value that is not there: ${lacking.join(', ')}.`;
  const rejected = fields.filter(({ path, isRequired }) => isRequired && values[path]?.status === 'rejected');
  if (rejected.length > 0) {
    return `The schema wants a value that a person rejected: ${rejected.map(({ path }) => path).join(', ')}.`;
  }
  return `The values do not fit the schema: ${onOneLine(problem)}.`;
}

/** As zod says it: a line for what is wrong, one that begins with an arrow for where. */
const onOneLine = (problem: string): string =>
  problem
    .replaceAll(/\n\s*→ at /g, ' at ')
    .split('\n')
    .map((line) => line.replace(/^✖\s*/, '').trim())
    .filter(Boolean)
    .join('; ');
