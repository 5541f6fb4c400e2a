import type { Kind } from '../document.ts';
import { decodeText, looksBinary } from './decode-text.ts';

type TextKind = { readonly kind: Kind } | { readonly unsupported: string };

/** The kind of a text; undefined when it is none. `ending`: of the file's name, in small letters, without the dot. */
export function detectTextKind(bytes: Uint8Array, ending: string): TextKind | undefined {
  const sample = decodeText(bytes.subarray(0, SAMPLE_BYTES)).text;
  if (looksBinary(sample)) return undefined;
  const start = sample.trimStart();
  if (start.startsWith('<')) return markupKind(start, ending);
  if (isMail(start, ending)) return { kind: 'eml' };
  if (isJson(bytes, start, ending)) return { kind: 'json' };
  if (HTML_ENDING.test(ending) && /<\/?[a-z]/i.test(start)) return { kind: 'html' };
  return { kind: KIND_BY_ENDING.get(ending) ?? 'text' };
}

/** Even, so that it does not cut UTF-16 apart. */
const SAMPLE_BYTES = 65_536;
const JSON_BYTES = 5_000_000;

const HTML_ENDING = /^(x?html?|xht)$/;

/** Kinds of text whose content may be anything. */
const KIND_BY_ENDING: ReadonlyMap<string, Kind> = new Map(
  Object.entries<Kind>({
    csv: 'csv',
    tsv: 'tsv',
    tab: 'tsv',
    md: 'markdown',
    markdown: 'markdown',
  }),
);

function markupKind(start: string, ending: string): TextKind {
  const root = rootName(start);
  if (root === 'svg') return { unsupported: 'an SVG image' };
  if (root === 'html') return { kind: 'html' };
  if (start.startsWith('<?xml')) return { kind: 'xml' };
  if (HTML_ROOTS.has(root) && ending !== 'xml') return { kind: 'html' };
  if (HTML_ENDING.test(ending)) return { kind: 'html' };
  if (ending === 'xml' || /^[a-z][\w.-]*:[a-z]/i.test(root)) return { kind: 'xml' };
  const isClosed = root !== '' && start.toLowerCase().trimEnd().endsWith(`</${root}>`);
  return { kind: isClosed ? 'xml' : (KIND_BY_ENDING.get(ending) ?? 'text') };
}

/** The first tag behind the declaration, comments and the document type; of `<!doctype html>`, html. */
function rootName(start: string): string {
  const rest = start.replace(/^(\s*(<\?[^>]*>|<!--[\s\S]*?-->))+/, '').trimStart();
  const type = /^<!doctype\s+([\w:.-]+)(\s[^[>]*)?(\[[^\]]*\])?\s*>?/i.exec(rest);
  if (type?.[1]?.toLowerCase() === 'html') return 'html';
  const root = /^\s*<([\w:.-]+)/.exec(rest.slice(type?.[0].length ?? 0))?.[1];
  return (root ?? '').toLowerCase();
}

const HTML_ROOTS: ReadonlySet<string> = new Set(
  'head body title meta div p h1 h2 h3 table ul ol span a br hr img script style center font'.split(' '),
);

/** Two headers of mail before the first empty line, or one that only mail programs write; a note that begins with
 * `From:` and is named .txt stays a note. */
function isMail(start: string, ending: string): boolean {
  const head = start.slice(0, 16_384).split(/\r?\n\r?\n/, 1)[0] ?? '';
  const lines = head.split(/\r?\n/).filter((line) => !/^\s/.test(line));
  if (/^From \S+ /.test(lines[0] ?? '')) lines.shift();
  const names = lines.map((line) => /^([!-9;-~]+):/.exec(line)?.[1]?.toLowerCase());
  if (names.length === 0 || names[0] === undefined) return false;
  const found = new Set(names.filter((name) => name !== undefined && MAIL_HEADERS.test(name)));
  const isCertain = names.some((name) => name !== undefined && SURE_HEADERS.test(name));
  return found.size >= 2 && (isCertain || ending === 'eml' || !TEXT_ENDING.test(ending));
}

const MAIL_HEADERS =
  /^(from|to|cc|bcc|subject|date|sender|reply-to|return-path|received|delivered-to|message-id|mime-version|content-type|content-transfer-encoding|in-reply-to|references)$/;
const SURE_HEADERS = /^(received|message-id|mime-version|return-path|delivered-to)$/;
const TEXT_ENDING = /^(txt|md|markdown|csv|tsv|log)$/;

/** A broken JSON file is still one when it is named so: its reader says what is wrong. */
function isJson(bytes: Uint8Array, start: string, ending: string): boolean {
  if (/^(json|geojson|jsonld|ipynb)$/.test(ending)) return true;
  if (!/^[[{]/.test(start)) return false;
  if (bytes.length > JSON_BYTES) return /^(\{|\[\s*\{)\s*"/.test(start);
  try {
    JSON.parse(decodeText(bytes).text);
    return true;
  } catch {
    return false;
  }
}
