/**
 * Makes the sample health records in `workspace/records`: two PDFs, a scan as PNG, a FHIR bundle. Their people are not
 * real. The same input gives the same bytes.
 *
 *     npx node scripts/make-sample-documents.mts
 *
 * The bundle is one of https://github.com/smart-on-fhir/generated-sample-data (Apache-2.0, made by Synthea) with fewer
 * resources and fewer fields. Its source lies in `SOTTO_CORPORA` or `../shared/corpora`; where it does not, the bundle
 * stays as it is.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { PDFDocument, type PDFFont, type PDFPage, rgb, StandardFonts } from 'pdf-lib';
import sharp from 'sharp';
import { createRandom } from '../test/helpers/random.ts';
import { type Bundle, makeSmaller } from './make-smaller-bundle.mts';

const ROOT = resolve(import.meta.dirname, '..');
const OUT = join(ROOT, 'workspace/records');
const CORPORA = process.env.SOTTO_CORPORA ?? join(ROOT, '../shared/corpora');
const BUNDLE = join(CORPORA, 'fhir/Reyna_Ziemann_08f8bfce-34cf-4b5a-a398-8e49650c6e3c.json');
const MADE_AT = new Date('2019-05-20T00:00:00Z');

async function makeSamples(): Promise<void> {
  await mkdir(OUT, { recursive: true });
  await writeFile(join(OUT, 'letter.pdf'), await makeLetter());
  await writeFile(join(OUT, 'clinic.pdf'), await makeClinicLetter());
  await writeFile(join(OUT, 'scan.png'), await makeScan());
  if (existsSync(BUNDLE)) {
    const bundle = JSON.parse(await readFile(BUNDLE, 'utf8')) as Bundle;
    await writeFile(join(OUT, 'ziemann.json'), `${JSON.stringify(makeSmaller(bundle), null, 1)}\n`);
  } else console.error(`${BUNDLE} is not there: the bundle stays as it is.`);
}

/** Two pages of A4: the letter, and a table of laboratory values with ruling lines. */
async function makeLetter(): Promise<Uint8Array> {
  const { pdf, fonts } = await createPdf('Letter about Reyna Ziemann');
  writeLines(pdf.addPage(A4), LETTER, fonts);
  const second = pdf.addPage(A4);
  writeLines(second, LABORATORY, fonts);
  drawTable(second, LAB_VALUES, fonts);
  return pdf.save();
}

/** One short page, such as the bundled model can read. */
async function makeClinicLetter(): Promise<Uint8Array> {
  const { pdf, fonts } = await createPdf('Clinic letter about Reyna Ziemann');
  writeLines(pdf.addPage(A4), CLINIC, fonts);
  return pdf.save();
}

async function createPdf(title: string): Promise<{ readonly pdf: PDFDocument; readonly fonts: Fonts }> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  pdf.setTitle(title);
  pdf.setCreationDate(MADE_AT);
  pdf.setModificationDate(MADE_AT);
  const regular = await pdf.embedFont(StandardFonts.Helvetica);
  const bold = await pdf.embedFont(StandardFonts.HelveticaBold);
  return { pdf, fonts: { regular, bold } };
}

const A4: [number, number] = [595, 842];

const LETTER = [
  '# Letter',
  'Patient: Reyna Ziemann',
  'Date: 2019-05-14',
  'Phone: +41 555 2214',
  'Diagnosis: prediabetes',
  'Medication: Metformin',
  'Dose: 500 mg',
  'Blood pressure: 138/84',
  '',
  'Thank you for sending us your patient. She takes one tablet with her evening meal and',
  'came without complaints. We repeated the blood tests; the values are on page 2. We ask',
  'you to check the sugar again in three months, and to see her once a year after that.',
  '',
  'With kind regards',
  'Dr. Mara Lindt, Lakeside Clinic',
];

const CLINIC = [
  '# Letter',
  'Patient: Reyna Ziemann',
  'Date: 2019-05-14',
  'Diagnosis: anemia',
  'Medication: Ferrum',
  'Dose: 80 mg',
  'Phone: +41 555 2214',
];

const LABORATORY = ['# Laboratory', 'Patient: Reyna Ziemann', 'Taken: 2019-05-13'];

const LAB_VALUES = [
  ['Test', 'Value', 'Unit', 'Range'],
  ['Glucose, fasting', '6.3', 'mmol/L', '3.9 to 5.5'],
  ['Hemoglobin A1c', '6.1', '%', '4.0 to 5.6'],
  ['Creatinine', '71', 'umol/L', '45 to 84'],
  ['Ferritin', '18', 'ug/L', '15 to 150'],
];

type Fonts = { readonly regular: PDFFont; readonly bold: PDFFont };

function writeLines(page: PDFPage, lines: readonly string[], { regular, bold }: Fonts): void {
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

function drawTable(page: PDFPage, rows: readonly (readonly string[])[], { regular, bold }: Fonts): void {
  const [left, top, height] = [72, 680, 22];
  const columns = [0, 150, 220, 300, 400];
  const grey = { thickness: 0.7, color: rgb(0.4, 0.4, 0.4) };
  const bottom = top - rows.length * height;
  for (let row = 0; row <= rows.length; row += 1) {
    const y = top - row * height;
    page.drawLine({ start: { x: left, y }, end: { x: left + 400, y }, ...grey });
  }
  for (const x of columns) {
    page.drawLine({ start: { x: left + x, y: top }, end: { x: left + x, y: bottom }, ...grey });
  }
  for (const [row, cells] of rows.entries()) {
    for (const [column, text] of cells.entries()) {
      const x = left + (columns[column] ?? 0) + 6;
      page.drawText(text, { x, y: top - row * height - 15, size: 10, font: row === 0 ? bold : regular });
    }
  }
}

/** A page at 150 dpi as a scanner gives it: grey, tilted by a third of a degree, with specks. */
async function makeScan(): Promise<Uint8Array> {
  const fonts = join(
    dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')),
    'standard_fonts',
  );
  GlobalFonts.registerFromPath(join(fonts, 'LiberationSans-Regular.ttf'), 'Scan');
  GlobalFonts.registerFromPath(join(fonts, 'LiberationSans-Bold.ttf'), 'Scan Bold');
  const [width, height] = [1240, 640];
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fbfbf8';
  context.fillRect(0, 0, width, height);
  context.rotate(Math.PI / 540);
  context.fillStyle = '#1c1c1c';
  for (const [index, line] of SCAN.entries()) {
    const isTitle = line.startsWith('# ');
    context.font = isTitle ? '40px "Scan Bold"' : '26px Scan';
    context.fillText(isTitle ? line.slice(2) : line, 140, 130 + index * 48);
  }
  const random = createRandom(1);
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

const SCAN = [
  '# Medical record',
  'Patient: Reyna Ziemann',
  'Date: 2018-11-02',
  'Allergy: peanuts',
  'Medication: Albuterol',
  'Dose: 90 mg',
  'Phone: +41 555 8190',
];

await makeSamples();
