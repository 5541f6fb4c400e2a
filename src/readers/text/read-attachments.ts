import type { Attachment as MailAttachment } from 'postal-mime';
import { type Attachment, type Problem, problem } from '../document.ts';
import type { PageRange } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';

/** A mail in a mail in a mail is listed, and not opened. */
const DEEPEST = 2;

/** Reads what is attached to a mail, each file with the reader of its kind. Their pages follow the message's, numbered
 * on; the limits of pages and of bytes hold over all of them. Returns how many pages there are, asked for or not. */
export async function* readAttachments(
  files: readonly MailAttachment[],
  job: ReadJob,
): AsyncGenerator<Part, number> {
  let lastPage = 1;
  let bytesLeft = job.limits.zipBytes;
  for (const [index, file] of files.entries()) {
    const bytes = toBytes(file.content);
    bytesLeft -= bytes.length;
    const name = file.filename ?? file.description ?? `attachment ${index + 1}`;
    const attachment: Attachment = { name, byteLength: bytes.length, mediaType: file.mimeType, read: false };
    const stop = whyNot(job, { lastPage, bytesLeft });
    if (stop) {
      yield { type: 'attachment', attachment };
      yield notRead(name, stop);
      continue;
    }
    const reading = readOne(bytes, { ...job, options: { ...job.options, name } }, lastPage);
    let next = await reading.next();
    for (; !next.done; next = await reading.next()) yield next.value;
    lastPage += next.value.pageCount;
    yield { type: 'attachment', attachment: { ...attachment, read: next.value.isRead } };
  }
  return lastPage;
}

function whyNot(
  job: ReadJob,
  { lastPage, bytesLeft }: { lastPage: number; bytesLeft: number },
): string | undefined {
  if (job.depth >= DEEPEST) return 'it lies too deep in other attachments.';
  if (lastPage >= job.limits.pages) return 'the pages before it are as many as this program reads.';
  return bytesLeft < 0 ? 'the attachments are larger than this program opens.' : undefined;
}

type Outcome = { readonly pageCount: number; readonly isRead: boolean };

async function* readOne(bytes: Uint8Array, job: ReadJob, lastPage: number): AsyncGenerator<Part, Outcome> {
  const { readBytes } = await import('../read-bytes.ts');
  const { name } = job.options;
  let pageCount = 0;
  let isRead = false;
  for await (const part of readBytes(bytes, inner(job, lastPage))) {
    if (part.type === 'start') {
      pageCount = part.pageCount;
      isRead = true;
    } else if (part.type === 'page') {
      const number = lastPage + part.page.number;
      pageCount = Math.max(pageCount, part.page.number);
      const label = `${name}, ${part.page.label ?? `page ${part.page.number}`}`;
      yield { type: 'page', page: { ...part.page, number, label } };
    } else if (part.type === 'attachment') {
      yield {
        type: 'attachment',
        attachment: { ...part.attachment, name: `${name}/${part.attachment.name}` },
      };
    } else if (part.type === 'refused') {
      yield notRead(name, part.problem.sentence);
    } else if (part.type === 'warning' || part.type === 'limit') {
      yield { type: 'warning', problem: about(name, part.problem) };
    } else yield part;
  }
  return { pageCount, isRead };
}

/** Pages of the whole mail, counted from this attachment's first. */
function inner(job: ReadJob, lastPage: number): ReadJob {
  const pages = job.options.pages
    ?.map(([first, last]): PageRange => [Math.max(1, first - lastPage), last - lastPage])
    .filter(([first, last]) => first <= last);
  return {
    ...job,
    depth: job.depth + 1,
    limits: { ...job.limits, pages: job.limits.pages - lastPage },
    options: { ...job.options, ...(pages && { pages }) },
  };
}

const notRead = (name: string, why: string): Part => ({
  type: 'warning',
  problem: problem('attachment-not-read', `The attachment “${name}” was not read: ${why}`),
});

const about = (name: string, { code, sentence }: Problem): Problem =>
  problem(code, `The attachment “${name}”: ${sentence}`);

function toBytes(content: MailAttachment['content']): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
}
