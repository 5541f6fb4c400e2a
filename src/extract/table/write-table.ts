import { extname } from 'node:path';
import { ConfigError } from '../../errors.ts';
import type { Extraction } from '../extraction.ts';
import { tablesOf } from './table-of.ts';
import { csvPathsBeside, writeCsv } from './write-csv.ts';
import { writeJson } from './write-json.ts';
import { writeXlsx } from './write-xlsx.ts';

export type WriteTableOptions = {
  /** The report's path: an XLSX links to it. Default: it links to its own sheet of evidence. */
  readonly report?: string;
};

/**
 * Writes an extraction as a table, by the path's extension: `.csv` (with the lists, the evidence and the pages in files
 * of their own beside it), `.xlsx` or `.json`. Gives the paths that were written, the given one first. Each file is
 * written whole or not at all. Throws `ConfigError` for another extension, and where the disk refuses.
 */
export async function writeTable(
  extraction: Extraction,
  path: string,
  { report }: WriteTableOptions = {},
): Promise<readonly string[]> {
  checkTablePath(path);
  const extension = extname(path).toLowerCase();
  if (extension === '.csv') return writeCsv(path, tablesOf(extraction));
  if (extension === '.xlsx')
    await writeXlsx(path, tablesOf(extraction), { ...(report !== undefined && { report }) });
  else await writeJson(path, extraction);
  return [path];
}

/** All paths that `writeTable` writes, the given one first. */
export const tablePaths = (path: string, plan: Extraction['plan']): readonly string[] =>
  extname(path).toLowerCase() === '.csv' ? [path, ...csvPathsBeside(path, plan)] : [path];

/** Throws `ConfigError` for a path that `writeTable` would not write: to be asked before the work is done. */
export function checkTablePath(path: string): void {
  if (['.csv', '.xlsx', '.json'].includes(extname(path).toLowerCase())) return;
  throw new ConfigError(
    `${JSON.stringify(path)} is no table: a path that ends in .csv, .xlsx or .json is needed.`,
  );
}
