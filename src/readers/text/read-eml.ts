import PostalMime, { type Address, type Email } from 'postal-mime';
import { type Problem, problem } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { type Block, flowPage, textBlock } from './flow-page.ts';
import { htmlBlocks } from './html-blocks.ts';
import { readAttachments } from './read-attachments.ts';
import { NOT_FETCHED } from './read-html.ts';
import { withLineFeeds } from './read-text.ts';

/** A mail message: its headers and text are page 1, the pages of what is attached follow. */
export async function* readEml(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const mail = await parseMail(bytes);
  if (!mail) {
    yield { type: 'refused', problem: NO_MAIL };
    return;
  }
  const { blocks, refersOutside } = bodyOf(mail);
  if (refersOutside) yield { type: 'warning', problem: NOT_FETCHED };
  const metadata = metadataOf(mail);
  yield { type: 'start', pageCount: 1, metadata };
  const head = textBlock(headLines(mail).join('\n'));
  if (isWanted(1, job.options.pages)) {
    const warnings = blocks.length > 0 ? [] : [NO_TEXT];
    yield { type: 'page', page: flowPage({ number: 1, warnings }, [head, textBlock(''), ...blocks]) };
  }
  const pageCount = yield* readAttachments(mail.attachments, job);
  yield { type: 'start', pageCount, metadata };
}

const NO_MAIL = problem('damaged', 'This is not a mail message: it has no sender, no subject and no date.');
const NO_TEXT: Problem = problem('part-not-read', 'The message itself has no text.');

async function parseMail(bytes: Uint8Array): Promise<Email | undefined> {
  try {
    const mail = await PostalMime.parse(bytes, { forceRfc822Attachments: true, maxNestingDepth: 64 });
    return mail.headers.some(({ key }) => KNOWN_HEADERS.test(key)) ? mail : undefined;
  } catch {
    return undefined;
  }
}

const KNOWN_HEADERS = /^(from|to|subject|date|received|message-id|mime-version|content-type)$/;

function headLines(mail: Email): string[] {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['From', mail.from && addressText(mail.from)],
    ['To', addressTexts(mail.to)],
    ['Cc', addressTexts(mail.cc)],
    ['Bcc', addressTexts(mail.bcc)],
    ['Date', rawHeader(mail, 'date')],
    ['Subject', mail.subject],
  ];
  return lines.filter(([, value]) => value).map(([name, value]) => `${name}: ${value}`);
}

function metadataOf(mail: Email): Record<string, string> {
  const entries = [
    ['title', mail.subject],
    ['author', mail.from && addressText(mail.from)],
    ['date', rawHeader(mail, 'date')],
  ] as const;
  return Object.fromEntries(entries.filter((entry): entry is [(typeof entry)[0], string] => !!entry[1]));
}

/** As it stands: a date is not turned into that of another time zone. */
const rawHeader = (mail: Email, key: string): string | undefined =>
  mail.headers.find((header) => header.key === key)?.value.trim();

const addressTexts = (addresses: readonly Address[] = []): string => addresses.map(addressText).join(', ');

function addressText(address: Address): string {
  if (address.group) return `${address.name}: ${addressTexts(address.group)}`;
  return address.name && address.address
    ? `${address.name} <${address.address}>`
    : address.name || address.address;
}

type Body = { readonly blocks: readonly Block[]; readonly refersOutside: boolean };

/** What a mail program shows is the HTML; the plain text follows where it says something else. */
function bodyOf(mail: Email): Body {
  const plain = withLineFeeds(mail.text ?? '').trim();
  const html = mail.html ? htmlBlocks(mail.html) : undefined;
  const blocks = html?.blocks ?? [];
  const refersOutside = html?.refersOutside ?? false;
  if (plain === '' || (blocks.length > 0 && holdsMostOf(flowPage({ number: 1 }, blocks).text, plain)))
    return { blocks, refersOutside };
  const title = blocks.length > 0 ? [textBlock('\nThe plain text of the message differs:')] : [];
  return { blocks: [...blocks, ...title, textBlock(plain)], refersOutside };
}

/** The plain text also holds the addresses of links, which are no words. */
function holdsMostOf(text: string, plain: string): boolean {
  const words = new Set(wordsOf(text));
  const wanted = wordsOf(plain.replace(/\bhttps?:\S+|\[cid:[^\]]*\]/g, ' '));
  return wanted.filter((word) => words.has(word)).length >= wanted.length * MOST;
}

const MOST = 0.97;
const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
