import type { Extraction } from '../extraction.ts';
import { writeWhole } from '../table/write-whole.ts';
import { documentPart, pagesNeeded } from './document-part.ts';
import { escapeText, plural } from './html.ts';
import { type Budget, openPageSource } from './page-source.ts';
import { reportHead } from './report-head.ts';

export type WriteReportOptions = {
  readonly signal?: AbortSignal;
  /** Called as each document is begun. */
  readonly onDocument?: (file: string) => void;
  /** What the report may hold. Default: `REPORT_LIMITS`. */
  readonly limits?: Budget;
};

/** Pages that are drawn, and bytes of their pictures. */
export const REPORT_LIMITS: Readonly<Budget> = { pages: 2000, bytes: 200_000_000 };

/**
 * One page of HTML that needs nothing else and no script: for each document its values beside pictures of the places
 * they came from. The documents are opened again, and shown only if they are those that were read. It is written
 * document by document, whole or not at all. Throws `ConfigError` where the disk refuses, and the signal's reason.
 */
export async function writeReport(
  extraction: Extraction,
  path: string,
  options: WriteReportOptions = {},
): Promise<void> {
  await writeWhole(path, reportParts(extraction, options));
}

async function* reportParts(
  extraction: Extraction,
  { signal, onDocument, limits = REPORT_LIMITS }: WriteReportOptions,
): AsyncGenerator<string> {
  const { plan, rows } = extraction;
  const budget: Budget = { ...limits };
  yield reportHead(extraction);
  for (const [at, row] of rows.entries()) {
    signal?.throwIfAborted();
    onDocument?.(row.file);
    const source = await openPageSource(row, {
      pages: pagesNeeded(row, plan),
      budget,
      ...(signal && { signal }),
    });
    yield* documentPart(row, { document: at + 1, plan, source });
  }
  yield `</main>\n<footer>${escapeText(footer(limits, budget))}</footer>\n</body>\n</html>\n`;
}

function footer(limits: Budget, left: Budget): string {
  const drawn = limits.pages - left.pages;
  const most = `at most ${plural(limits.pages, 'page')} or ${Math.round(limits.bytes / 1e6)} MB`;
  return `Made by Sotto. It holds pictures of ${plural(drawn, 'page')}; ${most} are drawn.`;
}
