import { searchMemory } from '../../memory/recall.ts';
import type { Hit } from '../../memory/recall-hit.ts';
import { dayOf, quote, sayWhose } from '../../memory/recall-text.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import type { Output } from '../output.ts';
import { openMemory } from './open-memory.ts';

const USAGE = '`sotto memory search` takes what to search for, in quotes.';

/** `sotto memory search "…"` */
export const command: Command = async (args, output) => {
  const { home, facts, words, json } = await openMemory(args, { least: 1, usage: USAGE });
  const query = words[0] ?? '';
  if (query.trim() === '') throw new UsageError(USAGE);
  showHits(await searchMemory(home, query, { facts, tell: tellOnce(output) }), { output, json });
  return EXIT.done;
};

type Shown = { readonly output: Output; readonly json: boolean };

/** Two lines for each: whose words and where they stand, and the words. */
export function showHits(hits: readonly Hit[], { output, json }: Shown): void {
  if (json) for (const hit of hits) output.json(hit);
  else if (hits.length === 0) output.note('Nothing has these words.');
  else for (const hit of hits) output.answer(`${headOf(hit)}\n  ${quote(hit.text)}`);
}

/** A notice for every file that cannot be read. */
export const tellOnce = (output: Output) => {
  const told = new Set<string>();
  return (sentence: string): void => {
    if (!told.has(sentence)) output.note(sentence);
    told.add(sentence);
  };
};

function headOf(hit: Hit): string {
  const { kind, at, agent, threadId, runId, factId, sources } = hit;
  const who = sayWhose(hit).replace(/^the user\b/, 'you');
  const sha256 = kind === 'document' && sources?.length === 1 ? sources[0]?.sha256 : undefined;
  const where = [
    factId !== undefined && `fact ${factId}`,
    sha256 !== undefined && (sha256 === '' ? 'hash not known' : `sha256 ${sha256.slice(0, 12)}`),
    kind === 'document' && agent !== undefined && `read by ${agent}`,
    threadId !== undefined && `thread ${threadId}`,
    runId !== undefined && runId !== threadId && `run ${runId}`,
  ].filter((part) => typeof part === 'string' && part !== '');
  return `${dayOf(at)}, ${who}${where.length > 0 ? ` (${where.join(', ')})` : ''}`;
}
