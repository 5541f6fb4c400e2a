import { CsvError, parse } from 'csv-parse/sync';
import { type Problem, problem } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { plainTable, rowKeeper } from './build-table.ts';
import { decodeText } from './decode-text.ts';
import { textPage } from './flow-page.ts';
import { withLineFeeds } from './read-text.ts';
import { tooMuchText } from './text-limit.ts';

/** Values parted by commas, semicolons, tabs or bars: the text as it stands, and its rows as a table. */
export async function* readCsv(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const decoded = decodeText(bytes);
  for (const warning of decoded.warnings) yield { type: 'warning', problem: warning };
  const { text, limit } = tooMuchText(withLineFeeds(decoded.text));
  const { rows, cut, warnings } = parseRows(text);
  for (const warning of warnings) yield { type: 'warning', problem: warning };
  yield { type: 'start', pageCount: 1 };
  const table = plainTable(rows);
  const spans = table.cells.filter((cell) => cell.text !== '').map((cell) => ({ text: cell.text }));
  if (isWanted(1, job.options.pages))
    yield {
      type: 'page',
      page: textPage({ number: 1, warnings: cut }, { text, spans, tables: rows.length > 0 ? [table] : [] }),
    };
  if (limit) yield { type: 'limit', problem: limit };
}

type Rows = {
  /** As many as a table holds; `cut` says when those are not all. */
  readonly rows: readonly (readonly string[])[];
  readonly cut: readonly Problem[];
  readonly warnings: readonly Problem[];
};

/** Rows of a text with line feeds; of one with an unclosed quote, the rows before it, and its lines from there on. */
export function parseRows(text: string, delimiter = guessDelimiter(text)): Rows {
  const kept = rowKeeper();
  let linesRead = 0;
  try {
    parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      on_record: (row: readonly string[], { lines }) => {
        kept.add(row);
        linesRead = lines;
        return null;
      },
    });
    return { rows: kept.rows, cut: kept.cut(), warnings: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const rest = text
      .split('\n')
      .slice(linesRead)
      .filter((line) => line.trim() !== '');
    for (const line of rest) kept.add(line.split(delimiter));
    const warnings = [problem('recovered', unclosed(linesRead + 1))];
    return { rows: kept.rows, cut: kept.cut(), warnings };
  }
}

const unclosed = (line: number): string =>
  `A quotation mark at line ${line} or below is not closed: from there on, each line was read as a row.`;

/** The one that parts the first lines into the same number of columns, and into the most of them. */
export function guessDelimiter(text: string): string {
  const sample = text.slice(0, 65_536).split('\n').slice(0, 20).join('\n');
  const scores = DELIMITERS.map((delimiter) => ({ delimiter, score: scoreOf(sample, delimiter) }));
  return scores.reduce((best, next) => (next.score > best.score ? next : best)).delimiter;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

function scoreOf(sample: string, delimiter: string): number {
  const rows = sample.split('\n').filter((line) => line.trim() !== '');
  const widths = rows.map((line) => columnsOf(line, delimiter));
  const most = widths.filter((width) => width > 1);
  if (most.length === 0) return 0;
  const usual = mode(most);
  return (widths.filter((width) => width === usual).length / widths.length) * 10 + Math.min(usual, 9) / 10;
}

/** Without what stands in quotes. */
const columnsOf = (line: string, delimiter: string): number =>
  line.replace(/"[^"]*"/g, '').split(delimiter).length;

function mode(values: readonly number[]): number {
  const groups = [...Map.groupBy(values, (value) => value)];
  return groups.reduce((best, next) => (next[1].length > best[1].length ? next : best))[0];
}
