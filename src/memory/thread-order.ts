type Ordered = { readonly runId: string; readonly at: string; readonly after?: { readonly runId: string } };
/** A run is behind all that it has to be behind: not earlier than they, and deeper. */
type Key = { readonly at: string; readonly depth: number };

const NO_KEY: Key = { at: '', depth: 0 };

/**
 * Runs in the order in which they began: each behind the one that stands before it in its thread's list, and the one that it
 * follows, whatever the clock said then; beside that by the time. `before` names those of the lists.
 */
export function inOrder<Run extends Ordered>(
  runs: readonly Run[],
  before: ReadonlyMap<string, string> = new Map(),
): readonly Run[] {
  const byId = new Map(runs.map((run) => [run.runId, run]));
  const previous = ({ runId, after }: Run): readonly Run[] =>
    [before.get(runId), after?.runId].flatMap((id) => byId.get(id ?? '') ?? []);
  const keys = new Map<string, Key>();
  for (const run of runs) addKeys(run, previous, keys);
  const keyOf = ({ runId }: Run) => keys.get(runId) ?? NO_KEY;
  return runs.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
}

/** Without recursion: a thread may have any number of runs. */
function addKeys<Run extends Ordered>(
  run: Run,
  previous: (run: Run) => readonly Run[],
  keys: Map<string, Key>,
) {
  const way = [run];
  // Runs that follow each other, as no program writes them, are met again on their way.
  const met = new Set<string>();
  for (let top = way.at(-1); top; top = way.at(-1)) {
    met.add(top.runId);
    const earlier = previous(top);
    const open = earlier.find(({ runId }) => !keys.has(runId) && !met.has(runId));
    if (open) way.push(open);
    else {
      const above = earlier.map(({ runId }) => keys.get(runId) ?? NO_KEY);
      const { at } = [...above, { at: top.at, depth: 0 }].toSorted(compare).at(-1) ?? NO_KEY;
      keys.set(top.runId, { at, depth: 1 + Math.max(0, ...above.map(({ depth }) => depth)) });
      way.pop();
    }
  }
}

const compare = (a: Key, b: Key): number => (a.at === b.at ? a.depth - b.depth : a.at < b.at ? -1 : 1);
