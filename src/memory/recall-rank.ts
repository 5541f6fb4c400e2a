/** Texts ranked by BM25: minisearch counts, the words and their likeness are ours. */
import MiniSearch from 'minisearch';
import { likeness, tracesOf, wordsOf, wordsOfFolded } from './recall-words.ts';

export type Ranked = {
  /** Of the text. */
  readonly index: number;
  readonly score: number;
};

/** The texts that have a word of the query, the best first. They are as `foldText` gives them; `pause` is called between them. */
export async function rankTexts(
  texts: readonly string[],
  query: string,
  pause: () => Promise<void> | void = () => {},
): Promise<readonly Ranked[]> {
  const wanted = [...new Set(wordsOf(query))].map((word) => ({ word, variants: new Map<string, number>() }));
  const traces = wanted.flatMap(({ word }) => tracesOf(word));
  const known = new Map<string, string | null>();
  const take = (term: string): string | null => {
    let weight = 0;
    for (const { word, variants } of wanted) {
      const like = likeness(word, term);
      if (like > 0) variants.set(term, like);
      weight = Math.max(weight, like);
    }
    return weight > 0 ? term : null;
  };
  const search = new MiniSearch<{ readonly id: number; readonly folded?: string }>({
    fields: ['folded'],
    tokenize: (folded) => [...wordsOfFolded(folded)],
    // Only words that are asked for are kept; a text's length counts all of them.
    processTerm: (term) => {
      const taken = known.get(term) ?? (known.has(term) ? null : take(term));
      known.set(term, taken);
      return taken;
    },
  });
  const others: number[] = [];
  for (const [id, folded] of texts.entries()) {
    if (traces.some((trace) => folded.includes(trace))) search.add({ id, folded });
    else others.push(id);
    await pause();
  }
  // How rare a word is, is counted among all texts. Last, since they would count as empty in the average length.
  for (const id of others) search.add({ id });
  const terms = [...known.values()].filter((term) => term !== null);
  return search
    .search(query, {
      tokenize: () => terms,
      processTerm: (term) => term,
      boostTerm: (term) => Math.max(...wanted.map(({ variants }) => variants.get(term) ?? 0)),
    })
    .map(({ id, score, terms: found }) => {
      // Minisearch multiplies by the terms that were found, several variants of one word among them.
      const words = wanted.filter(({ variants }) => found.some((term) => variants.has(term))).length;
      return { index: id as number, score: (score / found.length) * words };
    })
    .sort((a, b) => b.score - a.score);
}
