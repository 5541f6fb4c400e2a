/**
 * What agents remember: `.sotto/facts.jsonl`, a line for every fact, never changed.
 *
 * Contract: `add` returns once the line is on the disk. A line that cannot be read is left out, and kept in the file.
 */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalError } from '../errors.ts';
import type { Fact, FactStore } from '../tool/fact-store.ts';
import { foldText } from '../tool/fold-text.ts';
import { openLines } from './durable-lines.ts';

const DEFAULT_MOST = 20;
/** A shorter word counts only where it stands alone: `art` is not in `start`. */
const SHORTEST_PART = 4;

/** Opens what is remembered in the `.sotto` folder. Its methods reject with `JournalError` where the disk refuses. */
export function openFacts(home: string): FactStore {
  const path = join(home, 'facts.jsonl');
  return {
    async add(text) {
      const fact: Fact = { id: randomBytes(4).toString('hex'), text, at: new Date().toISOString() };
      appendLine(path, JSON.stringify(fact));
      return fact;
    },
    async search(query, most = DEFAULT_MOST) {
      const wanted = [...new Set(wordsOf(query))];
      if (wanted.length === 0 && query.trim() !== '') return [];
      return readFacts(path)
        .map((fact) => ({ fact, score: countFound(wanted, fact.text) }))
        .filter(({ score }) => wanted.length === 0 || score > 0)
        .reverse()
        .sort((a, b) => b.score - a.score)
        .slice(0, most)
        .map(({ fact }) => fact);
    },
  };
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

function readFacts(path: string): readonly Fact[] {
  const text = attempt(path, 'read', () => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  });
  return text.split('\n').flatMap((line) => {
    try {
      const fact = JSON.parse(line);
      return isFact(fact) ? [fact] : [];
    } catch {
      return [];
    }
  });
}

const isFact = (value: Partial<Record<keyof Fact, unknown>> | null): value is Fact =>
  typeof value?.text === 'string' && typeof value.id === 'string' && typeof value.at === 'string';

/** Opened for each fact, since a store of facts is never closed. */
function appendLine(path: string, line: string): void {
  const lines = openLines({ path, owner: 'fact', toError: (_, cause) => refusal(path, 'written', cause) });
  try {
    lines.append(line);
  } finally {
    lines.close();
  }
}

function attempt<Value>(path: string, what: string, action: () => Value): Value {
  try {
    return action();
  } catch (cause) {
    throw refusal(path, what, cause);
  }
}

function refusal(path: string, what: string, cause: unknown): JournalError {
  const { code } = cause as NodeJS.ErrnoException;
  return new JournalError({
    path,
    problem: `cannot be ${what} (${code}). Nothing that it held is lost.`,
    cause,
  });
}
