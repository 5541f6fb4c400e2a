import type { Value } from '../../extract/extraction.ts';
import { plural } from '../output.ts';
import { toRows } from '../terminal-rows.ts';
import type { Surroundings } from './page-texts.ts';
import type { ReviewItem } from './review-items.ts';

/** No row of a document begins as a line of ours does. */
const MARK = '    | ';

export type ItemView = {
  readonly item: ReviewItem;
  /** 0-based. */
  readonly index: number;
  readonly count: number;
  readonly columns: number;
  readonly surroundings: Surroundings;
};

/** A value as a person decides about it; all that a document or a model says is escaped, behind a mark. */
export function showItem({ item, index, count, columns, surroundings }: ItemView): readonly string[] {
  const { row, name, field, value } = item;
  const place = value.page === undefined ? '' : `, page ${value.page} of ${row.pageCount}`;
  const room = columns - MARK.length - 1;
  const said = (label: string, text: string) => [
    `  ${label}`,
    ...toRows(text, room).map((line) => MARK + line),
  ];
  return [
    '',
    ...toRows(`${index + 1} of ${count}  ${row.file}${place}`, columns - 1),
    ...toRows(`  ${name}${field.description && ` (${field.description})`}`, columns - 1),
    ...said('value:', shownValue(value)),
    ...(value.original !== undefined && !isSame(value.original, shownValue(value))
      ? said('as it stands there:', value.original)
      : []),
    ...toRows(`  ${value.status}: ${reasonOf(value)}`, columns - 1),
    ...context(value, surroundings, said),
    ...toRead(item, surroundings).flatMap((line) => toRows(line, columns - 1)),
    ...others(value, said),
  ];
}

function context(
  { quote, page }: Value,
  surroundings: Surroundings,
  said: (label: string, text: string) => readonly string[],
): readonly string[] {
  const given =
    quote === undefined
      ? ['  No words of the document were given for it.']
      : said('the words given for it:', quote);
  if (typeof surroundings === 'string') return quote === undefined ? given : [...given, `  ${surroundings}`];
  if ('lines' in surroundings)
    return [...given, ...said(surroundings.heading, surroundings.lines.join('\n'))];
  if (quote === undefined) return given;
  const [before, marked, behind] = surroundings.quote;
  const words = marked === '' ? `>>${before}<<` : `${before}>>${marked}<<${behind}`;
  const label = page === undefined ? 'the words given for it:' : 'where it stands:';
  return said(label, `${surroundings.before}${words}${surroundings.behind}`);
}

/** How to see the whole page, where the value has no place on one. */
function toRead({ row }: ReviewItem, surroundings: Surroundings): readonly string[] {
  if (typeof surroundings === 'string' || !('lines' in surroundings)) return [];
  const pages = row.pageCount > 1 ? ` --pages ${surroundings.page}` : '';
  return [`  All of it: sotto read ${asWord(row.file)}${pages}`];
}

/** As a shell takes it for one word. */
const asWord = (text: string): string =>
  /^[\p{L}\p{N}_./@%+=:,][\p{L}\p{N}_./@%+=:,-]*$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

function others({ others: found = [] }: Value, said: (label: string, text: string) => readonly string[]) {
  if (found.length === 0) return [];
  const texts = found.map((other) => {
    const place = other.page === undefined ? '' : `page ${other.page}: `;
    return `${place}${shownValue(other)}${other.quote === undefined ? '' : ` (${other.quote})`}`;
  });
  return said(`elsewhere (${plural(found.length, 'place')}):`, texts.join('\n'));
}

function reasonOf({ problem, review, status }: Value): string {
  const decided = review && `you ${review.decision} it on ${review.at.slice(0, 10)}`;
  if (decided) return problem === undefined ? `${decided}.` : `${decided}. ${problem}`;
  if (status === 'missing') return problem ?? 'nothing was found in the document.';
  return problem ?? 'found where the words for it stand.';
}

const isSame = (a: string, b: string): boolean => fold(a) === fold(b);
const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A value as it would stand in the table. */
export const shownValue = ({ value, original }: Pick<Value, 'value' | 'original'>): string =>
  value === null ? (original ?? '(none)') : String(value);
