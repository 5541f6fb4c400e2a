import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { decodeText } from './decode-text.ts';
import { textPage } from './flow-page.ts';
import { tooMuchText } from './text-limit.ts';

/** Plain text and Markdown: one page, as it stands. */
export async function* readText(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const decoded = decodeText(bytes);
  for (const warning of decoded.warnings) yield { type: 'warning', problem: warning };
  yield { type: 'start', pageCount: 1 };
  const { text, limit } = tooMuchText(withLineFeeds(decoded.text));
  if (isWanted(1, job.options.pages)) yield { type: 'page', page: textPage({ number: 1 }, { text }) };
  if (limit) yield { type: 'limit', problem: limit };
}

export const withLineFeeds = (text: string): string => text.replace(/\r\n?/g, '\n');
