/**
 * Documents per minute with 1, 2 and 4 of them in the model at once, and the tokens that a document takes: the sample inbox
 * with the bundled model, each run a job of its own. Read from the documents' text alone, so that OCR is no part of it:
 * the readers' own benches measure that.
 *
 *     npx node --conditions=sotto-source bench/extract.ts [rounds] [model.gguf] [folder schema.json]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LlamaEngine } from '../src/engine/llama-engine.ts';
import { extract } from '../src/extract/extract.ts';
import type { Extraction } from '../src/extract/extraction.ts';
import { findFiles } from '../src/readers/find-files.ts';
import { readDocument } from '../src/readers/read-document.ts';
import { median } from './median.ts';

const root = resolve(import.meta.dirname, '..');
const [
  rounds = '3',
  path = join(root, 'models/tiny-qwen3.5.gguf'),
  folder = join(root, 'workspace/inbox'),
  schemaPath = join(root, 'workspace/inbox.schema.json'),
] = process.argv.slice(2);
const AT_ONCE = [1, 2, 4];
const schema = JSON.parse(readFileSync(schemaPath, 'utf8'));
const found = await findFiles([folder], new AbortController().signal);
const files: string[] = [];
for (const file of found.files) {
  const { pages } = await readDocument(readFileSync(file.path), { name: file.path, ocr: 'off' });
  if (pages.every(({ via }) => via === 'text')) files.push(file.path);
}

await using engine = await LlamaEngine.create({ path, contextTokens: 8192, parallel: 4, gpu: false });
const first = await run(1);
console.log(`${files.length} documents, ${engine.model.name}: ${describe(first.extraction)}`);
const rates = AT_ONCE.map((): number[] => []);
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [index, parallel] of AT_ONCE.entries()) rates[index]?.push((await run(parallel)).rate);
}
const one = median(rates[0] ?? []);
for (const [index, parallel] of AT_ONCE.entries()) {
  const rate = median(rates[index] ?? []);
  console.log(`${parallel} at once: ${rate.toFixed(1)} documents a minute, ratio ${(rate / one).toFixed(2)}`);
}

async function run(parallel: number): Promise<{ extraction: Extraction; rate: number }> {
  const home = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  const started = performance.now();
  try {
    const extraction = await extract({ files, schema, engine, home, parallel });
    return { extraction, rate: (files.length * 60_000) / (performance.now() - started) };
  } finally {
    rmSync(home, { recursive: true });
  }
}

function describe({ rows, failures }: Extraction): string {
  const mean = (of: (row: (typeof rows)[number]) => number) =>
    Math.round(rows.reduce((sum, row) => sum + of(row), 0) / rows.length);
  const evaluated = mean(({ usage }) => usage.evaluatedTokens);
  const reused = mean(({ usage }) => usage.reusedTokens);
  const written = mean(({ usage }) => usage.generatedTokens);
  return (
    `${rows.length} rows, ${failures.length} failures; a document takes ${evaluated} evaluated tokens, ` +
    `${reused} reused, ${written} written`
  );
}
