import { type Problem, problem } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { type Block, flowPage, textBlock } from '../text/flow-page.ts';
import { officeMetadata } from './office-metadata.ts';
import { openZip, type Zip } from './open-zip.ts';
import { mainPart, relationshipsOf } from './relationships.ts';
import { type WordBody, wordBody } from './word-body.ts';
import { wordParagraphs } from './word-text.ts';
import { attribute, elementsOf, readTextPart, readXmlPart } from './zip-xml.ts';

/** A Word document, as one page: headers, the text with its lists, tables and notes, footers, comments. */
export async function* readDocx(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const opened = openZip(bytes, job.limits);
  if (!opened.ok) {
    yield { type: 'refused', problem: opened.problem };
    return;
  }
  const { zip } = opened;
  const main = mainPart(zip, 'word/document.xml');
  const body = await readBody(zip, main);
  if ('problem' in body) {
    yield { type: 'refused', problem: body.problem };
    return;
  }
  for (const warning of [...unreadParts(zip, main), ...body.warnings])
    yield { type: 'warning', problem: warning };
  yield { type: 'start', pageCount: 1, outline: body.headings, metadata: officeMetadata(zip) };
  const blocks = [
    ...sideText(zip, main, 'header'),
    ...body.blocks,
    ...sideText(zip, main, 'footer'),
    ...comments(zip, main),
  ];
  if (isWanted(1, job.options.pages))
    yield { type: 'page', page: flowPage({ number: 1, pictures: body.pictures }, blocks) };
  for (const name of zip.names) {
    if (!/\/embeddings\/[^/]+$/.test(name)) continue;
    const byteLength = zip.sizeOf(name);
    yield {
      type: 'attachment',
      attachment: { name: name.split('/').at(-1) ?? name, byteLength, read: false },
    };
  }
}

async function readBody(zip: Zip, main: string): Promise<WordBody | { readonly problem: Problem }> {
  try {
    return await wordBody(zip, main);
  } catch (error) {
    return { problem: problem('damaged', error instanceof RangeError ? TOO_DEEP : DAMAGED) };
  }
}

const DAMAGED = 'This Word document is damaged and could not be opened. Download or copy it again.';
const TOO_DEEP = 'This Word document is damaged: its parts are nested deeper than any program writes them.';

/** Headers or footers, each text once: the same often stands for first and other pages. */
function sideText(zip: Zip, main: string, type: 'header' | 'footer'): readonly Block[] {
  const parts = relationshipsOf(zip, main).filter((each) => each.type === type && each.target);
  const texts = parts.flatMap(({ target = '' }) => {
    const root = readXmlPart(zip, target);
    return root ? [wordParagraphs(root).join('\n')] : [];
  });
  const title = type === 'header' ? 'Header' : 'Footer';
  return [...new Set(texts)].filter((text) => text !== '').map((text) => textBlock(`${title}: ${text}`));
}

function comments(zip: Zip, main: string): readonly Block[] {
  const part = relationshipsOf(zip, main).find(({ type }) => type === 'comments')?.target;
  const root = part === undefined ? undefined : readXmlPart(zip, part);
  if (!root) return [];
  return elementsOf(root, 'comment').map((comment) => {
    const author = attribute(comment, 'author');
    const text = wordParagraphs(comment).join('\n');
    return textBlock(`Comment${author === '' ? '' : ` (${author})`}: ${text}`);
  });
}

function unreadParts(zip: Zip, main: string): readonly Problem[] {
  const has = (part: RegExp) => [...zip.names].some((name) => part.test(name));
  const xml = readTextPart(zip, main) ?? '';
  const found: readonly (readonly [boolean, string])[] = [
    [has(/^word\/charts\/chart/), 'The charts of this document were not read.'],
    [has(/^word\/diagrams\/data/), 'The diagrams (SmartArt) of this document were not read.'],
    [/<w:altChunk\b/.test(xml), 'A document that is embedded in this one was not read.'],
    [/<w:(del|moveFrom)\s/.test(xml), 'This document has tracked changes: what was deleted is not shown.'],
  ];
  return found.filter(([isThere]) => isThere).map(([, sentence]) => problem('part-not-read', sentence));
}
