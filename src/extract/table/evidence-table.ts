import type { Extraction, Value } from '../extraction.ts';
import { valueAnchor } from '../report/value-anchor.ts';
import { count, type DataCell, type DataTable, lookOf, text } from './data-table.ts';
import { type EvidenceEntry, evidenceOf } from './evidence-of.ts';

/** All values in long form: where each was found, and what is to be said of it. */
export function evidenceTable(extraction: Extraction): DataTable {
  const short = ['file', 'sha256', 'field', 'value', 'as it stands', 'status', 'source'];
  const heads = ['problem', 'quote', 'page', 'box', 'read by', 'review', 'other readings'];
  const long = new Set(['problem', 'quote', 'other readings']);
  const entries = evidenceOf(extraction);
  return {
    name: 'evidence',
    columns: [...short, ...heads].map((head) => ({ head, isLong: long.has(head) })),
    rows: entries.map(evidenceRow),
    keys: entries.map(({ document, name }) => valueAnchor(document, name)),
  };
}

function evidenceRow({ row, field, name, value }: EvidenceEntry): readonly DataCell[] {
  const { status, source, original, problem, quote, page, box, via, review, others = [] } = value;
  const look = lookOf(value);
  return [
    text(row.file),
    text(row.sha256),
    text(name),
    { value: value.value, type: field.type, ...(look && { look }) },
    text(original),
    { ...text(status), ...(look && { look }) },
    text(source),
    text(problem),
    text(quote),
    page === undefined ? text('') : count(page),
    text(box?.map((edge) => Number(edge.toFixed(1))).join(',')),
    text(via),
    text(review && `${review.decision} ${review.at}`),
    text(others.map(otherReading).join('\n')),
  ];
}

const otherReading = ({ value, original, page }: Value): string =>
  `${value ?? original ?? 'nothing'}${page === undefined ? '' : ` (page ${page})`}`;
