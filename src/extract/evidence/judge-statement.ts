import { escapeLine } from '../../terminal-text.ts';
import type { Field } from '../extraction.ts';
import type { PageIndex, Range } from './document-index.ts';
import { findLabels, isBehindColon, type Labels } from './find-labels.ts';
import type { Statement, Within } from './find-values.ts';
import { isCalledIdentifier } from './identifier-check.ts';
import { judgeLabel, type Verdict } from './label-check.ts';
import { isMoney } from './measure-check.ts';
import { boxOf } from './value-box.ts';

/** A statement with what its labels say of it. */
export type Judged = {
  readonly page: PageIndex;
  readonly within: Within;
  readonly statement: Statement;
  readonly verdict: Verdict;
  /** The words that decided. */
  readonly label?: string;
};

export type Judging = {
  readonly field: Field;
  readonly siblings: readonly Field[];
  /** In a line of a list, the words before a value are another value. */
  readonly isInRow: boolean;
};

const NEITHER: Verdict = { says: 'neither', lead: 0 };
const AGAINST: Verdict = { says: 'against', lead: -1 };

export function judgeStatement(
  page: PageIndex,
  within: Within,
  statement: Statement,
  judging: Judging,
): Judged {
  const base = { page, within, statement };
  const text = within.layer.text.slice(statement.start, statement.end);
  const labels = findLabels({ page, layer: within.layer }, statement, boxOf(within.layer, statement));
  const isOneOfSums = !judging.isInRow && isMoney(judging.field);
  for (const { label, mayAccuse, isOwn = true, isHead = false } of inOrder(
    labels,
    within,
    statement,
    judging,
  )) {
    const verdict = isCalledIdentifier(label, text, judging.field, judging.siblings)
      ? AGAINST
      : judgeLabel(label, judging.field, judging.siblings, judging.isInRow);
    if (verdict.says === 'for' && isOwn) {
      return isHead || labels.among !== 'others' || !isOneOfSums
        ? { ...base, verdict, label }
        : inDoubt(base);
    }
    if (verdict.says === 'against' && mayAccuse) return { ...base, verdict, label };
  }
  return labels.among === undefined || !isOneOfSums ? { ...base, verdict: NEITHER } : inDoubt(base);
}

/** One of several numbers behind one label, which may be the label of another one. */
const inDoubt = ({ statement, ...base }: Pick<Judged, 'page' | 'within' | 'statement'>): Judged => ({
  ...base,
  statement: { ...statement, isInDoubt: true },
  verdict: { says: 'neither', lead: -0.5 },
});

type Said = {
  readonly label: string;
  readonly mayAccuse: boolean;
  /** Whether it may speak for a field too. Default: true. */
  readonly isOwn?: boolean;
  readonly isHead?: boolean;
};

/** A table's head says what a value is; elsewhere the words before it do, and what stands above may be anything. */
function inOrder(
  { row, head, behind, isDirect, isInTable }: Labels,
  { layer }: Within,
  { start }: Range,
  { field, isInRow }: Judging,
): readonly Said[] {
  const named = row !== undefined && (!isInRow || (isDirect && isBehindColon(layer.text, start)));
  const ofRow = named ? [{ label: row, mayAccuse: true }] : [];
  const ofHead =
    head === undefined
      ? []
      : [{ label: head, mayAccuse: isInTable || isInRow || row === undefined, isHead: true }];
  // What stands behind a number may be said of it, and is not its name; behind words stand other words.
  const isNumber = field.type === 'amount' || field.type === 'integer' || field.type === 'date';
  const ofEnd =
    behind === undefined || isInRow || !isNumber ? [] : [{ label: behind, mayAccuse: true, isOwn: false }];
  return isInTable || (isInRow && !named) ? [...ofHead, ...ofRow, ...ofEnd] : [...ofRow, ...ofHead, ...ofEnd];
}

/** The place whose label fits best. One that fits nothing counts only where no other place gives the value to another
 * field: a number that the document calls the tax is not the net since it stands unnamed elsewhere too. */
export function bestOf(judged: readonly Judged[]): Judged | undefined {
  const rank = { for: 2, against: 1, neither: 0 };
  return judged.reduce<Judged | undefined>((best, next) => {
    if (!best) return next;
    const lead = rank[next.verdict.says] - rank[best.verdict.says] || next.verdict.lead - best.verdict.lead;
    return lead > 0 ? next : best;
  }, undefined);
}

const LONGEST_LABEL = 60;

export function calledOtherwise(label: string): string {
  const text = escapeLine(label.trim().replace(/\s+/g, ' '));
  return `The document calls this "${text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL)}…` : text}".`;
}
