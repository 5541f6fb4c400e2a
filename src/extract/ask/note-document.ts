import type { Document } from '../../readers/document.ts';
import type { Extracted, FieldPlan } from '../extraction.ts';
import { problemOf } from '../rows/verify-answers.ts';
import type { PassageAnswer } from './ask-passage.ts';

type Found = {
  readonly plan: Pick<FieldPlan, 'fields'>;
  readonly values: Extracted['values'];
  readonly answers: readonly PassageAnswer[];
};

/** What a reader of the table should know of a document: what was not read of it, not answered, and not found. */
export function noteDocument(document: Document, { plan, values, answers }: Found): readonly string[] {
  const { report, pages } = document;
  const isUnread = pages.every(({ via }) => via === 'none');
  const whole = [report.refused, ...report.limits, ...report.warnings].map((said) => said?.sentence);
  const whyUnread = report.refused ? undefined : (report.pages[0]?.sentence ?? 'It has no pages.');
  const failed = answers.map((answer) => {
    const { fields, list } = answer.group;
    const names = [...fields, ...(list ? [list] : [])].map(({ path }) => `"${path}"`).join(', ');
    const problem = problemOf(answer);
    return problem && `${names}: ${problem}`;
  });
  const missing = plan.fields
    .filter(({ path, isRequired }) => isRequired && values[path]?.status === 'missing')
    .map(({ path }) => `"${path}"`);
  const notes = [
    ...whole,
    isUnread
      ? `No page of it could be read, so nothing was looked for. ${whyUnread ?? ''}`.trim()
      : undefined,
    ...failed,
    missing.length > 0 ? `The schema requires ${missing.join(', ')}, and no value was found.` : undefined,
  ];
  return [...new Set(notes.filter((note) => note !== undefined))];
}
