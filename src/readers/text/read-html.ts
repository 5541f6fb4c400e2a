import { problem } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { declaredEncoding } from './declared-encoding.ts';
import { decodeText } from './decode-text.ts';
import { flowPage } from './flow-page.ts';
import { htmlBlocks } from './html-blocks.ts';

/** An HTML page, as a person would read it. */
export async function* readHtml(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const decoded = decodeText(bytes, declaredEncoding(bytes));
  for (const warning of decoded.warnings) yield { type: 'warning', problem: warning };
  const content = htmlBlocks(decoded.text);
  if (content.refersOutside) yield { type: 'warning', problem: NOT_FETCHED };
  yield {
    type: 'start',
    pageCount: 1,
    outline: content.headings,
    ...(content.title !== '' && { metadata: { title: content.title } }),
  };
  if (isWanted(1, job.options.pages))
    yield { type: 'page', page: flowPage({ number: 1, ...content }, content.blocks) };
}

export const NOT_FETCHED = problem(
  'not-fetched',
  'This page refers to pictures or frames on the internet. They were not fetched.',
);
