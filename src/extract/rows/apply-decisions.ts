import type { Extracted, FieldPlan, ListRow, Value } from '../extraction.ts';
import type { Decision } from '../job/job-facts.ts';
import { runChecks } from './checks.ts';

type Values = Pick<Extracted, 'values' | 'lists'>;

/** What a person decided about a content, put in place of what was found; the checks are made again. A decision about
 * another value than the one that is there now is none. */
export function applyDecisions(
  plan: FieldPlan,
  extracted: Extracted,
  decisions: readonly Decision[],
): Extracted {
  const own = decisions.filter(({ sha256 }) => sha256 === extracted.sha256);
  if (own.length === 0) return extracted;
  const decided = own.reduce<Values>(decide, { values: extracted.values, lists: extracted.lists });
  return { ...extracted, ...decided, checks: runChecks(plan, decided) };
}

/** The value at a path: of a field, or `items[3].amount` counted from 0. */
export function valueAt({ values, lists }: Values, path: string): Value | undefined {
  const place = placeOf({ values, lists }, path);
  return place ? lists[place.list]?.[place.index]?.[place.column] : values[path];
}

/** The path of the field that a value is of: `items.amount` of `items[3].amount`. */
export const fieldPathOf = (values: Values, path: string): string => placeOf(values, path)?.column ?? path;

function decide({ values, lists }: Values, decision: Decision): Values {
  const place = placeOf({ values, lists }, decision.path);
  const found = valueAt({ values, lists }, decision.path);
  if (!found || found.value !== decision.seen) return { values, lists };
  const value = withDecision(found, decision);
  if (!place) return { lists, values: { ...values, [decision.path]: value } };
  const rows = (lists[place.list] ?? []).map(
    (row, index): ListRow => (index === place.index ? { ...row, [place.column]: value } : row),
  );
  return { values, lists: { ...lists, [place.list]: rows } };
}

/** Quote and place stay: they are what the person looked at. */
function withDecision({ problem, ...found }: Value, { decision, at, value }: Decision): Value {
  const review = { decision, at };
  if (decision === 'rejected')
    return {
      ...found,
      ...(problem !== undefined && { problem }),
      status: 'rejected',
      source: 'person',
      review,
    };
  const corrected = decision === 'corrected' && value !== undefined ? { value } : {};
  return { ...found, ...corrected, status: 'verified', source: 'person', review };
}

function placeOf({ values }: Values, path: string) {
  if (Object.hasOwn(values, path)) return undefined;
  const [, list, index, column] = /^(.+)\[(\d+)\](?:\.(.+))?$/.exec(path) ?? [];
  if (list === undefined) return undefined;
  // The column of a list of plain values has the list's own path.
  return { list, index: Number(index), column: column === undefined ? list : `${list}.${column}` };
}
