import { ConfigError } from '../../errors.ts';
import type { FieldPlan, Review, Scalar, Value } from '../extraction.ts';
import { readFieldPlan } from '../plan/field-plan.ts';
import { applyDecisions, fieldOf, fieldPathOf, valueAt } from '../rows/apply-decisions.ts';
import { normalise } from '../values/normalise.ts';
import { reopenJob } from './job-ledger.ts';
import { schemaProblem } from './schema-problem.ts';

export type ReviewRequest = {
  /** Of the document's content. */
  readonly sha256: string;
  /** Of the field, or `items[3].amount`, rows counted from 0. */
  readonly path: string;
  readonly decision: Review['decision'];
  /** Of a correction, as a person writes it. */
  readonly value?: string;
  /** ISO 8601. Default: now. */
  readonly at?: string;
};

/**
 * Notes what a person decided about a value, in the job's ledger; a later decision replaces it. Returns the value as it is
 * then. A value that is missing can be corrected, and rejected: a person looked, and the document does not state it. Throws
 * `ConfigError` where there is no such value, or none to accept, or the field's schema does not allow a correction;
 * `LockError` where the job runs; `JobError`.
 */
export async function reviewValue(home: string, jobId: string, request: ReviewRequest): Promise<Value> {
  const { sha256, path, decision, at = new Date().toISOString() } = request;
  using job = reopenJob(home, jobId);
  const plan = readFieldPlan(job.file.schema);
  const extracted = job.state().done.get(sha256);
  const found = extracted && valueAt(extracted, path);
  if (!found)
    throw new ConfigError(`The job ${jobId} has no value ${JSON.stringify(path)} in that document.`);
  if (decision === 'accepted' && found.value === null)
    throw new ConfigError(`There is no value of ${path} to accept: correct it, or reject it.`);
  const value =
    decision === 'corrected' ? readCorrection(plan, fieldPathOf(extracted, path), request) : undefined;
  job.append({
    type: 'review',
    sha256,
    path,
    decision,
    at,
    seen: found.value,
    ...(value !== undefined && { value }),
  });
  return valueAt(applyDecisions(plan, extracted, job.state().decisions), path) ?? found;
}

function readCorrection(plan: FieldPlan, fieldPath: string, { path, value = '' }: ReviewRequest): Scalar {
  const field = fieldOf(plan, fieldPath);
  if (!field) throw new ConfigError(`The schema has no field ${JSON.stringify(path)}.`);
  const normalised = normalise(field, value.trim(), {});
  const problem = normalised.ok ? schemaProblem(plan, fieldPath, normalised.value) : normalised.problem;
  if (normalised.ok && problem === undefined) return normalised.value;
  throw new ConfigError(`${JSON.stringify(value)} cannot be the value of ${path}: ${problem}`);
}
