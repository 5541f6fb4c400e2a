import type { CheckResult, Extracted, FieldPlan, ListRow, Value } from '../extraction.ts';
import { runChecks } from './checks.ts';

type Taken = Pick<Extracted, 'values' | 'lists'>;

/** The schema's checks, computed. What a model took, and a check that does not hold names, is verified no longer. */
export function applyChecks(
  taken: Taken,
  plan: FieldPlan,
): Taken & { readonly checks: readonly CheckResult[] } {
  const checks = runChecks(plan, taken);
  const broken = checks.filter(({ holds }) => holds === false);
  if (broken.length === 0) return { ...taken, checks };
  const doubt = (path: string, value: Value): Value => {
    const check = broken.find((each) => isNamed(path, each));
    if (!check || value.status !== 'verified' || value.source !== 'model') return value;
    return { ...value, status: 'unverified', problem: sentenceOf(check) };
  };
  const doubtAll = (values: ListRow): ListRow =>
    Object.fromEntries(Object.entries(values).map(([path, value]) => [path, doubt(path, value)]));
  const lists = Object.entries(taken.lists).map(([path, rows]) => [path, rows.map(doubtAll)]);
  return { values: doubtAll(taken.values), lists: Object.fromEntries(lists), checks };
}

/** Whether a check has this path among its names. */
function isNamed(path: string, { check }: CheckResult): boolean {
  const ends = { before: '(?<![\\p{L}\\p{N}_.])', behind: '(?![\\p{L}\\p{N}_]|\\.[\\p{L}_])' };
  return new RegExp(`${ends.before}${RegExp.escape(path)}${ends.behind}`, 'u').test(check);
}

const sentenceOf = ({ check, sentence }: CheckResult): string =>
  `The check "${check}" does not hold: ${sentence.replace(/\.$/, '')}.`;
