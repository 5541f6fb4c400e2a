/** A scripted model over documents of many formats: what it says rightly is verified, what it invents never is. */
import { beforeAll, describe, expect, test } from 'vitest';
import { indexDocument } from '../../src/extract/evidence/document-index.ts';
import { type VerifyContext, verifyClaim } from '../../src/extract/evidence/verify-claim.ts';
import { verifyListRow } from '../../src/extract/evidence/verify-list-row.ts';
import type { Field, List } from '../../src/extract/extraction.ts';
import { conventionsOf } from '../../src/extract/values/conventions.ts';
import type { Document } from '../../src/readers/document.ts';
import { pageLines } from '../../src/readers/pages-text.ts';
import { readDocument } from '../../src/readers/read-document.ts';
import {
  asCsv,
  asDocx,
  asHtml,
  asMail,
  asPdf,
  asPdfWithHeads,
  asPicture,
  asText,
  FIELDS,
  type Invoice,
  makeInvoice,
  seeded,
} from './evidence-documents.ts';

type Case = {
  readonly format: string;
  readonly invoice: Invoice;
  readonly document: Document;
  readonly context: VerifyContext;
};
const FORMATS: Readonly<Record<string, (invoice: Invoice) => Promise<Uint8Array> | string | Uint8Array>> = {
  'a.pdf': asPdf,
  'heads.pdf': asPdfWithHeads,
  'a.docx': asDocx,
  'a.txt': asText,
  'a.eml': asMail,
  'a.html': asHtml,
  'a.csv': asCsv,
  'a.png': asPicture,
};
const cases: Case[] = [];

beforeAll(async () => {
  const random = seeded(6);
  for (const [name, make] of Object.entries(FORMATS)) {
    for (let count = 0; count < (name === 'a.png' ? 2 : 4); count += 1) {
      const invoice = makeInvoice(random);
      const made = await make(invoice);
      const bytes = typeof made === 'string' ? new TextEncoder().encode(made) : made;
      const document = await readDocument(bytes, { name });
      const context = {
        index: indexDocument(document),
        conventions: conventionsOf(document),
        siblings: FIELDS,
      };
      cases.push({ format: name, invoice, document, context });
    }
  }
}, 120_000);

const statedIn = (invoice: Invoice, { path }: Field): string =>
  invoice[path as Exclude<keyof Invoice, 'items'>];
const linesOf = ({ document }: Case) => document.pages.flatMap(pageLines);
/** The line that an honest model quotes: the one with the value. */
const quoteFor = (one: Case, field: Field): string | undefined =>
  linesOf(one)
    .find((line) => line.includes(statedIn(one.invoice, field)))
    ?.slice(0, 400);
const isVerified = (one: Case, field: Field, quote: string, value: string) =>
  verifyClaim(field, { quote, value }, one.context).status === 'verified';

type Attack = { readonly one: Case; readonly field: Field; readonly quote: string; readonly value: string };
const everywhere = (
  make: (one: Case, field: Field, other: Case) => readonly Omit<Attack, 'one' | 'field'>[],
) =>
  cases.flatMap((one, at) =>
    FIELDS.flatMap((field) => {
      const other = cases[(at + 1) % cases.length] ?? one;
      return make(one, field, other).map((attack): Attack => ({ one, field, ...attack }));
    }),
  );
const verifiedOf = (attacks: readonly Attack[]) =>
  attacks
    .filter(({ one, field, quote, value }) => isVerified(one, field, quote, value))
    .map(({ one, field, quote, value }) => `${one.format}: ${field.path} = ${value} by "${quote}"`);

/** Another value of the same shape, which stands nowhere in the document. */
function inventFor(one: Case, value: string, step: number): string {
  const letters = one.document.pages.map(({ text }) => text).join('\n');
  for (let more = step; more < step + 9; more += 1) {
    const made = /\d/.test(value)
      ? value.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + more) % 10))
      : `${value.split(' ')[0]} ${['Fox', 'Owl', 'Elk', 'Ant', 'Bee'][more % 5]}`;
    if (!letters.includes(made) && made !== value) return made;
  }
  throw new Error(`Nothing could be invented for ${value}.`);
}

describe('right values', () => {
  test('are verified, at least 98 of 100, with the line or with the value alone as their quote', () => {
    const claims = everywhere((one, field) => {
      const value = statedIn(one.invoice, field);
      const quote = quoteFor(one, field);
      return quote === undefined
        ? []
        : [
            { quote, value },
            { quote: value, value },
          ];
    });
    const verified = claims.filter(({ one, field, quote, value }) => isVerified(one, field, quote, value));
    const left = claims.filter((claim) => !verified.includes(claim));
    const said = left.map(
      ({ one, field, quote, value }) =>
        `${one.format} ${field.path} ${value}: ${verifyClaim(field, { quote, value }, one.context).problem} [${quote}]`,
    );
    expect(claims.length).toBeGreaterThan(380);
    expect(verified.length / claims.length, said.join('\n')).toBeGreaterThanOrEqual(0.98);
  });

  test('have a box wherever the format has a geometry', () => {
    for (const one of cases.filter(({ format }) => /pdf|png/.test(format))) {
      const [, date] = FIELDS as readonly [Field, Field];
      const value = verifyClaim(date, { quote: one.invoice.date, value: one.invoice.date }, one.context);
      expect(value).toMatchObject({ status: 'verified', page: 1, value: one.invoice.date });
      expect(value.box?.[2]).toBeGreaterThan(value.box?.[0] ?? 0);
    }
  });
});

describe('of what a model makes up, nothing is verified', () => {
  test('when it invents a value and quotes a true line, or the value itself', () => {
    const attacks = everywhere((one, field) => {
      const quote = quoteFor(one, field) ?? '';
      const value = inventFor(one, statedIn(one.invoice, field), 1);
      return [
        { quote, value },
        { quote: value, value },
        { quote: quote.replace(statedIn(one.invoice, field), value), value },
      ];
    });
    expect(attacks.length).toBeGreaterThan(200);
    expect(verifiedOf(attacks)).toEqual([]);
  });

  test('when it takes the value of another document', () => {
    const attacks = everywhere((one, field, other) => {
      const value = statedIn(other.invoice, field);
      if (linesOf(one).some((line) => line.includes(value))) return [];
      return [
        { quote: quoteFor(one, field) ?? '', value },
        { quote: quoteFor(other, field) ?? value, value },
      ];
    });
    expect(attacks.length).toBeGreaterThan(200);
    expect(verifiedOf(attacks)).toEqual([]);
  });

  test('when it states a true value with a line that stands elsewhere', () => {
    const attacks = everywhere((one, field) => {
      const value = statedIn(one.invoice, field);
      const quote = linesOf(one).find((line) => !line.includes(value) && /\p{L}/u.test(line));
      return quote === undefined ? [] : [{ quote: quote.slice(0, 400), value }];
    });
    expect(attacks.length).toBeGreaterThan(150);
    expect(verifiedOf(attacks)).toEqual([]);
  });

  test('when it glues its quote from two lines, or leaves out what is between them', () => {
    const attacks = everywhere((one, field) => {
      const lines = linesOf(one);
      const at = lines.findIndex((line) => line.includes(statedIn(one.invoice, field)));
      const other = lines.find((line, index) => Math.abs(index - at) > 1 && line.trim() !== '');
      const value = statedIn(one.invoice, field);
      if (at < 0 || other === undefined) return [];
      const start = other.split(/\s/)[0] ?? '';
      return [
        { quote: `${start} ${other.slice(start.length)} ${value}`.slice(0, 400), value },
        { quote: `${other.slice(0, 80)} … ${value}`, value },
      ];
    });
    expect(attacks.length).toBeGreaterThan(150);
    expect(verifiedOf(attacks)).toEqual([]);
  });

  test('when it gives the net, the tax and the total, or the two dates, for each other', () => {
    const groups = [
      ['net', 'tax', 'total'],
      ['date', 'dueDate'],
    ];
    const attacks = everywhere((one, field) => {
      const group = groups.find((paths) => paths.includes(field.path)) ?? [];
      return FIELDS.filter(({ path }) => path !== field.path && group.includes(path)).flatMap((other) => {
        const value = statedIn(one.invoice, other);
        const quote = quoteFor(one, other);
        return quote === undefined
          ? []
          : [
              { quote, value },
              { quote: value, value },
            ];
      });
    });
    expect(attacks.length).toBeGreaterThan(400);
    expect(verifiedOf(attacks)).toEqual([]);
  });
});

test('lines of a list are verified column by column, and not those with columns of each other', () => {
  const column = (name: string, type: Field['type']): Field => ({
    path: `items.${name}`,
    type,
    description: '',
    choices: [],
    isRequired: false,
  });
  const columns = [column('name', 'text'), column('quantity', 'integer'), column('amount', 'amount')];
  const list: List = { path: 'items', description: '', columns, isOfValues: false };
  const withItems = cases.filter(({ format }) => ['a.pdf', 'a.docx', 'a.txt', 'a.html'].includes(format));
  expect(withItems).toHaveLength(16);
  for (const one of withItems) {
    const context = { ...one.context, siblings: columns };
    for (const { name, quantity, amount } of one.invoice.items) {
      const quote = linesOf(one).find((line) => line.includes(name) && line.includes(amount)) ?? '';
      const verify = (values: Record<string, string>) =>
        Object.values(verifyListRow(list, { quote, values }, context)).map(({ status }) => status);
      const right = verify({ 'items.name': name, 'items.quantity': quantity, 'items.amount': amount });
      expect(right, one.format).toEqual(['verified', 'verified', 'verified']);
      const swapped = verify({ 'items.name': name, 'items.amount': quantity });
      expect(swapped, `${one.format} ${quote}`).toEqual(['verified', 'missing', 'unverified']);
    }
  }
});
