/**
 * What agents remember: the store `.sotto/facts.json`.
 *
 * Contract: a change returns once it is on the disk. The order is that of the list, whatever the clock says.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import type { Fact, FactStore } from '../tool/fact-store.ts';
import { foldText } from '../tool/fold-text.ts';
import { openStore, type Store, warn } from './json-store.ts';
import { takeOverFacts } from './take-over-facts.ts';

const DEFAULT_MOST = 20;
/** A shorter word counts only where it stands alone: `art` is not in `start`. */
const SHORTEST_PART = 4;

const FACT = z.object({
  id: z.string(),
  text: z.string(),
  at: z.string(),
  by: z.enum(['user', 'agent']),
  source: z
    .object({
      threadId: z.string(),
      runId: z.string(),
      agent: z.string(),
      path: z.string(),
      sha256: z.string(),
      page: z.int().min(1),
    })
    .partial()
    .optional(),
});
const FACTS = z.object({ facts: z.array(FACT).readonly() });
type Facts = z.output<typeof FACTS>;

type FactOptions = {
  /** Default: the clock of the system. Tests set it back. */
  readonly now?: () => Date;
  /** As of `openStore`. */
  readonly tell?: (sentence: string) => void;
};

/** Opens what is remembered in the `.sotto` folder. Its methods reject with `StoreError` where the disk refuses, and with
 * `LockError` where another process keeps the store for more than a second, `add` with `ConfigError` where there is no word. */
export function openFacts(
  home: string,
  { now = () => new Date(), tell = warn }: FactOptions = {},
): FactStore {
  const store: Store<Facts> = openStore({
    home,
    name: 'facts',
    version: 1,
    schema: FACTS,
    empty: { facts: [] },
    tell,
  });
  const takeOver = () => takeOverFacts({ home, store, tell });
  const list = (): readonly Fact[] => {
    const left = takeOver();
    const { facts } = store.read();
    return left.length === 0
      ? facts
      : [...left.filter(({ id }) => !facts.some((fact) => fact.id === id)), ...facts];
  };
  return {
    async add(text, { by, source } = { by: 'agent' }) {
      if (!/[\p{L}\p{N}]/u.test(text)) throw new ConfigError('The fact has no words: nothing was kept.');
      takeOver();
      const { facts } = store.update(({ facts }) => ({
        facts: [...facts, { id: newId(facts), text, at: now().toISOString(), by, ...(source && { source }) }],
      }));
      return facts.at(-1) as Fact;
    },
    async search(query, most = DEFAULT_MOST) {
      return searchFacts(list(), query, most);
    },
    async list() {
      return list();
    },
    async edit(id, text) {
      takeOver();
      const edited: Fact = { id, text, at: now().toISOString(), by: 'user' };
      let isFound = false;
      store.update((data) => {
        isFound = data.facts.some((fact) => fact.id === id);
        return isFound ? { facts: data.facts.map((fact) => (fact.id === id ? edited : fact)) } : data;
      });
      return isFound ? edited : undefined;
    },
    async forget(id) {
      takeOver();
      let forgotten: Fact | undefined;
      const change = (data: Facts): Facts => {
        forgotten = data.facts.find((fact) => fact.id === id);
        return forgotten ? { facts: data.facts.filter((fact) => fact !== forgotten) } : data;
      };
      store.update(change, { keepsPrevious: false });
      return forgotten;
    },
  };
}

function newId(facts: readonly Fact[]): string {
  for (;;) {
    const id = randomBytes(4).toString('hex');
    if (!facts.some((fact) => fact.id === id)) return id;
  }
}

function searchFacts(facts: readonly Fact[], query: string, most: number): readonly Fact[] {
  const wanted = [...new Set(wordsOf(query))];
  if (wanted.length === 0 && query.trim() !== '') return [];
  return facts
    .map((fact) => ({ fact, score: countFound(wanted, fact.text) }))
    .filter(({ score }) => wanted.length === 0 || score > 0)
    .reverse()
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ fact }) => fact);
}

/** How many of the words a text has: as they are, as part of a longer word (`nummer` in `Rechnungsnummer`), or without
 * their ending (`invoices` where it says `invoice`). */
function countFound(wanted: readonly string[], text: string): number {
  const words = new Set(wordsOf(text));
  return wanted.filter(
    (word) => words.has(word) || words.values().some((other) => isPart(word, other) || isStart(other, word)),
  ).length;
}

const isPart = (part: string, word: string): boolean => isLong(part) && word.includes(part);
const isStart = (start: string, word: string): boolean => isLong(start) && word.startsWith(start);
/** Chinese and Japanese words are short, and stand without spaces. */
const isLong = (word: string): boolean =>
  word.length >= SHORTEST_PART || /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(word);

const wordsOf = (text: string): readonly string[] => foldText(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
