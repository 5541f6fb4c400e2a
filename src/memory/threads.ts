import { deleteStates } from '../engine/saved-states.ts';
import { stateFolder } from '../engine/state-folder.ts';
import { ConfigError } from '../errors.ts';
import type { RunPoint } from '../events.ts';
import { type Message, type ToolResult, textPart } from '../messages.ts';
import { deleteJournal, type JournalEntry, listRunIds, readJournal, readRunStart } from './journal.ts';

export type RunRecord = {
  readonly runId: string;
  readonly entries: readonly JournalEntry[];
  /** Only so many of its steps are part of the thread. Default: all. */
  readonly steps?: number;
};
export type Thread = {
  readonly threadId: string;
  /** The way from the first run to the newest; of a run that was gone on with before its end, only the steps that count.
   * What an edit or a retry replaced is left out, and stays in its journal. */
  readonly runs: readonly RunRecord[];
  /** All that was said on that way. */
  readonly messages: readonly Message[];
  /** What the model is given of it: the messages, but for what was compacted. */
  readonly context: readonly Message[];
  /** A run on that way whose journal is not there or cannot be read: what lies before it is not known. Such a thread can
   * be looked at, and not gone on with. */
  readonly missing?: string;
};

/** A run whose journal cannot be read. */
export type DamagedRun = {
  readonly runId: string;
  /** As far as its first line still tells. */
  readonly threadId: string | undefined;
  /** One sentence. */
  readonly problem: string;
};

/** All runs, oldest first, those whose journal cannot be read apart. */
export async function readRuns(
  home: string,
): Promise<{ runs: readonly RunRecord[]; damaged: readonly DamagedRun[] }> {
  const runs: RunRecord[] = [];
  const damaged: DamagedRun[] = [];
  for (const runId of await listRunIds(home)) {
    try {
      const entries = await readJournal(home, runId);
      if (entries[0]?.type === 'run-start') runs.push({ runId, entries });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const { threadId } = await readRunStart(home, runId);
      damaged.push({ runId, threadId, problem });
    }
  }
  return { runs: inOrder(runs), damaged };
}

/** Deletes the journals of a thread, damaged ones too, those of its sub-agents, and the model's states of them. Returns how
 * many journals there were. Throws `ConfigError`, and deletes nothing, where another thread branches off it. */
export async function deleteThread(home: string, threadId: string): Promise<number> {
  const starts = await Promise.all(
    (await listRunIds(home)).map(async (runId) => ({ runId, ...(await readRunStart(home, runId)) })),
  );
  const children = Map.groupBy(starts, ({ parentId }) => parentId);
  // Grows while it is walked.
  const own = new Set(starts.flatMap((start) => (start.threadId === threadId ? [start.runId] : [])));
  for (const runId of own) for (const child of children.get(runId) ?? []) own.add(child.runId);
  const branch = starts.find(({ runId, afterId }) => afterId && own.has(afterId) && !own.has(runId));
  if (branch) {
    throw new ConfigError(
      `The thread ${threadId} was not deleted, since the thread ${branch.threadId} goes on from it: delete that one first.`,
    );
  }
  const sessions = starts.flatMap(({ runId, threadId: session }) =>
    own.has(runId) && session ? [session] : [],
  );
  for (const session of new Set(sessions)) deleteStates(stateFolder(home), session);
  for (const runId of own) await deleteJournal(home, runId);
  return own.size;
}

/** The threads, folded from all runs, that with the newest run last. Those of sub-agents are threads too. */
export function foldThreads(runs: readonly RunRecord[]): readonly Thread[] {
  const ordered = inOrder(runs);
  const starts = ordered.map(({ runId, entries }) => ({ runId, start: startOf(entries) }));
  const isFollowed = new Set(starts.map(({ start }) => `${start?.threadId} ${start?.after?.runId}`));
  const newest = new Map<string, string>();
  for (const { runId, start: { threadId } = { threadId: '' } } of starts) {
    if (isFollowed.has(`${threadId} ${runId}`)) continue;
    newest.delete(threadId);
    newest.set(threadId, runId);
  }
  const byId = indexRuns(ordered);
  return [...newest].map(([threadId, runId]) => threadFrom(byId, threadId, { runId }));
}

/** A thread up to a point of its own or of another one's: where an edit, a retry or a branch begins. Without a point it
 * is empty. */
export const threadAt = (runs: readonly RunRecord[], threadId: string, point?: RunPoint): Thread =>
  threadFrom(indexRuns(runs), threadId, point);

const indexRuns = (runs: readonly RunRecord[]) => new Map(runs.map((run) => [run.runId, run]));

function threadFrom(byId: ReadonlyMap<string, RunRecord>, threadId: string, point?: RunPoint): Thread {
  const chain: RunRecord[] = [];
  const met = new Set<string>();
  let missing: string | undefined;
  for (let next = point; next && missing === undefined; ) {
    const { runId, steps } = next;
    const run = byId.get(runId);
    // A run that follows itself has no beginning either.
    if (!run || met.has(runId)) missing = runId;
    else {
      met.add(runId);
      chain.push(steps === undefined ? run : { runId, entries: firstSteps(run.entries, steps), steps });
      next = startOf(run.entries)?.after;
    }
  }
  chain.reverse();
  const folded = foldEntries(
    { messages: [], context: [] },
    chain.flatMap(({ entries }) => entries),
  );
  return { threadId, runs: chain, ...folded, ...(missing !== undefined && { missing }) };
}

/** Throws `ConfigError` where a part of the thread is not known: it would go on without what was said there. */
export function checkWhole({ threadId, missing }: Pick<Thread, 'threadId' | 'missing'>): void {
  if (missing === undefined) return;
  throw new ConfigError(
    `The thread ${threadId} cannot go on, since its run ${missing} is not there or cannot be read. What is left of it stays as it is: start another thread.`,
  );
}

/** Where the next run of a thread begins. Nothing where it is empty. */
export function endOf({ runs }: Pick<Thread, 'runs'>): RunPoint | undefined {
  const last = runs.at(-1);
  return last && { runId: last.runId, ...(last.steps !== undefined && { steps: last.steps }) };
}

/** How many turns a thread has: runs that began with a message of the user. */
export const turnsOf = ({ runs }: Pick<Thread, 'runs'>): number =>
  runs.filter(({ entries }) => startOf(entries)?.message !== undefined).length;

/** The messages of one run. Every call has a result: one that was never made, or whose outcome is not known, says so. */
export const foldMessages = (entries: readonly JournalEntry[]): readonly Message[] =>
  foldEntries({ messages: [], context: [] }, entries).messages;

export type Folded = Pick<Thread, 'messages' | 'context'>;

export function foldEntries(before: Folded, entries: readonly JournalEntry[]): Folded {
  const messages: Message[] = [...before.messages];
  let context: Message[] = [...before.context];
  const started = new Set<string>();
  const results = new Map<string, ToolResult>();
  const say = (message: Message) => {
    messages.push(message);
    context.push(message);
  };
  const settle = () => {
    const last = messages.at(-1);
    if (last?.role !== 'assistant' || last.toolCalls.length === 0) return;
    say({
      role: 'tool',
      results: last.toolCalls.map(({ id }) => results.get(id) ?? missingResult(id, started.has(id))),
    });
  };
  for (const entry of entries) {
    if (entry.type === 'run-start') {
      settle();
      started.clear();
      results.clear();
      if (entry.message) say(entry.message);
    } else if (entry.type === 'tool-call-start') started.add(entry.toolCall.id);
    else if (entry.type === 'tool-call-end') results.set(entry.result.toolCallId, entry.result);
    else if (entry.type === 'user-message') {
      settle();
      say(entry.message);
    } else if (entry.type === 'context-compact') {
      settle();
      context = [...entry.context];
    } else if (entry.type === 'step-end') {
      settle();
      say(entry.message);
      started.clear();
      results.clear();
    }
  }
  settle();
  return { messages, context };
}

export const startOf = (entries: readonly JournalEntry[]) =>
  entries.find((entry) => entry.type === 'run-start');

/** By the time that each began: ids of one second have no order. */
const inOrder = (runs: readonly RunRecord[]) =>
  runs.toSorted((a, b) => compareText(a.entries[0]?.at, b.entries[0]?.at));

const compareText = (a = '', b = '') => (a < b ? -1 : a > b ? 1 : 0);

/** The entries of a run up to the end of so many steps, the results of their calls with them. */
function firstSteps(entries: readonly JournalEntry[], steps: number): readonly JournalEntry[] {
  const end = entries.findIndex(
    (entry) =>
      (entry.type === 'step-start' || entry.type === 'context-compact' || entry.type === 'user-message') &&
      entry.step > steps,
  );
  const kept = end < 0 ? entries : entries.slice(0, end);
  return kept.filter(({ type }) => type !== 'run-end');
}

const missingResult = (toolCallId: string, wasStarted: boolean): ToolResult => ({
  toolCallId,
  isError: true,
  content: [
    textPart(
      wasStarted
        ? 'The program stopped during this call: whether it took effect is not known.'
        : 'This call was not made: the run ended before it.',
    ),
  ],
});
