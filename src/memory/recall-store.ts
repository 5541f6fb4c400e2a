import type { FactOrigin, FactStore } from '../tool/fact-store.ts';
import { searchMemory } from './recall.ts';
import type { Hit } from './recall-hit.ts';

/** What an agent's tools are given: what agents remember, and with it all else that is kept. */
export type Memory = FactStore & {
  /** The name of the agent that remembers. */
  readonly agent: string;
  /** What was said in threads and read in documents, the best first, without this run and those that it works for. */
  recall(query: string, options: RecallOptions): Promise<Recalled>;
};

type RecallOptions = { readonly most: number; readonly signal: AbortSignal };

export type Recalled = {
  readonly hits: readonly Hit[];
  /** A sentence for everything that could not be read, and was left out. */
  readonly problems: readonly string[];
};

type MemoryOptions = {
  /** The `.sotto` folder. */
  readonly home: string;
  /** Where facts are kept. */
  readonly facts: FactStore;
  /** The name of the agent that remembers. */
  readonly agent: string;
  readonly threadId: string;
  readonly runId: string;
};

/** The memory of one run: what is added says which agent said it, in which thread and run. */
export function memoryOfRun({ home, facts, ...source }: MemoryOptions): Memory {
  const own: FactOrigin = { by: 'agent', source };
  return {
    agent: source.agent,
    add: (text, origin = own) => facts.add(text, origin),
    search: (query, most) => facts.search(query, most),
    list: () => facts.list(),
    edit: (id, text) => facts.edit(id, text),
    forget: (id) => facts.forget(id),
    async recall(query, { most, signal }) {
      const problems: string[] = [];
      const hits = await searchMemory(home, query, {
        most,
        kinds: ['message', 'document'],
        exceptRun: source.runId,
        signal,
        tell: (sentence) => problems.push(sentence),
      });
      return { hits, problems };
    },
  };
}

/** Whether a run gives more than facts; a store of a user's own may have no more. */
export const isMemory = (facts: FactStore): facts is Memory => 'recall' in facts;
