/** The signs and names of currencies, as Intl knows them, and a few of daily use that it does not know. */
import { foldWords } from './fold-words.ts';

const LANGUAGES_OF_NAMES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'sv', 'da'];
const OTHERS: readonly (readonly [sign: string, ...codes: readonly string[]])[] = [
  ['US$', 'USD'],
  ['$US', 'USD'],
  ['$CA', 'CAD'],
  ['$AU', 'AUD'],
  ['£GB', 'GBP'],
  ['U$S', 'USD'],
  ['C$', 'CAD', 'NIO'],
  ['S$', 'SGD'],
  ['AU$', 'AUD'],
  ['SFr.', 'CHF'],
  ['sFr.', 'CHF'],
  ['Fr.', 'CHF'],
  ['Rs', 'INR'],
  ['Rs.', 'INR', 'PKR', 'LKR', 'NPR', 'MUR'],
  ['TL', 'TRY'],
  ['RMB', 'CNY'],
  ['元', 'CNY', 'TWD'],
  ['円', 'JPY'],
  ['원', 'KRW'],
  ['руб.', 'RUB'],
  ['грн', 'UAH'],
];

let codes: ReadonlySet<string> | undefined;
let signs: ReadonlyMap<string, readonly string[]> | undefined;
let names: ReadonlyMap<string, readonly string[]> | undefined;
let pattern: string | undefined;

export function isCurrencyCode(text: string): boolean {
  codes ??= new Set(Intl.supportedValuesOf('currency'));
  return codes.has(text);
}

/** The currencies that a sign, a code or a name may mean; none where it means no currency. */
export function currenciesOf(text: string): readonly string[] {
  if (isCurrencyCode(text)) return [text];
  signs ??= collectSigns();
  names ??= collectNames();
  return signs.get(text) ?? names.get(foldWords(text)) ?? [];
}

/** A regular expression's source for a code or a sign; not for names. Longer ones first. */
export function currencyPattern(): string {
  signs ??= collectSigns();
  pattern ??= [...Intl.supportedValuesOf('currency'), ...signs.keys()]
    .sort((one, other) => other.length - one.length)
    .map((sign) => RegExp.escape(sign))
    .join('|');
  return pattern;
}

function collectSigns(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  const add = (sign: string, code: string) => {
    const isCode = isCurrencyCode(sign);
    // A single letter, such as the R of the rand, stands for too much else.
    if (!isCode && !/^[\p{L}]$/u.test(sign)) found.set(sign, (found.get(sign) ?? new Set()).add(code));
  };
  for (const code of Intl.supportedValuesOf('currency')) {
    for (const display of ['symbol', 'narrowSymbol'] as const) add(signOf('en', code, display), code);
  }
  for (const [locale, code] of Object.entries(AT_HOME)) add(signOf(locale, code, 'narrowSymbol'), code);
  for (const [sign, ...meant] of OTHERS) for (const code of meant) add(sign, code);
  return new Map([...found].map(([sign, meant]) => [sign.replaceAll('￥', '¥'), [...meant]]));
}

/** Locales that write their currency in a way of their own. */
const AT_HOME: Readonly<Record<string, string>> = {
  'de-CH': 'CHF',
  'pt-BR': 'BRL',
  pl: 'PLN',
  cs: 'CZK',
  hu: 'HUF',
  ro: 'RON',
  bg: 'BGN',
  sv: 'SEK',
  da: 'DKK',
  nb: 'NOK',
  is: 'ISK',
  tr: 'TRY',
  ru: 'RUB',
  uk: 'UAH',
  he: 'ILS',
  ko: 'KRW',
  hi: 'INR',
  th: 'THB',
  vi: 'VND',
  id: 'IDR',
  sr: 'RSD',
  mk: 'MKD',
};

function signOf(locale: string, currency: string, currencyDisplay: 'symbol' | 'narrowSymbol'): string {
  const parts = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay }).formatToParts(
    1,
  );
  return parts.find(({ type }) => type === 'currency')?.value ?? currency;
}

/** By folded name: `euro`, `euros`, `us dollar`, `schweizer franken`. */
function collectNames(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const language of LANGUAGES_OF_NAMES) {
    const display = new Intl.DisplayNames(language, { type: 'currency' });
    for (const code of Intl.supportedValuesOf('currency')) {
      const name = foldWords(display.of(code) ?? '');
      for (const form of [name, `${name}s`]) found.set(form, (found.get(form) ?? new Set()).add(code));
    }
  }
  return new Map([...found].map(([name, meant]) => [name, [...meant]]));
}
