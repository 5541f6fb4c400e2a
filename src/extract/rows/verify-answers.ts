import { formatRanges } from '../../readers/page-ranges.ts';
import type { PassageAnswer } from '../ask/ask-passage.ts';
import { passagePages } from '../ask/passages.ts';
import { type VerifyContext, verifyClaim } from '../evidence/verify-claim.ts';
import { verifyListRow } from '../evidence/verify-list-row.ts';
import type { Extracted, Field, FieldPlan, List, ListRow, Value } from '../extraction.ts';
import { mergeRows } from './merge-rows.ts';
import { mergeValues, missingValue } from './merge-values.ts';

type Checking = Omit<VerifyContext, 'pages' | 'siblings'>;

/** What the model's answers come to once code has looked for their quotes in the pages of their passages. */
export function verifyAnswers(
  answers: readonly PassageAnswer[],
  { fields, lists }: Pick<FieldPlan, 'fields' | 'lists'>,
  context: Checking,
): Pick<Extracted, 'values' | 'lists'> {
  const merged = (field: Field): Value =>
    mergeValues(answers.flatMap((answer) => valuesOf(field, fields, answer, context)));
  const rowsOf = (list: List): readonly ListRow[] =>
    mergeRows(answers.flatMap((answer) => listRowsOf(list, answer, context)));
  return {
    values: Object.fromEntries(fields.map((field) => [field.path, merged(field)])),
    lists: Object.fromEntries(lists.map((list) => [list.path, rowsOf(list)])),
  };
}

/** What a reader should know of an answer that cannot be used; nothing of one that can. */
export function problemOf(answer: PassageAnswer): string | undefined {
  if (!('problem' in answer)) return undefined;
  const ranges = passagePages(answer.passage);
  const isOne = ranges.length === 1 && ranges[0]?.[0] === ranges[0]?.[1];
  const pages = `${isOne ? 'page' : 'pages'} ${formatRanges(ranges)}`;
  return `The model's answer for ${pages} ${answer.problem}, so it was not looked for there.`;
}

function valuesOf(
  field: Field,
  siblings: readonly Field[],
  answer: PassageAnswer,
  context: Checking,
): readonly Value[] {
  if (!answer.group.fields.some(({ path }) => path === field.path)) return [];
  if (!('claims' in answer)) return [missingValue(problemOf(answer))];
  const pages = passagePages(answer.passage);
  const claims = answer.claims.fields.get(field.path) ?? [];
  return claims.map((claim) => verifyClaim(field, claim, { ...context, pages, siblings }));
}

function listRowsOf(list: List, answer: PassageAnswer, context: Checking): readonly ListRow[] {
  if (answer.group.list?.path !== list.path || !('claims' in answer)) return [];
  const pages = passagePages(answer.passage);
  const siblings = list.columns;
  return answer.claims.rows.map((row) => verifyListRow(list, row, { ...context, pages, siblings }));
}
