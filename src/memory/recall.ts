import { SottoError, VaultError } from '../errors.ts';
import type { Fact, FactStore } from '../tool/fact-store.ts';
import { foldText } from '../tool/fold-text.ts';
import { openFacts } from './facts.ts';
import { warn } from './json-store.ts';
import type { Hit, Passage } from './recall-hit.ts';
import type { RunPassage, RunPassages } from './recall-passages.ts';
import { createPauses } from './recall-pauses.ts';
import { rankTexts } from './recall-rank.ts';
import { readAllPassages } from './recall-runs.ts';
import { speakerOfFact } from './recall-text.ts';

export type SearchMemoryOptions = {
  /** Default: 20. */
  readonly most?: number;
  /** What is searched. Default: all three. */
  readonly kinds?: readonly Passage['kind'][];
  /** This run and those that it works for are left out: an agent need not find what it was just asked. */
  readonly exceptRun?: string;
  /** Default: what the folder has. */
  readonly facts?: Pick<FactStore, 'list'>;
  /** Takes a sentence for everything that could not be read, and was left out. Default: a warning of the process. */
  readonly tell?: (sentence: string) => void;
  /** Ends the search; it rejects with its reason then. */
  readonly signal?: AbortSignal;
};

const DEFAULT_MOST = 20;
const KINDS: readonly Passage['kind'][] = ['fact', 'message', 'document'];

/**
 * Searches everything that is kept: facts, what was said in threads, and the documents that were read, ranked by BM25, the
 * best first and then the newest. A passage that was read or said twice by the same one is found once. Throws `VaultError`
 * where the folder is encrypted and was not unlocked; whatever else cannot be read is left out and told.
 */
export async function searchMemory(
  home: string,
  query: string,
  { most = DEFAULT_MOST, kinds = KINDS, exceptRun, facts, tell = warn, signal }: SearchMemoryOptions = {},
): Promise<readonly Hit[]> {
  const pause = createPauses(signal);
  const runs = kinds.some((kind) => kind !== 'fact') ? await readAllPassages(home, tell, pause) : [];
  const passages = [
    ...(kinds.includes('fact') ? await factPassages(facts ?? openFacts(home, { tell }), tell) : []),
    ...runPassages(runs, exceptRun).filter(({ kind }) => kinds.includes(kind)),
  ];
  const folded = passages.map((passage) => passage.folded);
  const hits = (await rankTexts(folded, query, pause)).flatMap(({ index, score }) => {
    const passage = passages[index];
    return passage ? [toHit(passage, score)] : [];
  });
  return withoutCopies(hits).slice(0, most);
}

async function factPassages(
  facts: Pick<FactStore, 'list'>,
  tell: (sentence: string) => void,
): Promise<readonly RunPassage[]> {
  try {
    return (await facts.list()).map(toPassage);
  } catch (error) {
    if (!(error instanceof SottoError) || error instanceof VaultError) throw error;
    tell(`${error.message} Its facts were left out.`);
    return [];
  }
}

function toPassage(fact: Fact): RunPassage {
  const { id, text, at, source: { threadId, runId } = {} } = fact;
  return {
    kind: 'fact',
    text,
    ...speakerOfFact(fact),
    ...(threadId !== undefined && { threadId }),
    ...(runId !== undefined && { runId }),
    factId: id,
    at,
    folded: foldText(text),
  };
}

function runPassages(runs: readonly RunPassages[], exceptRun: string | undefined): readonly RunPassage[] {
  const byId = new Map(runs.map((run) => [run.start.runId, run]));
  const left = new Set<string>();
  for (let next = exceptRun; next !== undefined && !left.has(next); ) {
    left.add(next);
    next = byId.get(next)?.start.parent?.runId;
  }
  return runs.flatMap(({ start: { runId, parent }, passages }) => {
    if (left.has(runId)) return [];
    return passages.map((passage): RunPassage => {
      if (!parent || passage.by !== 'user') return passage;
      // What a sub-agent was asked is what another agent said.
      const agent = byId.get(parent.runId)?.start.agent;
      return { ...passage, by: 'agent', ...(agent !== undefined && { agent }) };
    });
  });
}

const toHit = ({ folded: _, ...passage }: RunPassage, score: number): Hit => ({ ...passage, score });

/** Of passages of the same words by the same one, the newest, in the place of the best. */
function withoutCopies(hits: readonly Hit[]): readonly Hit[] {
  const kept = new Map<string, Hit>();
  for (const hit of hits) {
    const { kind, text, by, agent, sources = [] } = hit;
    const who = by === 'document' ? sources.map(({ path, sha256 }) => `${path} ${sha256}`) : [by, agent];
    const key = JSON.stringify([kind, hit.factId, text, ...who]);
    const other = kept.get(key);
    if (!other || other.at < hit.at) kept.set(key, hit);
  }
  return [...kept.values()].sort((a, b) => b.score - a.score || (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
