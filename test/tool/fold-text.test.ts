import { expect, test } from 'vitest';
import { foldText } from '../../src/tool/fold-text.ts';

test.each([
  ['Total:\t  12', 'total: 12'],
  ['one \n\n two', 'one \n\n two'],
  ['MU\u0308LLER', 'müller'],
  ['STRAẞE Straße', 'strasse strasse'],
  ['ﬁnal', 'final'],
  ['ＡＢＣ１２', 'abc12'],
  ['re\u00adcord\u200b', 'record'],
  ['“it’s” 10–12', '"it\'s" 10-12'],
  ['12\u00a0EUR', '12 eur'],
  ['İstanbul', 'istanbul'],
])('%j is compared as %j', (text, folded) => {
  expect(foldText(text)).toBe(folded);
});
