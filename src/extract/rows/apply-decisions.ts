import type { Extracted, Field, FieldPlan, ListRow, Scalar, Value } from '../extraction.ts';
import type { Decision } from '../job/job-facts.ts';
import { findReadings } from '../values/find-readings.ts';
import { foldWords } from '../values/fold-words.ts';
import { applyChecks, beforeChecks } from './apply-checks.ts';

type Values = Pick<Extracted, 'values' | 'lists'>;

/** What a person decided about a content, put in place of what was found. The checks are made again, and speak anew for or
 * against the values that nobody decided about. A decision about another value than the one that is there now is none. */
export function applyDecisions(
  plan: FieldPlan,
  extracted: Extracted,
  decisions: readonly Decision[],
): Extracted {
  const own = decisions.filter(({ sha256 }) => sha256 === extracted.sha256);
  if (own.length === 0) return extracted;
  const judged = beforeChecks(extracted, plan);
  const decided = own.reduce<Values>((values, decision) => decide(values, decision, plan), judged);
  return { ...extracted, ...applyChecks(decided, plan) };
}

/** The value at a path: of a field, or `items[3].amount` counted from 0. */
export function valueAt({ values, lists }: Values, path: string): Value | undefined {
  const place = placeOf({ values, lists }, path);
  return place ? lists[place.list]?.[place.index]?.[place.column] : values[path];
}

/** The path of the field that a value is of: `items.amount` of `items[3].amount`. */
export const fieldPathOf = (values: Values, path: string): string => placeOf(values, path)?.column ?? path;

function decide({ values, lists }: Values, decision: Decision, plan: FieldPlan): Values {
  const place = placeOf({ values, lists }, decision.path);
  const found = valueAt({ values, lists }, decision.path);
  if (!found || found.value !== decision.seen) return { values, lists };
  const value = withDecision(found, decision, fieldOf(plan, place?.column ?? decision.path));
  if (!place) return { lists, values: { ...values, [decision.path]: value } };
  const rows = (lists[place.list] ?? []).map(
    (row, index): ListRow => (index === place.index ? { ...row, [place.column]: value } : row),
  );
  return { values, lists: { ...lists, [place.list]: rows } };
}

export const fieldOf = ({ fields, lists }: FieldPlan, path: string): Field | undefined =>
  [...fields, ...lists.flatMap(({ columns }) => columns)].find((field) => field.path === path);

function withDecision(found: Value, { decision, at, value }: Decision, field: Field | undefined): Value {
  const review = { decision, at };
  // That the document does not state it was seen; there is nothing that could be wrong.
  if (decision === 'rejected' && found.status === 'missing') return { ...found, review };
  if (decision === 'rejected') return { ...found, status: 'rejected', source: 'person', review };
  const isCorrected = decision === 'corrected' && value !== undefined;
  const kept = isCorrected ? correct(found, value, field) : accept(found);
  return { ...kept, status: 'verified', source: 'person', review };
}

/** Quote and place stay: they are what the person looked at. Words that the document does not have stay marked as such. */
function accept({ problem, ...found }: Value): Value {
  const isInvented = found.quote !== undefined && found.page === undefined;
  return isInvented && problem !== undefined ? { ...found, problem } : found;
}

/** The quote stays where it is of the document, and states the value that is right; the box, where it is not that of the
 * wrong one. */
function correct({ problem: _, ...found }: Value, value: Scalar, field: Field | undefined): Value {
  const { quote, page, box, original, via, ...rest } = found;
  const isQuoted = field && page !== undefined && quote !== undefined && isStatedIn(quote, value, field);
  if (!isQuoted) return { ...rest, value };
  const placed = { ...rest, value, quote, page, ...(via && { via }) };
  if (original !== undefined && isStatedIn(original, value, field)) return { ...found, value };
  const isOfOther = original !== undefined && hasWords(quote, original);
  return box && !isOfOther ? { ...placed, box } : placed;
}

function isStatedIn(text: string, value: Scalar, field: Field): boolean {
  if (field.type !== 'text') return findReadings(field, text, {}).some((reading) => reading.value === value);
  return hasWords(text, String(value));
}

function hasWords(text: string, wanted: string): boolean {
  const words = foldWords(wanted);
  return words !== '' && ` ${foldWords(text)} `.includes(` ${words} `);
}

function placeOf({ values }: Values, path: string) {
  if (Object.hasOwn(values, path)) return undefined;
  const [, list, index, column] = /^(.+)\[(\d+)\](?:\.(.+))?$/.exec(path) ?? [];
  if (list === undefined) return undefined;
  // The column of a list of plain values has the list's own path.
  return { list, index: Number(index), column: column === undefined ? list : `${list}.${column}` };
}
