/**
 * The months by their names. chrono-node knows them in the languages that it reads, with what is written in full and cut
 * short; Intl knows those of the others. Both are loaded when the first name is asked for; that takes some tenths of a second.
 */
import { createRequire } from 'node:module';
import type { Chrono } from 'chrono-node';
import { foldWords } from './fold-words.ts';

type Language = { readonly strict: Chrono };

const require = createRequire(import.meta.url);
const LATIN: readonly (() => Language)[] = [
  () => require('chrono-node/en'),
  () => require('chrono-node/de'),
  () => require('chrono-node/fr'),
  () => require('chrono-node/es'),
  () => require('chrono-node/it'),
  () => require('chrono-node/nl'),
  () => require('chrono-node/pt'),
  () => require('chrono-node/sv'),
  () => require('chrono-node/fi'),
  () => require('chrono-node/id'),
];
const CYRILLIC: readonly (() => Language)[] = [
  () => require('chrono-node/ru'),
  () => require('chrono-node/uk'),
];
/** Languages of which chrono-node does not know the months. */
const BY_INTL = 'pl cs sk da nb hu ro hr sl bs sr bg mk el et lv lt tr ca is sq az ms cy gl eu'.split(' ');
/** A document that is nothing but words does not fill the memory. */
const MOST_REMEMBERED = 2000;

const remembered = new Map<string, readonly number[]>();
let intlMonths: ReadonlyMap<string, ReadonlySet<number>> | undefined;

/** 1 to 12; several where the word is one month in one language and another in another; none where it is no month. */
export function monthsOf(word: string): readonly number[] {
  const name = word.normalize('NFC').toLowerCase();
  const known = remembered.get(name);
  if (known) return known;
  const months = [...new Set([...byChrono(name), ...byIntl(name)])];
  if (remembered.size === MOST_REMEMBERED) remembered.clear();
  remembered.set(name, months);
  return months;
}

function byChrono(name: string): readonly number[] {
  const languages = /\p{Script=Cyrillic}/u.test(name) ? CYRILLIC : /[a-z]/.test(name) ? LATIN : [];
  return languages.flatMap((load) => {
    const { strict } = load();
    const texts = [`1 ${name} 2001`, `1. ${name} 2001`, `1 de ${name} de 2001`];
    const month = texts.map((text) => wholeDate(strict, text)).find((found) => found !== undefined);
    return month === undefined ? [] : [month];
  });
}

/** The month of a date that is all of the text, and that states its day, month and year. */
function wholeDate(chrono: Chrono, text: string): number | undefined {
  const [found] = chrono.parse(text);
  if (found?.text !== text) return undefined;
  const { start, end } = found;
  const isStated = (['day', 'month', 'year'] as const).every((part) => start.isCertain(part)) && !end;
  const isSame = start.get('day') === 1 && start.get('year') === 2001;
  return isStated && isSame ? (start.get('month') ?? undefined) : undefined;
}

const byIntl = (name: string): readonly number[] => {
  intlMonths ??= collectIntlMonths();
  return [...(intlMonths.get(foldWords(name)) ?? [])];
};

/** As they stand in a date, and by themselves, in full and cut short. */
function collectIntlMonths(): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const language of BY_INTL) {
    for (const month of ['long', 'short'] as const) {
      for (const options of [{ month }, { day: 'numeric', month, year: 'numeric' }] as const) {
        const format = new Intl.DateTimeFormat(language, {
          ...options,
          timeZone: 'UTC',
          calendar: 'gregory',
        });
        for (let at = 0; at < 12; at += 1) {
          const parts = format.formatToParts(Date.UTC(2001, at, 2));
          const name = foldWords(parts.find(({ type }) => type === 'month')?.value ?? '');
          if (/^\p{L}{3,}$/u.test(name)) found.set(name, (found.get(name) ?? new Set()).add(at + 1));
        }
      }
    }
  }
  return found;
}
