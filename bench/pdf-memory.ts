/**
 * The memory that a PDF of 500 pages takes, read page by page in a process of its own, each page let go when it is
 * there. Aim: the memory at page 500 within 1.5 of that at page 50.
 *
 *     npx node bench/pdf-memory.ts [pages]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import { readPdf } from '../src/readers/pdf/read-pdf.ts';
import { benchJob } from './pdf-files.ts';

const EARLY = 50;
const [first, path] = process.argv.slice(2);
if (first === 'child' && path) await measure(path);
else await run(Number(first ?? 500));

async function run(pages: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-pdf-memory-'));
  try {
    const file = join(folder, 'long.pdf');
    writeFileSync(file, await makePdf(pages));
    const child = fork(import.meta.filename, ['child', file]);
    const [sizes] = (await once(child, 'message')) as [readonly number[]];
    await once(child, 'exit');
    const [early = 0, late = 0] = [sizes[EARLY - 1], sizes.at(-1)];
    const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
    console.log(
      `page ${EARLY}: ${mb(early)}, page ${sizes.length}: ${mb(late)}, most ${mb(Math.max(...sizes))}`,
    );
    console.log(`ratio ${(late / early).toFixed(2)} (aim at most 1.5)`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(file: string): Promise<void> {
  const sizes: number[] = [];
  for await (const part of readPdf(readFileSync(file), benchJob(file))) {
    if (part.type === 'page') sizes.push(process.memoryUsage.rss());
  }
  process.send?.(sizes);
  process.disconnect?.();
}

/** Each page has 45 lines of text and a table of numbers without lines. */
async function makePdf(pages: number): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (let number = 1; number <= pages; number += 1) {
    const page = pdf.addPage([595, 842]);
    for (let line = 0; line < 45; line += 1) {
      const text = `Page ${number}, line ${line}: the quick brown fox jumps over the lazy dog ${number * line} times.`;
      page.drawText(text, { x: 50, y: 790 - line * 14, size: 10, font });
    }
    for (let row = 0; row < 5; row += 1) {
      for (let column = 0; column < 4; column += 1) {
        page.drawText(String(number * row * column), {
          x: 50 + column * 120,
          y: 140 - row * 14,
          size: 10,
          font,
        });
      }
    }
  }
  return pdf.save();
}
