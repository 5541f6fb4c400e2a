import { posix } from 'node:path';
import { type Page, type Problem, problem } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { flowPage } from '../text/flow-page.ts';
import { htmlBlocks } from '../text/html-blocks.ts';
import { type Book, decodeAddress, readBook } from './epub-book.ts';
import { openZip, type Zip } from './open-zip.ts';
import { attribute, elementsOf, readTextPart, readXmlPart } from './zip-xml.ts';

/** An EPUB book: each chapter file a page, in the order of reading. */
export async function* readEpub(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const opened = openZip(bytes, job.limits);
  if (!opened.ok) {
    yield { type: 'refused', problem: opened.problem };
    return;
  }
  const { zip } = opened;
  const book = readBook(zip);
  if (!book || book.chapters.length === 0) {
    yield { type: 'refused', problem: problem('damaged', DAMAGED) };
    return;
  }
  if (isProtected(zip, book)) {
    yield { type: 'refused', problem: problem('unsupported', PROTECTED) };
    return;
  }
  yield { type: 'start', pageCount: book.chapters.length, outline: book.outline, metadata: book.metadata };
  for (const [index, chapter] of book.chapters.slice(0, job.limits.pages).entries()) {
    const number = index + 1;
    if (isWanted(number, job.options.pages))
      yield { type: 'page', page: chapterPage(zip, { chapter, number, book }) };
  }
  if (book.chapters.length > job.limits.pages)
    yield {
      type: 'limit',
      problem: problem('too-many-pages', `Only the first ${job.limits.pages} chapters were read.`),
    };
}

const DAMAGED = 'This EPUB book is damaged and could not be opened. Download or copy it again.';
const PROTECTED = 'This EPUB book is protected against copying (DRM), which is not supported.';

type Place = { readonly chapter: string; readonly number: number; readonly book: Book };

function chapterPage(zip: Zip, { chapter, number, book }: Place): Page {
  const xhtml = readTextPart(zip, chapter);
  const label = book.outline.find(({ page }) => page === number)?.title ?? posix.basename(chapter);
  if (xhtml === undefined) {
    const lost: readonly Problem[] = [problem('page-failed', `Chapter ${number} is missing or damaged.`)];
    return { ...flowPage({ number, label }, []), warnings: lost };
  }
  const { blocks, pictures, fields } = htmlBlocks(openTags(xhtml));
  return flowPage({ number, label, pictures, fields }, blocks);
}

/** XHTML may close a tag at once (`<title/>`, `<a id="p5"/>`), which HTML reads as one that stays open. */
const openTags = (xhtml: string): string =>
  xhtml.replace(
    /<([a-z][\w:-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*\/>/gi,
    (tag, name: string, rest: string) => (VOID.test(name) ? tag : `<${name}${rest}></${name}>`),
  );

const VOID = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

/** Fonts may be made unreadable in an open book; chapters are only in a protected one. */
function isProtected(zip: Zip, book: Book): boolean {
  const encryption = readXmlPart(zip, 'META-INF/encryption.xml');
  const references = encryption ? elementsOf(encryption, 'CipherReference') : [];
  const encrypted = new Set(references.map((each) => decodeAddress(attribute(each, 'URI'))));
  return book.chapters.some((chapter) => encrypted.has(chapter));
}
