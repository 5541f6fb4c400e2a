import type { CheckResult, Extracted, FieldPlan, ListRow, Value } from '../extraction.ts';
import { namesIn } from './check-syntax.ts';
import { type RunCheck, runBoundChecks } from './checks.ts';

type Taken = Pick<Extracted, 'values' | 'lists'>;

/**
 * The schema's checks, computed. What a model took, and a check that does not hold names, is verified no longer; where it
 * is a check over lines, this is so in the lines that it does not hold for, and the other lines stay as they are.
 */
export function applyChecks(
  taken: Taken,
  plan: FieldPlan,
): Taken & { readonly checks: readonly CheckResult[] } {
  const ran = runBoundChecks(plan, taken);
  const checks = ran.map(({ result }) => result);
  const broken = ran
    .filter(({ result }) => result.holds === false)
    .map((run) => ({ ...run, names: namesIn(run.check) }));
  if (broken.length === 0) return { ...taken, checks };
  const doubt = (path: string, value: Value, place?: Place): Value => {
    if (value.status !== 'verified' || value.source !== 'model') return value;
    const run = broken.find((each) => each.names.has(path) && isOf(each, place));
    return run ? { ...value, status: 'unverified', problem: sentenceOf(run, place) } : value;
  };
  const doubtAll = (values: ListRow, place?: Place): ListRow =>
    Object.fromEntries(Object.entries(values).map(([path, value]) => [path, doubt(path, value, place)]));
  const lists = Object.entries(taken.lists).map(([list, rows]) => [
    list,
    rows.map((values, row) => doubtAll(values, { list, row })),
  ]);
  return { values: doubtAll(taken.values), lists: Object.fromEntries(lists), checks };
}

/** `row`: 0-based. */
type Place = { readonly list: string; readonly row: number };

/** Fields, and the lines of a list that a check adds up, took part in all that it says. */
const isOf = (run: RunCheck, place: Place | undefined): boolean =>
  !isOverItsLines(run, place) || (run.result.rows ?? []).includes(place.row);

const isOverItsLines = ({ check }: RunCheck, place: Place | undefined): place is Place =>
  place !== undefined && check.list === place.list;

function sentenceOf(run: RunCheck, place: Place | undefined): string {
  const { check, sentence } = run.result;
  const isOfLine = isOverItsLines(run, place);
  const said = isOfLine ? (run.lines.get(place.row) ?? sentence) : sentence;
  const where = isOfLine ? ` for line ${place.row + 1}` : '';
  return `${doubtOf(check)}${where}: ${said.replace(/\.$/, '')}.`;
}

const doubtOf = (check: string): string => `The check "${check}" does not hold`;

/** The values as they were judged by their evidence, before checks spoke against them. */
export function beforeChecks({ values, lists }: Taken, { checks }: FieldPlan): Taken {
  const doubts = checks.map(doubtOf);
  const restore = ({ problem = '', ...value }: Value): Value => {
    const isOfCheck = value.source === 'model' && doubts.some((doubt) => problem.startsWith(doubt));
    if (isOfCheck) return { ...value, status: 'verified' };
    return { ...value, ...(problem !== '' && { problem }) };
  };
  const restoreAll = (row: ListRow): ListRow =>
    Object.fromEntries(Object.entries(row).map(([path, value]) => [path, restore(value)]));
  const rows = Object.entries(lists).map(([list, each]) => [list, each.map(restoreAll)]);
  return { values: restoreAll(values), lists: Object.fromEntries(rows) };
}
