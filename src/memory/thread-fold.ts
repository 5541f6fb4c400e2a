/** Threads, folded from the entries of their runs. */
import { ConfigError } from '../errors.ts';
import type { RunPoint } from '../events.ts';
import { type Message, type ToolResult, textPart } from '../messages.ts';
import type { JournalEntry } from './journal.ts';

export type RunRecord = {
  readonly runId: string;
  readonly entries: readonly JournalEntry[];
  /** Only so many of its steps are part of the thread. Default: all. */
  readonly steps?: number;
  /** Only its first and its last entry are here: the thread was read from its snapshot, and the journal has the others. */
  readonly isPart?: true;
};
/** Where a thread ends. */
export type ThreadEnd = RunPoint & {
  /** How many entries of that run are known: where its journal has fewer, it was cut off. */
  readonly entries?: number;
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
  /** A run on that way whose journal is not there or is damaged: what was said in it is not known, or not all of it. Such a
   * thread can be looked at, and not gone on with. */
  readonly missing?: string;
  /** What is wrong with that journal, one sentence, where it is there. */
  readonly problem?: string;
  /** It was read up to an earlier point on purpose, for an edit, a retry or a branch: a run goes on with it whatever follows
   * that point. Default: it is the thread as it ended then, and a run goes on with it only if it still ends there. */
  readonly isEarlier?: true;
};

/** The threads, folded from all runs in the order of `readRuns`, that with the newest run last. Those of sub-agents are
 * threads too. */
export function foldThreads(runs: readonly RunRecord[]): readonly Thread[] {
  const ordered = runs;
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
export const threadAt = (runs: readonly RunRecord[], threadId: string, point?: RunPoint): Thread => ({
  ...threadFrom(indexRuns(runs), threadId, point),
  isEarlier: true,
});

const indexRuns = (runs: readonly RunRecord[]) => new Map(runs.map((run) => [run.runId, run]));

function threadFrom(byId: ReadonlyMap<string, RunRecord>, threadId: string, point?: RunPoint): Thread {
  const chain: RunRecord[] = [];
  const met = new Set<string>();
  let missing: string | undefined;
  for (let next = point; next && missing === undefined; ) {
    const { runId } = next;
    const run = byId.get(runId);
    // A run that follows itself has no beginning either.
    if (!run || run.isPart || met.has(runId)) missing = runId;
    else {
      met.add(runId);
      chain.push(upTo(run, next));
      next = startOf(run.entries)?.after;
    }
  }
  chain.reverse();
  return { threadId, runs: chain, ...foldRuns(NOTHING, chain), ...(missing !== undefined && { missing }) };
}

/** What of a run lies before a point of it. */
export const upTo = ({ runId, entries }: RunRecord, { steps }: RunPoint): RunRecord =>
  steps === undefined ? { runId, entries } : { runId, entries: firstSteps(entries, steps), steps };

/** What was said before, and in these runs. */
export const foldRuns = (before: Folded, runs: readonly RunRecord[]): Folded =>
  foldEntries(
    before,
    runs.flatMap(({ entries }) => entries),
  );

/** Throws `ConfigError` where a part of the thread is not known: it would go on without what was said there. */
export function checkWhole({ threadId, missing }: Pick<Thread, 'threadId' | 'missing'>): void {
  if (missing === undefined) return;
  throw new ConfigError(
    `The thread ${threadId} cannot go on, since its run ${missing} is not there or cannot be read. What is left of it stays as it is: start another thread.`,
  );
}

/** Where the next run of a thread begins. Nothing where it is empty. */
export function endOf({ runs }: Pick<Thread, 'runs'>): ThreadEnd | undefined {
  const last = runs.at(-1);
  const entries = last?.entries.at(-1)?.seq;
  return (
    last && {
      runId: last.runId,
      ...(last.steps !== undefined && { steps: last.steps }),
      ...(entries !== undefined && { entries }),
    }
  );
}

/** How many turns a thread has: runs that began with a message of the user. */
export const turnsOf = ({ runs }: Pick<Thread, 'runs'>): number =>
  runs.filter(({ entries }) => startOf(entries)?.message !== undefined).length;

/** The messages of one run. Every call has a result: one that was never made, or whose outcome is not known, says so. */
export const foldMessages = (entries: readonly JournalEntry[]): readonly Message[] =>
  foldEntries(NOTHING, entries).messages;

export type Folded = Pick<Thread, 'messages' | 'context'>;
export const NOTHING: Folded = { messages: [], context: [] };

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
