/**
 * Evidence over real invoices: the expected values of `invoices/invoice2data` claimed with the line that they stand on
 * (should be verified), and the same lines claimed for values that they do not state, or for another field (should not).
 * No model is asked. OCR is off.
 *
 *     npx node --conditions=sotto-source bench/extract-evidence.ts [--list]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexDocument } from '../src/extract/evidence/document-index.ts';
import { foldQuote } from '../src/extract/evidence/fold-text.ts';
import { type VerifyContext, verifyClaim } from '../src/extract/evidence/verify-claim.ts';
import type { Field, FieldType, Scalar } from '../src/extract/extraction.ts';
import { conventionsOf } from '../src/extract/values/conventions.ts';
import { findReadings } from '../src/extract/values/find-readings.ts';
import { pageLines } from '../src/readers/pages-text.ts';
import { readDocument } from '../src/readers/read-document.ts';
import { corpora } from './pdf-files.ts';

const folder = join(corpora, 'invoices/invoice2data');
if (!existsSync(folder)) throw new Error(`There is no ${folder}; set SOTTO_CORPORA.`);
const isListed = process.argv.includes('--list');

const TYPES: Readonly<Record<string, FieldType>> = {
  amount: 'amount',
  amount_untaxed: 'amount',
  amount_tax: 'amount',
  date: 'date',
  date_due: 'date',
  date_start: 'date',
  date_end: 'date',
  invoice_number: 'text',
  vat: 'text',
  iban: 'text',
  bic: 'text',
  partner_name: 'text',
  partner_city: 'text',
  partner_zip: 'text',
  partner_street: 'text',
  telephone: 'text',
  partner_email: 'text',
  client_id: 'text',
  order_id: 'text',
};
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  amount: 'The total, with tax',
  amount_untaxed: 'The total without tax',
  amount_tax: 'The tax',
};
const fields = Object.entries(TYPES).map(
  ([path, type]): Field => ({
    path,
    type,
    description: DESCRIPTIONS[path] ?? '',
    choices: [],
    isRequired: false,
  }),
);

const counts = {
  right: 0,
  rightVerified: 0,
  notOnPage: 0,
  fragments: 0,
  invented: 0,
  inventedVerified: 0,
  swapped: 0,
  swappedVerified: 0,
  swappedTexts: 0,
  swappedTextsVerified: 0,
};
for (const name of readdirSync(folder)
  .filter((file) => /\.(pdf|txt)$/.test(file))
  .sort()) {
  const document = await readDocument(readFileSync(join(folder, name)), { name, ocr: 'off' });
  const [expected = {}] = JSON.parse(
    readFileSync(join(folder, name.replace(/\.\w+$/, '.json')), 'utf8'),
  ) as Record<string, Scalar>[];
  const context: VerifyContext = {
    index: indexDocument(document),
    conventions: conventionsOf(document),
    siblings: fields.filter(({ path }) => path in expected),
  };
  const lines = document.pages.flatMap(pageLines);
  for (const field of context.siblings) measure(name, field, expected, { context, lines });
}
const share = (part: number, whole: number) =>
  `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(1)} %)`;
console.log(`right values, verified: ${share(counts.rightVerified, counts.right)} (aim 98 %)`);
console.log(`expected values that stand on no line: ${counts.notOnPage}`);
console.log(`expected values left out, since the corpus has only one letter of them: ${counts.fragments}`);
console.log(`invented values, verified: ${share(counts.inventedVerified, counts.invented)} (aim 0)`);
console.log(`amounts and dates of another field, verified: ${share(counts.swappedVerified, counts.swapped)}`);
console.log(`texts of another field, verified: ${share(counts.swappedTextsVerified, counts.swappedTexts)}`);
process.exit();

type Measuring = { readonly context: VerifyContext; readonly lines: readonly string[] };

/** The templates of the corpus cut some values: of the number `F 1234K20/1234/12` they keep `F`, which is no number. */
function isFragment(value: Scalar): boolean {
  return /^\p{L}$/u.test(String(value));
}

/** The first claim that is verified of those that an honest model may make: each line that states the value. */
function measure(
  name: string,
  field: Field,
  expected: Record<string, Scalar>,
  { context, lines }: Measuring,
): void {
  const value = expected[field.path] ?? '';
  if (isFragment(value)) {
    counts.fragments += 1;
    if (isListed) console.log(`${name}: ${field.path} ${value} is a fragment in the corpus`);
    return;
  }
  const quotes = lines.filter((line) => states(field, line, value, context));
  if (quotes.length === 0) {
    counts.notOnPage += 1;
    if (isListed) console.log(`${name}: ${field.path} ${value} stands on no line`);
    return;
  }
  counts.right += 1;
  const results = quotes.map((quote) => verifyClaim(field, { quote, value: String(value) }, context));
  if (results.some(({ status }) => status === 'verified')) counts.rightVerified += 1;
  else if (isListed)
    console.log(`${name}: ${field.path} ${value} unverified: ${results[0]?.problem} [${results[0]?.quote}]`);
  for (const quote of quotes) {
    const wrong = inventedFor(value);
    if (wrong === String(value)) continue;
    counts.invented += 1;
    if (verifyClaim(field, { quote, value: wrong }, context).status !== 'verified') continue;
    counts.inventedVerified += 1;
    if (isListed) console.log(`${name}: invented ${field.path} ${wrong} verified in [${quote}]`);
  }
  for (const other of context.siblings) {
    if (other.type !== field.type || other.path === field.path || expected[other.path] === value) continue;
    const quote = quotes.find((line) => !states(other, line, expected[other.path] ?? '', context));
    if (quote === undefined) continue;
    const isText = field.type === 'text';
    counts[isText ? 'swappedTexts' : 'swapped'] += 1;
    if (verifyClaim(other, { quote, value: String(value) }, context).status !== 'verified') continue;
    counts[isText ? 'swappedTextsVerified' : 'swappedVerified'] += 1;
    if (isText) continue;
    if (isListed) console.log(`${name}: ${value} verified as ${other.path} in [${quote}]`);
  }
}

function states(field: Field, line: string, value: Scalar, { conventions }: VerifyContext): boolean {
  if (field.type === 'text') return foldQuote(line).includes(foldQuote(String(value)));
  return findReadings(field, line, conventions).some((reading) => reading.value === value);
}

/** Another value that looks alike: its last digit is one more, or its letters are in another order. */
function inventedFor(value: Scalar): string {
  const text = String(value);
  const digit = text.search(/\d(?=\D*$)/);
  if (digit < 0) return [...text].reverse().join('');
  return text.slice(0, digit) + ((Number(text[digit]) + 1) % 10) + text.slice(digit + 1);
}
