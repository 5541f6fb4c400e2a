import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import type { Raster } from '../../../src/readers/reader.ts';

export type TextPage = { readonly raster: Raster; readonly words: readonly string[] };
export type TextPageOptions = {
  readonly dpi: number;
  /** Clockwise, in degrees. Default: 0. */
  readonly skew?: number;
  /** Default: Sotto's licence, which is English prose. */
  readonly text?: string;
  /** Default: 400. */
  readonly wordCount?: number;
  /** Points. Default: 11. */
  readonly fontSize?: number;
  /** Default: 1. */
  readonly columns?: number;
  /** Points. Default: A4. */
  readonly size?: readonly [width: number, height: number];
};

/** A page of known words, drawn. */
export function drawTextPage(options: TextPageOptions): TextPage {
  const { dpi, text, skew = 0, wordCount = 400, fontSize = 11, columns = 1, size = [595, 842] } = options;
  const [width, height] = size;
  const scale = dpi / 72;
  const canvas = createCanvas(Math.round(width * scale), Math.round(height * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((skew * Math.PI) / 180);
  context.scale(scale, scale);
  context.translate(-width / 2, -height / 2);
  context.fillStyle = '#000';
  context.font = `${fontSize}px ${FONT}`;
  const columnWidth = (width - 2 * MARGIN + GUTTER) / columns - GUTTER;
  const lines = breakLines(
    (text?.split(' ') ?? englishWords()).slice(0, wordCount),
    (line) => context.measureText(line).width <= columnWidth,
  );
  const linesInColumn = Math.floor((height - 2 * MARGIN) / (fontSize * 1.4));
  const shown = lines.slice(0, linesInColumn * columns);
  for (const [at, line] of shown.entries()) {
    const x = MARGIN + Math.floor(at / linesInColumn) * (columnWidth + GUTTER);
    context.fillText(line, x, MARGIN + ((at % linesInColumn) + 1) * fontSize * 1.4);
  }
  const bytes = new Uint8Array(canvas.encodeSync('png'));
  const raster = { bytes, width: canvas.width, height: canvas.height, pointsPerPixel: 1 / scale };
  return { raster, words: shown.flatMap((line) => line.split(' ')) };
}

/** Points. */
export const MARGIN = 50;
const GUTTER = 24;
const FONT = 'SottoTest';
// A machine may have no fonts: pdf.js brings one.
GlobalFonts.registerFromPath(
  createRequire(import.meta.url).resolve('pdfjs-dist/standard_fonts/LiberationSans-Regular.ttf'),
  FONT,
);

function englishWords(): readonly string[] {
  const licence = readFileSync(new URL('../../../LICENSE', import.meta.url), 'utf8');
  const words = licence.split(/\s+/).filter((word) => /^[A-Za-z0-9]/.test(word));
  return words.slice(words.indexOf('Definitions.') + 1);
}

function breakLines(words: readonly string[], fits: (line: string) => boolean): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** 0 to 1: how far two lists hold the same words, in any order. */
export function wordF1(expected: readonly string[], found: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1);
  let hits = 0;
  for (const word of found) {
    const count = left.get(word) ?? 0;
    if (count > 0) hits += 1;
    left.set(word, count - 1);
  }
  return (2 * hits) / (expected.length + found.length);
}

export const toWords = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
export const toPairs = (words: readonly string[]): readonly string[] =>
  words.slice(1).map((word, at) => `${words[at]} ${word}`);
