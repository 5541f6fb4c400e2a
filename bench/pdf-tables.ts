/**
 * Tables of PDF pages: against what tabula-java's own tests expect, without being told where on a page a table is; and
 * how often one is found where there is none. `node_modules/.bin/node bench/pdf-tables.ts`; SOTTO_CORPORA names the
 * folder of the corpora.
 *
 * Each CSV belongs to the PDF of its name, page 1, but for us-020 (page 2, where its table is). Left out: CSVs whose PDF
 * is not in the corpora (spreadsheet_no_bounding_frame; both testGuessOption) and those that hold coordinates. Compared
 * is the table that fits best, or all of the page one after the other, since some CSVs hold two tables. Empty rows and
 * columns and white space do not count, and letters of other widths are the same (NFKC).
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { PAGES_WITHOUT_TABLES } from './pages-without-tables.ts';
import { readTables } from './read-pdf-tables.ts';

const CORPORA = process.env.SOTTO_CORPORA ?? resolve(import.meta.dirname, '../../shared/corpora');
const TABULA = join(CORPORA, 'tables/tabula');

const EXPECTED: Readonly<Record<string, number>> = {
  AnimalSounds: 1,
  MultiColumn: 1,
  Publication_of_award_of_Bids_for_Transport_Sector__August_2016: 1,
  argentina_diputados_voting_record: 1,
  frx_2012_disclosure: 1,
  indictb1h_14: 1,
  schools: 1,
  spanning_cells: 1,
  twotables: 1,
  'us-020': 2,
};

type Rows = readonly (readonly string[])[];

if (existsSync(TABULA)) {
  await compareTables();
  await countFalseTables();
} else console.log(`Skipped: ${TABULA} is not there.`);

async function compareTables(): Promise<void> {
  const scores: number[] = [];
  console.log('cell F1, share of the cells in their exact place, how it was found');
  for (const [name, page] of Object.entries(EXPECTED)) {
    const csv = await readFile(join(TABULA, 'csv', `${name}.csv`), 'utf8');
    const expected = squeeze(parse(csv, { relax_column_count: true }));
    const tables = (await readTables(join(TABULA, `${name}.pdf`), [page])).flatMap((read) => read.tables);
    const candidates = [...tables.map(({ rows }) => rows), tables.flatMap(({ rows }) => rows)].map(squeeze);
    const compared = candidates
      .map((rows) => ({ rows, ...compare(expected, rows) }))
      .sort((a, b) => b.f1 - a.f1);
    const [best] = compared;
    if (!best) continue;
    scores.push(best.f1);
    const how =
      tables.map(({ method, rows }) => `${method} ${rows.length}x${rows[0]?.length}`).join(', ') || 'none';
    console.log(
      `${best.f1.toFixed(3)}  ${placed(expected, best.rows).toFixed(2)}  ${name.slice(0, 34)}: ${how}`,
    );
    if (best.missing.length > 0) console.log(`    missing: ${shorten(best.missing)}`);
    if (best.wrong.length > 0) console.log(`    too much: ${shorten(best.wrong)}`);
  }
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  console.log(`mean cell F1 of ${scores.length}: ${mean.toFixed(3)} (aim 0.85)\n`);
}

async function countFalseTables(): Promise<void> {
  let [pages, wrong, ms] = [0, 0, 0];
  for (const [name, numbers] of Object.entries(PAGES_WITHOUT_TABLES)) {
    const path = join(CORPORA, name);
    if (!existsSync(path)) continue;
    for (const read of await readTables(path, numbers)) {
      pages += 1;
      ms += read.ms;
      if (read.tables.length === 0) continue;
      wrong += 1;
      const how = read.tables
        .map(({ method, rows }) => `${method} ${rows.length}x${rows[0]?.length}`)
        .join(', ');
      console.log(`false: ${name} page ${read.number}: ${how}`);
    }
  }
  const share = ((100 * wrong) / pages).toFixed(1);
  console.log(`false tables on ${wrong} of ${pages} pages without a table: ${share} % (aim under 2 %)`);
  console.log(`looking for tables took ${(ms / pages).toFixed(1)} ms a page`);
}

function bare(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '');
}

function squeeze(rows: Rows): Rows {
  const full = rows.map((row) => row.map(bare)).filter((row) => row.some(Boolean));
  const width = Math.max(0, ...full.map((row) => row.length));
  const used = Array.from({ length: width }, (_, at) => at).filter((at) => full.some((row) => row[at]));
  return full.map((row) => used.map((at) => row[at] ?? ''));
}

/** Of the cells as a multiset. */
function compare(expected: Rows, rows: Rows) {
  const cells = expected.flat().filter(Boolean);
  const wrong = rows.flat().filter(Boolean);
  const missing: string[] = [];
  for (const cell of cells) {
    const at = wrong.indexOf(cell);
    if (at === -1) missing.push(cell);
    else wrong.splice(at, 1);
  }
  const found = cells.length - missing.length;
  return { f1: (2 * found) / (cells.length + found + wrong.length || 1), missing, wrong };
}

function placed(expected: Rows, rows: Rows): number {
  const cells = expected.flatMap((row, r) => row.map((text, c) => ({ text, other: rows[r]?.[c] })));
  const full = cells.filter(({ text }) => text);
  return full.filter(({ text, other }) => text === other).length / (full.length || 1);
}

function shorten(cells: readonly string[]): string {
  const shown = cells.slice(0, 8).map((cell) => (cell.length > 40 ? `${cell.slice(0, 40)}…` : cell));
  return `${shown.join(' | ')}${cells.length > 8 ? ` and ${cells.length - 8} more` : ''}`;
}
