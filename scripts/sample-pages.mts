/** What the scripts share that make sample documents: pages of a PDF, and pages as a scanner gives them. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { PDFDocument, type PDFFont, type PDFPage, rgb, StandardFonts } from 'pdf-lib';
import sharp from 'sharp';
import { createRandom } from '../test/helpers/random.ts';

export const A4: [number, number] = [595, 842];
export type Fonts = { readonly regular: PDFFont; readonly bold: PDFFont };

/** Without the hour at which it is made: the same input gives the same bytes. */
export async function createPdf(
  title: string,
  madeAt: Date,
): Promise<{ readonly pdf: PDFDocument; readonly fonts: Fonts }> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  pdf.setTitle(title);
  pdf.setCreationDate(madeAt);
  pdf.setModificationDate(madeAt);
  const regular = await pdf.embedFont(StandardFonts.Helvetica);
  const bold = await pdf.embedFont(StandardFonts.HelveticaBold);
  return { pdf, fonts: { regular, bold } };
}

/** One below the other; `# ` begins a title. */
export function writeLines(page: PDFPage, lines: readonly string[], { regular, bold }: Fonts): void {
  for (const [index, line] of lines.entries()) {
    const isTitle = line.startsWith('# ');
    page.drawText(isTitle ? line.slice(2) : line, {
      x: 72,
      y: 760 - index * 18,
      size: isTitle ? 16 : 11,
      font: isTitle ? bold : regular,
    });
  }
}

export type TablePlace = {
  /** In points from the bottom left of the page. */
  readonly left: number;
  readonly top: number;
  /** Where each column begins, from `left`, and where the last one ends. */
  readonly columns: readonly number[];
  /** Default: true. */
  readonly isRuled?: boolean;
};

const ROW_HEIGHT = 22;

export function drawTable(
  page: PDFPage,
  rows: readonly (readonly string[])[],
  { left, top, columns, isRuled = true, regular, bold }: TablePlace & Fonts,
): void {
  if (isRuled) rule(page, rows.length, { left, top, columns });
  for (const [row, cells] of rows.entries()) {
    for (const [column, text] of cells.entries()) {
      const x = left + (columns[column] ?? 0) + 6;
      page.drawText(text, { x, y: top - row * ROW_HEIGHT - 15, size: 10, font: row === 0 ? bold : regular });
    }
  }
}

function rule(page: PDFPage, rowCount: number, { left, top, columns }: TablePlace): void {
  const grey = { thickness: 0.7, color: rgb(0.4, 0.4, 0.4) };
  const right = left + (columns.at(-1) ?? 0);
  const bottom = top - rowCount * ROW_HEIGHT;
  for (let row = 0; row <= rowCount; row += 1) {
    const y = top - row * ROW_HEIGHT;
    page.drawLine({ start: { x: left, y }, end: { x: right, y }, ...grey });
  }
  for (const x of columns) {
    page.drawLine({ start: { x: left + x, y: top }, end: { x: left + x, y: bottom }, ...grey });
  }
}

export type ScanOptions = {
  readonly seed: number;
  /** In pixels, at 150 to an inch. */
  readonly size: readonly [width: number, height: number];
};

/** A page at 150 dpi as a scanner gives it: grey, tilted by a third of a degree, with specks. */
export async function makeScan(
  lines: readonly string[],
  { seed, size: [width, height] }: ScanOptions,
): Promise<Buffer> {
  registerFonts();
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fbfbf8';
  context.fillRect(0, 0, width, height);
  context.rotate(Math.PI / 540);
  context.fillStyle = '#1c1c1c';
  for (const [index, line] of lines.entries()) {
    const isTitle = line.startsWith('# ');
    context.font = isTitle ? '40px "Scan Bold"' : '26px Scan';
    context.fillText(isTitle ? line.slice(2) : line, 140, 130 + index * 48);
  }
  const random = createRandom(seed);
  context.fillStyle = '#9a9a9a';
  for (let speck = 0; speck < 80; speck += 1) context.fillRect(random() * width, random() * height, 2, 2);
  const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
  return sharp(Buffer.from(pixels.buffer), { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .greyscale()
    .png({ palette: true, colours: 16, dither: 0, compressionLevel: 9 })
    .withMetadata({ density: 150 })
    .toBuffer();
}

function registerFonts(): void {
  const pdfjs = createRequire(import.meta.url).resolve('pdfjs-dist/package.json');
  const fonts = join(dirname(pdfjs), 'standard_fonts');
  GlobalFonts.registerFromPath(join(fonts, 'LiberationSans-Regular.ttf'), 'Scan');
  GlobalFonts.registerFromPath(join(fonts, 'LiberationSans-Bold.ttf'), 'Scan Bold');
}
