import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, foldQuote } from '../../src/extract/evidence/fold-text.ts';
import { foldWords } from '../../src/extract/values/fold-words.ts';

describe('texts are the same', () => {
  test.each([
    ['white space and line ends', 'Total \t\n due', 'Total due'],
    ['what cannot be seen', 'Rech\u00adnung\u200b', 'Rechnung'],
    ['a word parted at a line end', 'Rech-\nnung', 'Rechnung'],
    ['ligatures and full width', 'ﬁne １２', 'fine 12'],
    ['accents as one or two characters', 'Mu\u0308ller', 'Müller'],
    ['digits of other scripts', '٣٤٫५', '34٫5'],
    ['dashes', '2024–08—01', '2024-08-01'],
    ['quotation marks', '„Haus“ l’été', '"Haus" l\'été'],
    ['the bars of tables', 'Net | 12', 'Net 12'],
    ['capitals', 'TOTAL', 'Total'],
    ['the length of a leader', 'Total ........ 12', 'Total … 12'],
  ])('that differ in %s', (_, one, other) => {
    expect(fold(one).text).toBe(fold(other).text);
  });
});

test.each([
  ['12', '13'],
  ['-12', '12'],
  ['1.2', '12'],
  ['5-3', '53'],
  ['O', '0'],
  ['l', '1'],
])('%s and %s stay different', (one, other) => {
  expect(fold(one).text).not.toBe(fold(other).text);
});

const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'aB1 9.,-–|\n\u00ad\u0308ﬁ½²ΣςßİＡ٣"…한'),
    fc.constantFrom('한', '👍🏽', 'é'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
});

test('each folded unit leads back to the character that it came from', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const folded = fold(text);
      expect(folded.starts).toHaveLength(folded.text.length);
      let before = 0;
      for (const [at, start] of folded.starts.entries()) {
        const end = folded.ends[at] ?? 0;
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThan(start);
        const unit = folded.text[at] ?? '';
        // A dash or a leader says in its neighbours' sight whether it stays.
        if (!'-…._=*'.includes(unit)) expect(fold(text.slice(start, end)).text).toContain(unit);
        before = start;
      }
    }),
  );
});

test('no digit is lost, added or changed', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789 -.,abC|\n\u00ad') }), (text) => {
      expect(fold(text).text.replace(/\D/g, '')).toBe(text.replace(/\D/g, ''));
    }),
  );
});

test('what a model puts around a quote is not looked for', () => {
  expect(foldQuote('"… Total: 12.50."')).toBe('total:12.50');
});

test('words are compared without accents and signs', () => {
  expect(foldWords('  Straße_Nr-1, Été ')).toBe('strasse nr 1 ete');
});
