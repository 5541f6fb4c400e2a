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
  return { runs, damaged };
}

/** Deletes the journals of a thread, damaged ones too, and those of its sub-agents. Returns how many there were. */
export async function deleteThread(home: string, threadId: string): Promise<number> {
  const starts = await Promise.all(
    (await listRunIds(home)).map(async (runId) => ({ runId, ...(await readRunStart(home, runId)) })),
  );
  const own = new Set<string>();
  for (let size = -1; size < own.size; ) {
    size = own.size;
    for (const start of starts) {
      const isOwn = start.threadId === threadId || (start.parentId !== undefined && own.has(start.parentId));
      if (isOwn) own.add(start.runId);
    }
  }
  for (const runId of own) await deleteJournal(home, runId);
  return own.size;
}

/** The threads, folded from all runs, that with the newest run last. Those of sub-agents are threads too. */
export function foldThreads(runs: readonly RunRecord[]): readonly Thread[] {
  const inOrder = runs.toSorted((a, b) => compareText(a.entries[0]?.at, b.entries[0]?.at));
  const followed = new Map(
    inOrder.map(({ entries }) => [startOf(entries)?.after?.runId, startOf(entries)?.threadId]),
  );
  const newest = new Map<string, string>();
  for (const { runId, entries } of inOrder) {
    const threadId = startOf(entries)?.threadId ?? '';
    if (followed.get(runId) === threadId) continue;
    newest.delete(threadId);
    newest.set(threadId, runId);
  }
  return [...newest].map(([threadId, runId]) => threadAt(inOrder, threadId, { runId }));
}

/** A thread up to a point of its own or of another one's: where an edit, a retry or a branch begins. Without a point it
 * is empty. */
export function threadAt(runs: readonly RunRecord[], threadId: string, point?: RunPoint): Thread {
  const chain: RunRecord[] = [];
  const met = new Set<string>();
  for (let next = point; next && !met.has(next.runId); ) {
    const { runId, steps } = next;
    met.add(runId);
    const run = runs.find((candidate) => candidate.runId === runId);
    if (!run) break;
    chain.unshift(steps === undefined ? run : { runId, entries: firstSteps(run.entries, steps), steps });
    next = startOf(run.entries)?.after;
  }
  const folded = chain.map(({ entries }) => entries).reduce(foldEntries, { messages: [], context: [] });
  return { threadId, runs: chain, ...folded };
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
    if (entry.type === 'run-start' && entry.message) say(entry.message);
    else if (entry.type === 'tool-call-start') started.add(entry.toolCall.id);
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
