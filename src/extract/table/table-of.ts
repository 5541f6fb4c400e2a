/**
 * An extraction as tables: the values with a row for every file, the lists, the evidence of every value, and what
 * became of every page. CSV and XLSX are written from them; `write-csv` and `write-xlsx` say how.
 */

import type { Extraction, Field, FieldPlan, List, Row, Value } from '../extraction.ts';
import { keptLines } from '../rows/removed-lines.ts';
import { bool, count, type DataCell, type DataTable, lookOf, text } from './data-table.ts';
import { columnName, NO_VALUE, nameInList } from './evidence-of.ts';
import { evidenceTable } from './evidence-table.ts';

export type Tables = {
  readonly values: DataTable;
  readonly lists: readonly DataTable[];
  readonly evidence: DataTable;
  readonly pages: DataTable;
};

export function tablesOf(extraction: Extraction): Tables {
  return {
    values: valuesTable(extraction),
    lists: extraction.plan.lists.map((list) => listTable(list, extraction)),
    evidence: evidenceTable(extraction),
    pages: pagesTable(extraction),
  };
}

/** Every file has a row: those that failed and those that were left too. */
function valuesTable({ plan, rows, failures, left }: Extraction): DataTable {
  const heads = ['file', ...plan.fields.map(({ path }) => path)];
  const without = (file: string, note: string) => [
    text(file),
    ...plan.fields.map(() => text('')),
    text(''),
    text(''),
    text(note),
  ];
  return {
    name: 'values',
    columns: [
      ...heads.map((head) => ({ head })),
      ...['unverified', 'checks', 'notes'].map((head) => ({ head, isLong: true })),
    ],
    rows: [
      ...rows.map((row, at) => [
        text(row.file),
        ...plan.fields.map((field) => valueCell(field, row.values[field.path], at + 1, field.path)),
        text(unverifiedNames(row, plan)),
        text(failedChecks(row)),
        text(notesOf(row)),
      ]),
      ...failures.map(({ file, problem }) => without(file, `Nothing was taken from it: ${problem}`)),
      ...left.map((file) => without(file, 'Not looked at: the job was stopped before.')),
    ],
  };
}

/** Lines that a person removed are not in it; the others keep their numbers, as the evidence names them. */
function listTable(list: List, { rows }: Extraction): DataTable {
  const heads = list.columns.map(({ path }) => columnName(list.path, path)[0] ?? list.path);
  return {
    name: list.path,
    columns: [
      { head: 'file' },
      { head: 'row' },
      ...heads.map((head) => ({ head })),
      { head: 'unverified', isLong: true },
    ],
    rows: rows.flatMap((row, at) =>
      keptLines(row.lists[list.path]).map(({ line, index: lineAt }) => [
        text(row.file),
        count(lineAt + 1),
        ...list.columns.map((field) =>
          valueCell(field, line[field.path], at + 1, nameInList(list.path, lineAt + 1, field.path)),
        ),
        text(
          list.columns
            .flatMap((field, column) => unverifiedName(field, line[field.path], heads[column]) ?? [])
            .join(', '),
        ),
      ]),
    ),
  };
}

function valueCell(field: Field, value: Value = NO_VALUE, document: number, name: string): DataCell {
  const evidence = { document, name, value };
  const cell = { value: value.value, type: field.type, evidence };
  if (value.status === 'rejected') return { ...cell, value: null, look: 'rejected', shown: 'rejected' };
  if (value.status === 'missing') return { ...cell, value: null, look: 'missing' };
  if (value.status === 'unverified') {
    const shown = value.value === null && value.original !== undefined ? { shown: value.original } : {};
    return { ...cell, look: 'unverified', ...shown };
  }
  const look = lookOf(value);
  return look ? { ...cell, look } : cell;
}

/** The evidence table says the rest. */
const MOST_NAMES = 20;

function unverifiedNames(row: Row, plan: FieldPlan): string {
  const names = [
    ...plan.fields.flatMap((field) => unverifiedName(field, row.values[field.path]) ?? []),
    ...plan.lists.flatMap((list) =>
      keptLines(row.lists[list.path]).flatMap(({ line, index }) =>
        list.columns.flatMap((field) => {
          const name = nameInList(list.path, index + 1, field.path);
          return unverifiedName(field, line[field.path], name) ?? [];
        }),
      ),
    ),
  ];
  const more = names.length - MOST_NAMES;
  return [...names.slice(0, MOST_NAMES), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/** A value that is missing counts where the schema requires it. */
function unverifiedName(
  field: Field,
  { status }: Value = NO_VALUE,
  name: string = field.path,
): string | undefined {
  if (status === 'unverified') return name;
  if (status === 'rejected') return `${name} (rejected)`;
  return status === 'missing' && field.isRequired ? `${name} (missing)` : undefined;
}

const failedChecks = ({ checks }: Row): string =>
  checks
    .filter(({ holds }) => holds === false)
    .map(({ check, sentence }) => `${check}: ${sentence}`)
    .join('\n');

function notesOf({ notes, pages, pageCount }: Row): string {
  const notAsked = pages
    .filter(({ isAsked }) => !isAsked)
    .reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const account = `The model was not given ${notAsked} of ${pageCount} ${pageCount === 1 ? 'page' : 'pages'}.`;
  return [...notes, ...(notAsked > 0 ? [account] : [])].join('\n');
}

function pagesTable({ rows, failures, left }: Extraction): DataTable {
  const heads = ['file', 'first page', 'last page', 'read by', 'given to the model', 'how, or why not'];
  const notRead = (file: string, why: string) => [
    text(file),
    text(''),
    text(''),
    text(''),
    bool(false),
    text(why),
  ];
  return {
    name: 'pages',
    columns: heads.map((head, at) => ({ head, isLong: at === heads.length - 1 })),
    rows: [
      ...rows.flatMap(({ file, pages }) =>
        pages.map(({ first, last, via, isAsked, sentence }) => [
          text(file),
          count(first),
          count(last),
          text(via),
          bool(isAsked),
          text(sentence),
        ]),
      ),
      ...failures.map(({ file, problem }) => notRead(file, problem)),
      ...left.map((file) => notRead(file, 'Not looked at: the job was stopped before.')),
    ],
  };
}
