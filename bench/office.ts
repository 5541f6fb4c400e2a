/**
 * Reads the Office, mail, HTML and CSV files of ../shared/corpora/office: each must be read, or refused with a sentence,
 * and hold every word of the plain output of the format's own library. Prints the share of words found (recall), and
 * the words missed. `node bench/office.ts [part of a file's name]`
 */
import fs from 'node:fs';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import mammoth from 'mammoth';
import { type DefaultTreeAdapterMap, parse } from 'parse5';
import PostalMime from 'postal-mime';
import readXlsxFile from 'read-excel-file/universal';
import { DEFAULT_LIMITS } from '../src/readers/limits.ts';
import { cellText } from '../src/readers/office/cell-text.ts';
import { readBytes } from '../src/readers/read-bytes.ts';
import type { Part, ReadJob } from '../src/readers/reader.ts';
import { decodeText } from '../src/readers/text/decode-text.ts';

const corpora = process.env.SOTTO_CORPORA ?? path.resolve(import.meta.dirname, '../../shared/corpora');
const folder = path.join(corpora, 'office');
if (!fs.existsSync(folder)) {
  console.log(`Skipped: there is no ${folder}.`);
  process.exit(0);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const files = fs
  .globSync('*/*', { cwd: folder })
  .filter((file) => file.includes(process.argv[2] ?? ''))
  .toSorted();
const recalls: number[] = [];
const missing: string[] = [];
let refusedCount = 0;
for (const file of files) {
  const bytes = new Uint8Array(fs.readFileSync(path.join(folder, file)));
  const begin = performance.now();
  const { text, refused, failed } = await readText(bytes, path.basename(file));
  const milliseconds = Math.round(performance.now() - begin);
  if (refused !== undefined) {
    refusedCount += 1;
    console.log(`refused ${file}: ${refused}`);
    continue;
  }
  if (failed !== undefined) missing.push(`${file}: ${failed}`);
  const { recall, missed } = compare(text, await plainText(bytes, path.extname(file)));
  recalls.push(recall);
  if (missed.length > 0) missing.push(`${file}: ${missed.slice(0, 20).join(' ')}`);
  console.log(`${recall.toFixed(4)} ${String(milliseconds).padStart(5)} ms ${file}`);
}
console.log(`\n${files.length} files, ${refusedCount} refused, ${recalls.length} read`);
console.log(`word recall: mean ${mean(recalls).toFixed(4)}, least ${Math.min(...recalls).toFixed(4)}`);
console.log(missing.length === 0 ? 'no words missed' : `missed:\n${missing.join('\n')}`);

async function readText(bytes: Uint8Array, name: string) {
  const job: ReadJob = {
    options: { name, ocr: 'off', languages: ['eng'], gps: false },
    limits: DEFAULT_LIMITS,
    recognize: async () => ({ ok: false, problem: { code: 'ocr-off', sentence: 'OCR is off.' } }),
    depth: 0,
    signal: new AbortController().signal,
  };
  const parts: Part[] = await Array.fromAsync(readBytes(bytes, job));
  const text = parts.flatMap((part) => (part.type === 'page' ? [part.page.text] : [])).join('\n');
  const refused = parts.find((part) => part.type === 'refused')?.problem.sentence;
  const failed = parts.find((part) => part.type === 'limit')?.problem.sentence;
  return { text, refused, failed };
}

/** What the format's own library says, or the text between the tags. */
async function plainText(bytes: Uint8Array, ending: string): Promise<string> {
  if (ending === '.docx') return (await mammoth.extractRawText({ buffer: Buffer.from(bytes) })).value;
  if (ending === '.xlsx') return cellsOf(bytes);
  if (ending === '.eml') return (await PostalMime.parse(bytes)).text ?? '';
  if (ending === '.html') return textNodes(parse(decodeText(bytes).text));
  if (ending === '.pptx')
    return tagged(
      bytes,
      /^ppt\/(slides|notesSlides)\/[^/]+\.xml$/,
      /<a:t>([^<]*)<\/a:t>|<a:br[ />]|<\/a:p>/g,
    );
  if (ending === '.odt') return tagged(bytes, /^content\.xml$/, />([^<]+)</g);
  return new TextDecoder().decode(bytes);
}

async function cellsOf(bytes: Uint8Array): Promise<string> {
  const sheets = await readXlsxFile(new Uint8Array(bytes).buffer);
  return sheets.flatMap(({ data }) => data.flatMap((row) => row.map(cellText))).join(' ');
}

function tagged(bytes: Uint8Array, part: RegExp, text: RegExp): string {
  const parts = Object.entries(unzipSync(bytes, { filter: ({ name }) => part.test(name) }));
  const found = parts.flatMap(([, content]) =>
    [...strFromU8(content).matchAll(text)].map(([, words = ' ']) => words),
  );
  return found
    .join(text.source.startsWith('<') ? '' : ' ')
    .replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
}

function textNodes(node: DefaultTreeAdapterMap['node']): string {
  if (node.nodeName === '#text') return (node as DefaultTreeAdapterMap['textNode']).value;
  if (/^(script|style|template|title|noscript)$/.test(node.nodeName) || !('childNodes' in node)) return '';
  const isBlock = !/^(a|b|i|em|strong|span|sup|sub|u|s|code|font|small)$/.test(node.nodeName);
  const text = node.childNodes.map(textNodes).join('');
  return isBlock ? ` ${text} ` : text;
}

function compare(
  text: string,
  reference: string,
): { readonly recall: number; readonly missed: readonly string[] } {
  const found = Map.groupBy(wordsOf(text), (word) => word);
  const wanted = wordsOf(reference);
  const missed = wanted.filter((word) => found.get(word)?.pop() === undefined);
  return { recall: wanted.length === 0 ? 1 : 1 - missed.length / wanted.length, missed };
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
