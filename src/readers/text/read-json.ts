import { problem } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { decodeText } from './decode-text.ts';
import { textPage } from './flow-page.ts';
import { withLineFeeds } from './read-text.ts';
import { tooMuchText } from './text-limit.ts';

/** JSON: one page, its text as it stands. What is no valid JSON (RFC 8259) is shown all the same, and said. */
export async function* readJson(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const decoded = decodeText(bytes);
  for (const warning of decoded.warnings) yield { type: 'warning', problem: warning };
  const fault = findFault(decoded.text);
  if (fault !== undefined) yield { type: 'warning', problem: problem('recovered', brokenSentence(fault)) };
  yield { type: 'start', pageCount: 1 };
  const { text, limit } = tooMuchText(withLineFeeds(decoded.text));
  if (isWanted(1, job.options.pages)) yield { type: 'page', page: textPage({ number: 1 }, { text }) };
  if (limit) yield { type: 'limit', problem: limit };
}

const brokenSentence = (fault: string): string =>
  `This file is not valid JSON${fault}: its text is shown as it stands, but programs will refuse it.`;

/** Undefined for valid JSON, else where the fault is. */
function findFault(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const at = /at position (\d+)/.exec(String(error))?.[1];
    return at === undefined ? '' : ` (line ${text.slice(0, Number(at)).split('\n').length})`;
  }
}
