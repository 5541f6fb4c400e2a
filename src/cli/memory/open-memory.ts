import { parseArgs } from 'node:util';
import { openFacts } from '../../memory/facts.ts';
import type { FactStore } from '../../tool/fact-store.ts';
import { UsageError } from '../command.ts';
import { loadUnlocked } from '../unlock-project.ts';

const OPTIONS = {
  config: { type: 'string' },
  json: { type: 'boolean' },
  md: { type: 'boolean' },
} as const;
/** Longer than any agent may keep; more is a document. */
const MAX_FACT = 500;

export type MemoryCall = {
  readonly home: string;
  readonly facts: FactStore;
  readonly words: readonly string[];
  readonly json: boolean;
  readonly md: boolean;
};

/** What every command of memory begins with: its options, and the unlocked folder. `most` and `least` count its words;
 * throws a UsageError that says `usage` where it has others. */
export async function openMemory(
  args: readonly string[],
  { least = 0, most = least, usage }: { least?: number; most?: number; usage: string },
): Promise<MemoryCall> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { config, json = false, md = false } = values;
  if (positionals.length < least || positionals.length > most) throw new UsageError(usage);
  const { home } = await loadUnlocked({ ...(config && { configPath: config }) });
  return { home, facts: openFacts(home), words: positionals, json, md };
}

/** A fact as it is kept: one line. Throws a UsageError where it has no words, or too many. */
export function parseFact(text: string): string {
  const fact = text.replaceAll(/\s+/g, ' ').trim();
  if (!/[\p{L}\p{N}]/u.test(fact)) throw new UsageError('The fact has no words. Nothing was changed.');
  if (fact.length <= MAX_FACT) return fact;
  throw new UsageError(
    `The fact has ${fact.length} characters; at most ${MAX_FACT} are kept. Nothing was changed.`,
  );
}

export const noFact = (id: string): UsageError =>
  new UsageError(`There is no fact ${JSON.stringify(id)}; \`sotto memory\` lists them`);
