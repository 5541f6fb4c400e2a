/**
 * Every PDF of the corpora (but for the bombs) through the reader, without OCR, in a process that is killed after ten
 * seconds. Prints each file that is not plainly read with its sentence, and against the aims: no crash, no hang, no
 * rejection that nobody holds, each file with a sentence; `pdf/handbuilt` of the right class for 90 %; all encrypted
 * files of `pdf/pypdf` open; the invoice of each file of `invoices/zugferd` is found, and its total stands in the text
 * of 95 % of them.
 *
 *     npx node bench/pdf-corpus.ts [folders of the corpora]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { expectedOutcomes, PASSWORDS } from './pdf-expected.ts';
import { type PdfFile, pdfFiles } from './pdf-files.ts';
import type { PdfSummary } from './pdf-summary.ts';

const LIMIT_MS = 10_000;
const folders = process.argv.slice(2);
const files = pdfFiles(...(folders.length > 0 ? folders : ['tables', 'invoices', 'pdf', 'office']));

type Result = PdfSummary & { readonly file: PdfFile };
let child: ChildProcess | undefined;
const results: Result[] = [];
for (const file of files) results.push({ ...(await open(file)), file });
child?.kill();

for (const { file, outcome, sentence, ms } of results) {
  if (outcome !== 'read')
    console.log(`${outcome.padEnd(16)} ${String(ms).padStart(6)} ms  ${file.name}: ${sentence}`);
}
const count = (is: (result: Result) => boolean) => results.filter(is).length;
console.log(`\n${results.length} files, ${results.reduce((sum, { pages }) => sum + pages, 0)} pages`);
for (const [outcome, all] of Object.entries(Object.groupBy(results, (result) => result.outcome))) {
  console.log(`  ${outcome}: ${all?.length}`);
}
console.log(
  `crashes ${count(({ outcome }) => outcome === 'crash')} (aim 0), hangs ${count(({ outcome }) => outcome === 'hang')} (aim 0)`,
);
console.log(
  `unhandled rejections ${results.reduce((sum, { rejections }) => sum + rejections, 0)} (aim 0; a worker holds them)`,
);
console.log(`without a sentence ${count(({ sentence }) => sentence === '')} (aim 0)`);
const slowest = results.toSorted((a, b) => b.ms - a.ms).slice(0, 3);
console.log(
  `slowest: ${slowest.map(({ file, ms }) => `${file.name} ${ms} ms`).join(', ')} (aim: under ${LIMIT_MS} ms)`,
);
printHandbuilt(results.filter(({ file }) => file.name.startsWith('pdf/handbuilt/')));
printEncrypted(results.filter(({ wasEncrypted }) => wasEncrypted));
printInvoices(results.filter(({ file }) => file.name.startsWith('invoices/zugferd/')));
process.exit();

/** Tries the passwords that are known where one is needed. */
async function open(file: PdfFile): Promise<PdfSummary> {
  const first = await ask(file);
  if (first.outcome !== 'password-needed') return first;
  for (const password of PASSWORDS) {
    const summary = await ask(file, password);
    if (!summary.outcome.startsWith('password-')) return { ...summary, wasEncrypted: true };
  }
  return { ...first, wasEncrypted: true };
}

async function ask(file: PdfFile, password?: string): Promise<PdfSummary> {
  child ??= fork(new URL('./pdf-summary.ts', import.meta.url), {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const asked = child;
  const start = performance.now();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), LIMIT_MS);
  const answer = once(asked, 'message', { signal: late.signal }).then(([summary]) => summary as PdfSummary);
  const end = once(asked, 'exit', { signal: late.signal }).then(() => 'crash' as const);
  asked.send({ path: file.path, password });
  const outcome = await Promise.race([answer, end]).catch(() => 'hang' as const);
  clearTimeout(timer);
  late.abort();
  await Promise.allSettled([answer, end]);
  const ms = Math.round(performance.now() - start);
  if (typeof outcome !== 'string') return { ...outcome, ms };
  asked.kill('SIGKILL');
  child = undefined;
  return {
    outcome,
    sentence: `The reader ended by a ${outcome}.`,
    pages: 0,
    rejections: 0,
    wasEncrypted: false,
    ms,
  };
}

function printHandbuilt(found: readonly Result[]): void {
  const right = found.filter(({ file, outcome }) => expectedOutcomes(basename(file.path)).includes(outcome));
  for (const result of found) {
    const wanted = expectedOutcomes(basename(result.file.path));
    if (!right.includes(result))
      console.log(`  ${basename(result.file.path)}: ${result.outcome}, wanted ${wanted.join(' or ')}`);
  }
  if (found.length > 0)
    console.log(`handbuilt: ${right.length} of ${found.length} of the right class (aim 90 %)`);
}

function printEncrypted(found: readonly Result[]): void {
  const closed = found.filter(({ outcome }) => outcome === 'password-needed');
  console.log(
    `needed a password: ${found.length}, opened ${found.length - closed.length} (aim: all of pdf/pypdf)`,
  );
  for (const { file } of closed) console.log(`  not opened with ${PASSWORDS.join(', ')}: ${file.name}`);
}

function printInvoices(found: readonly Result[]): void {
  if (found.length === 0) return;
  const invoices = found.filter(({ invoice }) => invoice);
  const totals = invoices.filter(({ invoice }) => invoice?.isTotalInText);
  console.log(`zugferd: ${invoices.length} of ${found.length} invoices found (aim 100 %)`);
  console.log(`zugferd: ${totals.length} of ${invoices.length} totals stand in the text (aim 95 %)`);
  for (const { file } of found.filter((one) => !one.invoice)) console.log(`  no invoice found: ${file.name}`);
  for (const { file, invoice } of invoices.filter((one) => !one.invoice?.isTotalInText)) {
    console.log(`  total ${invoice?.total} not in the text: ${file.name}`);
  }
}
