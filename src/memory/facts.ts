/**
 * What agents remember: `.sotto/facts.jsonl`, a line for every fact, never changed.
 *
 * Contract: `add` returns once the line is on the disk. A line that cannot be read is left out, and kept in the file.
 */

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { JournalError } from '../errors.ts';
import type { Fact, FactStore } from '../tool/fact-store.ts';
import { foldText } from '../tool/fold-text.ts';

// The journal says why it is O_DSYNC. Reading is for the last byte.
const APPEND = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_DSYNC ?? 0);
const DEFAULT_MOST = 20;
/** A shorter word counts only where it stands alone: `art` is not in `start`. */
const SHORTEST_PART = 4;
const NEWLINE = 0x0a;

/** Opens what is remembered in the `.sotto` folder. Its methods reject with `JournalError` where the disk refuses. */
export function openFacts(home: string): FactStore {
  const path = join(home, 'facts.jsonl');
  return {
    async add(text) {
      const fact: Fact = { id: randomBytes(4).toString('hex'), text, at: new Date().toISOString() };
      attempt(path, 'written', () => appendLine(path, JSON.stringify(fact)));
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

/** In one write, so that the lines of two processes do not mix. */
function appendLine(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fd = openSync(path, APPEND, 0o600);
  try {
    const bytes = Buffer.from(`${endsInLine(fd) ? '' : '\n'}${line}\n`);
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset);
  } finally {
    closeSync(fd);
  }
}

/** False behind a line that a crash or a full disk cut off: the next one would be lost with it. */
function endsInLine(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(fd, last, 0, 1, size - 1) === 1 && last[0] === NEWLINE);
}

function attempt<Value>(path: string, what: string, action: () => Value): Value {
  try {
    return action();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new JournalError({
      path,
      problem: `cannot be ${what} (${code}). Nothing that it held is lost.`,
      cause,
    });
  }
}
