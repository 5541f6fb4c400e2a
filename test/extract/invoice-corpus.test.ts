import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AmountFound, amountsOf, zugferdFiles } from '../../bench/extract-invoices.ts';

const corpora = process.env.SOTTO_CORPORA ?? resolve(import.meta.dirname, '../../../shared/corpora');
const isThere = existsSync(join(corpora, 'invoices/zugferd'));

describe(`the electronic invoices of others${isThere ? '' : ` (skipped: there is no ${corpora})`}`, () => {
  test.runIf(isThere)(
    'give the amounts of their XML, all of them, and show them in their pages',
    async () => {
      const all: AmountFound[] = [];
      for (const file of zugferdFiles()) all.push(...(await amountsOf(file)));
      const stated = all.filter((amount) => amount.stated !== undefined);
      expect(stated.length).toBeGreaterThan(140);
      expect(stated.filter((amount) => amount.stated !== amount.value)).toEqual([]);
      const found = stated.filter(({ quote }) => quote !== undefined);
      expect(found.length / stated.length).toBeGreaterThanOrEqual(0.95);
      // What is called found is no empty promise: the quote has the digits of the amount.
      const digits = (text: string) => text.replace(/\D/g, '');
      for (const { quote = '', value = 0 } of found) {
        expect(digits(quote)).toContain(digits(Math.abs(value).toFixed(2)).replace(/0+$/, ''));
      }
    },
    120_000,
  );
});
