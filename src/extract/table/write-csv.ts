import { stringify } from 'csv-stringify/sync';
import { escapeLine } from '../../terminal-text.ts';
import type { Extraction } from '../extraction.ts';
import type { DataCell, DataTable } from './data-table.ts';
import { safeCell } from './safe-cell.ts';
import { type Tables, tablesOf } from './table-of.ts';
import { uniqueNames } from './unique-names.ts';
import { writeWhole } from './write-whole.ts';

/**
 * `table.csv` with the values, and beside it a file for each list, the evidence and the pages: `table.items.csv`,
 * `table.evidence.csv`, `table.pages.csv`. Gives their paths, the values first; the values are written last.
 * UTF-8 with a byte order mark, without which Excel takes the letters for those of another code page; comma, point as
 * the decimal mark, no grouping, dates as YYYY-MM-DD. Throws `ConfigError` where the disk refuses.
 */
export async function writeCsv(
  path: string,
  { values, lists, evidence, pages }: Tables,
): Promise<readonly string[]> {
  const others = [evidence, pages, ...lists];
  const paths = pathsBeside(path, others);
  const files = others.map((table, at) => ({ table, path: paths[at] ?? path }));
  for (const file of files) await writeWhole(file.path, toCsvText(file.table));
  await writeWhole(path, toCsvText(values));
  return [path, ...files.map((file) => file.path)];
}

/** The files beside `table.csv`, in the order of the tables. */
function pathsBeside(path: string, tables: readonly Pick<DataTable, 'name'>[]): readonly string[] {
  const stem = path.replace(/\.csv$/i, '');
  const names = uniqueNames(
    tables.map(({ name }) => name),
    { forbidden: /[^\p{L}\p{N}._-]+/gu, most: 60 },
  );
  return names.map((name) => `${stem}.${name}${path.slice(stem.length)}`);
}

/** What `writeCsv` writes beside the table of such an extraction. */
export function csvPathsBeside(path: string, plan: Extraction['plan']): readonly string[] {
  const { evidence, pages, lists } = tablesOf({ jobId: '', plan, rows: [], failures: [], left: [] });
  return pathsBeside(path, [evidence, pages, ...lists]);
}

export function toCsvText({ columns, rows }: DataTable): string {
  const lines = [columns.map(({ head }) => toText(head)), ...rows.map((row) => row.map(toField))];
  return stringify(lines, { bom: true, quoted_match: /[;\t\r\n]|^\s|\s$/ });
}

function toField({ value }: DataCell): string {
  if (value === null) return '';
  if (typeof value === 'number') return plainNumber(value);
  return typeof value === 'boolean' ? String(value) : toText(value);
}

const toText = (text: string): string => safeCell(withoutControls(text));

/** `1e21` is not what an accountant's program reads as a number; `-0` is none. */
function plainNumber(value: number): string {
  const text = String(value);
  return /e/.test(text)
    ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : text;
}

/** A file that is shown in a terminal must not command it. */
export const withoutControls = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(/(?![\n\t])\p{Cc}/gu, escapeLine);
