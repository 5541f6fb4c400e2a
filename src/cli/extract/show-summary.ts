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

/** `12 documents: 11 done (4 known from before), 1 failed. 61 values verified, 5 unverified. 1 check does not hold.` */
export function summarySentence(extraction: Extraction, known: number): string {
  const { rows, failures, left } = extraction;
  const total = rows.length + failures.length + left.length;
  if (total === 0) return 'There is no document to read.';
  const done = known > 0 ? `${rows.length} done (${known} known from before)` : `${rows.length} done`;
  const parts = [
    done,
    failures.length > 0 && `${failures.length} failed`,
    left.length > 0 && `${left.length} not looked at`,
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
