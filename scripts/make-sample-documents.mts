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
import { join, resolve } from 'node:path';
import { type Bundle, makeSmaller } from './make-smaller-bundle.mts';
import { A4, createPdf, drawTable, makeScan, writeLines } from './sample-pages.mts';

const ROOT = resolve(import.meta.dirname, '..');
const OUT = join(ROOT, 'workspace/records');
const CORPORA = process.env.SOTTO_CORPORA ?? join(ROOT, '../shared/corpora');
const BUNDLE = join(CORPORA, 'fhir/Reyna_Ziemann_08f8bfce-34cf-4b5a-a398-8e49650c6e3c.json');
const MADE_AT = new Date('2019-05-20T00:00:00Z');

async function makeSamples(): Promise<void> {
  await mkdir(OUT, { recursive: true });
  await writeFile(join(OUT, 'letter.pdf'), await makeLetter());
  await writeFile(join(OUT, 'clinic.pdf'), await makeClinicLetter());
  await writeFile(join(OUT, 'scan.png'), await makeScan(SCAN, { seed: 1, size: [1240, 640] }));
  if (existsSync(BUNDLE)) {
    const bundle = JSON.parse(await readFile(BUNDLE, 'utf8')) as Bundle;
    await writeFile(join(OUT, 'ziemann.json'), `${JSON.stringify(makeSmaller(bundle), null, 1)}\n`);
  } else console.error(`${BUNDLE} is not there: the bundle stays as it is.`);
}

/** Two pages of A4: the letter, and a table of laboratory values with ruling lines. */
async function makeLetter(): Promise<Uint8Array> {
  const { pdf, fonts } = await createPdf('Letter about Reyna Ziemann', MADE_AT);
  writeLines(pdf.addPage(A4), LETTER, fonts);
  const second = pdf.addPage(A4);
  writeLines(second, LABORATORY, fonts);
  drawTable(second, LAB_VALUES, { left: 72, top: 680, columns: [0, 150, 220, 300, 400], ...fonts });
  return pdf.save();
}

/** One short page, such as the bundled model can read. */
async function makeClinicLetter(): Promise<Uint8Array> {
  const { pdf, fonts } = await createPdf('Clinic letter about Reyna Ziemann', MADE_AT);
  writeLines(pdf.addPage(A4), CLINIC, fonts);
  return pdf.save();
}

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
