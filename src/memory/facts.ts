/**
 * What agents remember: `.sotto/facts.jsonl`, a line for every fact, never changed.
 *
 * Contract: `add` returns once the line is on the disk. A line that cannot be read is left out, and kept in the file.
 */

import { randomBytes } from 'node:crypto';
import { closeSync, constants, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JournalError } from '../errors.ts';
import type { Fact, FactStore } from '../tool/fact-store.ts';

const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_DSYNC ?? 0);
const DEFAULT_MOST = 20;

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
      const wanted = new Set(wordsOf(query));
      return readFacts(path)
        .map((fact) => ({ fact, score: wordsOf(fact.text).filter((word) => wanted.has(word)).length }))
        .filter(({ score }) => wanted.size === 0 || score > 0)
        .reverse()
        .sort((a, b) => b.score - a.score)
        .slice(0, most)
        .map(({ fact }) => fact);
    },
  };
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

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
      return typeof fact?.text === 'string' ? [fact as Fact] : [];
    } catch {
      return [];
    }
  });
}

function appendLine(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fd = openSync(path, APPEND, 0o600);
  try {
    const bytes = Buffer.from(`${line}\n`);
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset);
  } finally {
    closeSync(fd);
  }
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
