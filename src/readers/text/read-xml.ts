import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { declaredEncoding } from './declared-encoding.ts';
import { decodeText } from './decode-text.ts';
import { textPage } from './flow-page.ts';
import { withLineFeeds } from './read-text.ts';
import { tooMuchText } from './text-limit.ts';

/** XML: one page, its text as it stands, tags and all; nothing in it is expanded or fetched. Of an electronic invoice
 * the fields come besides. */
export async function* readXml(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const decoded = decodeText(bytes, declaredEncoding(bytes));
  for (const warning of decoded.warnings) yield { type: 'warning', problem: warning };
  yield { type: 'start', pageCount: 1 };
  const { text, limit } = tooMuchText(withLineFeeds(decoded.text));
  if (isWanted(1, job.options.pages)) yield { type: 'page', page: textPage({ number: 1 }, { text }) };
  const { parseInvoice } = await import('../invoice.ts');
  const invoice = parseInvoice(decoded.text, job.options.name);
  if (invoice) yield { type: 'invoice', invoice };
  if (limit) yield { type: 'limit', problem: limit };
}
