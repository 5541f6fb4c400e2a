/**
 * OCR of pages made from known words, against the aims of issue 5. Run: node bench/ocr.ts
 * Word F1 is of the words in any order, pair F1 of each two that follow each other.
 */
import sharp from 'sharp';
import { createOcr } from '../src/readers/ocr/create-ocr.ts';
import type { Raster } from '../src/readers/reader.ts';
import {
  drawTextPage,
  type TextPageOptions,
  toPairs,
  toWords,
  wordF1,
} from '../test/readers/ocr/text-page.ts';

type Case = TextPageOptions & { readonly name: string; readonly turn?: number; readonly aim?: number };

const CASES: readonly Case[] = [
  { name: '300 dpi', dpi: 300, aim: 0.99 },
  { name: '150 dpi', dpi: 150, aim: 0.99 },
  { name: '150 dpi, skewed 3 degrees', dpi: 150, skew: 3, aim: 0.98 },
  { name: '300 dpi, skewed -3 degrees', dpi: 300, skew: -3, aim: 0.98 },
  { name: '150 dpi, turned 90', dpi: 150, turn: 90, aim: 0.98 },
  { name: '300 dpi, turned 90', dpi: 300, turn: 90, aim: 0.98 },
  { name: '150 dpi, turned 180', dpi: 150, turn: 180, aim: 0.98 },
  { name: '150 dpi, turned 270', dpi: 150, turn: 270, aim: 0.98 },
  { name: '150 dpi, turned 90, skewed 2 degrees', dpi: 150, turn: 90, skew: 2 },
  { name: '150 dpi, two columns', dpi: 150, columns: 2, fontSize: 10 },
  { name: '75 dpi', dpi: 75 },
  { name: '100 dpi', dpi: 100 },
];

const ocr = createOcr({ languages: ['eng'] });
const missed: string[] = [];
for (const { name, turn = 0, aim, ...options } of CASES) {
  const { raster, words } = drawTextPage({ wordCount: 600, ...options });
  const started = performance.now();
  const result = await ocr.recognize(await turnRaster(raster, turn));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const found = result.ok ? toWords(result.text) : [];
  const f1 = wordF1(words, found);
  if (aim !== undefined && f1 < aim) missed.push(name);
  const sure = result.ok
    ? `confidence ${result.confidence}, turned by ${result.rotation}`
    : result.problem.sentence;
  const pairs = wordF1(toPairs(words), toPairs(found)).toFixed(3);
  console.log(
    `${name.padEnd(38)} word F1 ${f1.toFixed(4)} (aim ${aim ?? '-'})  pair F1 ${pairs}  ${seconds} s  ${sure}`,
  );
}
await ocr.end();
console.log(missed.length === 0 ? 'All aims are met.' : `Missed: ${missed.join('; ')}`);

async function turnRaster(raster: Raster, degrees: number): Promise<Raster> {
  if (degrees === 0) return raster;
  const { data, info } = await sharp(raster.bytes)
    .rotate(degrees)
    .png()
    .toBuffer({ resolveWithObject: true });
  return { ...raster, bytes: new Uint8Array(data), width: info.width, height: info.height };
}
