/**
 * The text of PDFs against poppler's `pdftotext`: the first ten pages of each file of the corpora, one after the other,
 * ours and theirs in turns. Ours runs warm in this process; theirs is a process a file. Aims: mean F1 of the words against
 * `pdftotext -layout` 0.985; of pairs of words, which tells the order, against `pdftotext` in reading order 0.87; pages
 * per second at least 0.7 of poppler's.
 *
 *     npx node bench/pdf-text.ts [folders of the corpora]
 */
import { execFileSync } from 'node:child_process';
import { readPdf } from '../src/readers/pdf/read-pdf.ts';
import { median } from './median.ts';
import { benchJob, type PdfFile, pdfFiles } from './pdf-files.ts';

const PAGES = 10;
const FEW_WORDS = 20;
const folders = process.argv.slice(2);
const files = pdfFiles(...(folders.length > 0 ? folders : ['tables', 'invoices', 'pdf']));
process.on('unhandledRejection', () => undefined);

type Compared = {
  readonly name: string;
  readonly words: number;
  readonly pairs: number;
  readonly layoutPairs: number;
};
const compared: Compared[] = [];
const spent = { ours: 0, theirs: 0, pages: 0 };

for (const file of files.slice(0, 20)) await readOurs(file);
for (const file of files) {
  const start = performance.now();
  const ours = await readOurs(file);
  const between = performance.now();
  const layout = pdftotext(file.path, '-layout');
  const end = performance.now();
  if (ours.pages === 0 || layout === undefined) continue;
  spent.ours += between - start;
  spent.theirs += end - between;
  spent.pages += ours.pages;
  const mine = words(ours.text);
  // Poppler reads no dynamic forms, only their page that says so.
  if (ours.isDynamic || words(layout).length < FEW_WORDS) continue;
  const order = pairs(words(pdftotext(file.path) ?? ''));
  compared.push({
    name: file.name,
    words: f1(mine, words(layout)),
    pairs: f1(pairs(mine), order),
    layoutPairs: f1(pairs(mine), pairs(words(layout))),
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const column = (key: 'words' | 'pairs' | 'layoutPairs') => compared.map((file) => file[key]);
for (const file of compared.filter((one) => one.words < 0.9)) {
  console.log(`below 0.9: ${file.words.toFixed(3)}, order ${file.pairs.toFixed(3)}: ${file.name}`);
}
const ratio = spent.theirs / spent.ours;
console.log(`${compared.length} files with ${FEW_WORDS} words or more, ${spent.pages} pages`);
console.log(
  `words: mean F1 ${mean(column('words')).toFixed(4)}, median ${median(column('words')).toFixed(4)} (aim 0.985)`,
);
console.log(
  `order: mean F1 of pairs ${mean(column('pairs')).toFixed(4)} (aim 0.87), against -layout ${mean(column('layoutPairs')).toFixed(4)}`,
);
const rate = (ms: number) => ((1000 * spent.pages) / ms).toFixed(1);
console.log(
  `pages a second: ours ${rate(spent.ours)}, poppler ${rate(spent.theirs)}, ratio ${ratio.toFixed(2)} (aim 0.7)`,
);
process.exit();

async function readOurs({
  path,
  read,
}: PdfFile): Promise<{ readonly text: string; readonly pages: number; readonly isDynamic: boolean }> {
  let isDynamic = false;
  const texts: string[] = [];
  for await (const part of readPdf(read(), benchJob(path, { pages: [[1, PAGES]] }))) {
    if (part.type !== 'page') continue;
    texts.push(part.page.text);
    isDynamic ||= part.page.warnings.some(({ code }) => code === 'dynamic-form');
  }
  return { text: texts.join('\n'), pages: texts.length, isDynamic };
}

function pdftotext(path: string, ...options: readonly string[]): string | undefined {
  try {
    const args = [...options, '-enc', 'UTF-8', '-l', String(PAGES), path, '-'];
    return execFileSync('pdftotext', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1e9,
    });
  } catch {
    return undefined;
  }
}

function words(text: string): readonly string[] {
  // Poppler marks the direction of text by characters that are not seen; we mark boxes that may be ticked.
  return (
    text
      .replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '')
      .replaceAll('[ ]', '')
      .normalize('NFKC')
      .match(/\S+/g) ?? []
  );
}

function pairs(all: readonly string[]): readonly string[] {
  return all.slice(1).map((word, index) => `${all[index]} ${word}`);
}

/** Of multisets: how much of each is in the other. */
function f1(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 1;
  const left = new Map<string, number>();
  for (const word of a) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of b) {
    const count = left.get(word) ?? 0;
    if (count > 0) common += 1;
    left.set(word, count - 1);
  }
  return (2 * common) / (a.length + b.length);
}
