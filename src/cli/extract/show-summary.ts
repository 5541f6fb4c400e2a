import type { Extraction, Row } from '../../extract/extraction.ts';
import { plural } from '../output.ts';
import { countBroken, countValues, type ValueCounts } from './count-values.ts';

/** `letter.pdf: 6 values, 1 unverified`; what the name holds is not escaped yet. */
export function documentLine(row: Row): string {
  const counts = countValues([row]);
  const values = counts.verified + counts.unverified + counts.rejected;
  const broken = countBroken({ rows: [row] });
  const parts = [
    plural(values, 'value'),
    counts.unverified > 0 && `${counts.unverified} unverified`,
    broken > 0 && doesNotHold(broken),
  ];
  return `${row.file}: ${parts.filter(Boolean).join(', ')}`;
}

/** Of one run. */
export type RunCounts = {
  /** Documents of the job whose values were there before. */
  readonly known: number;
  /** Documents with the same bytes as one that was done in this run. */
  readonly copies: number;
  /** Whether the model was asked something. */
  readonly isAsked: boolean;
};

/** `12 documents: 11 done (4 known from before), 1 failed. 61 values verified, 5 unverified. 1 check does not hold.` */
export function summarySentence(extraction: Extraction, counts?: RunCounts): string {
  const { rows, failures, left } = extraction;
  const seen = new Set([...rows, ...failures].map(({ file }) => file));
  const changed = left.filter((file) => seen.has(file)).length;
  const notSeen = left.length - changed;
  const total = rows.length + failures.length + notSeen;
  if (total === 0) return 'There is no document to read.';
  const { known = 0, copies = 0 } = counts ?? {};
  const before = [
    known > 0 && `${known} known from before`,
    copies > 0 && `${copies} ${copies === 1 ? 'copy of another' : 'copies of others'}`,
  ].filter(Boolean);
  const parts = [
    before.length > 0 ? `${rows.length} done (${before.join(', ')})` : `${rows.length} done`,
    failures.length > 0 && `${failures.length} failed`,
    changed > 0 && `${changed} changed since, to be read again`,
    notSeen > 0 && `${notSeen} not looked at`,
  ];
  const broken = countBroken(extraction);
  const sentences = [
    `${plural(total, 'document')}: ${parts.filter(Boolean).join(', ')}`,
    rows.length > 0 && valueSentence(countValues(rows)),
    broken > 0 && doesNotHold(broken),
  ];
  return sentences.flatMap((sentence) => (sentence ? [`${sentence}.`] : [])).join(' ');
}

function valueSentence({ verified, unverified, missing, rejected }: ValueCounts): string {
  const parts = [
    `${plural(verified, 'value')} verified`,
    unverified > 0 && `${unverified} unverified`,
    missing > 0 && `${missing} missing`,
    rejected > 0 && `${rejected} rejected`,
  ];
  return parts.filter(Boolean).join(', ');
}

const doesNotHold = (count: number): string =>
  `${plural(count, 'check')} ${count === 1 ? 'does' : 'do'} not hold`;
