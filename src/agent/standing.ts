/** Where a run stands that was cut off: what its journal says, as what the loop knows. */
import type { RunFact } from '../events.ts';
import type { JournalEntry } from '../memory/journal.ts';
import { type Folded, foldEntries } from '../memory/threads.ts';
import type { Message, ToolCall, ToolResult } from '../messages.ts';
import type { PreparedCall } from './execute-tool-calls.ts';
import { verdictOf } from './policy.ts';
import type { RunStart } from './run-context.ts';

/** What was done about the calls of a run. */
export type KnownCalls = {
  /** Those that have a result, by the call's id. */
  readonly results: ReadonlyMap<string, ToolResult>;
  /** What the user said to those that were asked about. */
  readonly approvals: ReadonlyMap<string, 'allow' | 'deny'>;
};

export type Standing = {
  readonly messages: readonly Message[];
  readonly start: RunStart;
  readonly known: KnownCalls;
  /** Calls of the last step without a result. */
  readonly open: readonly ToolCall[];
  /** Those of them that were begun: whether they took effect is not known. */
  readonly begun: ReadonlySet<string>;
};

type StandingOptions = {
  /** What the thread is before the run. */
  readonly before: Folded;
  /** Results that are to be made again. Default: none. */
  readonly without?: ReadonlySet<string>;
};

/** Where the loop goes on behind these entries of a run, the last of which says that it does. */
export function standingOf(
  entries: readonly JournalEntry[],
  { before, without = new Set() }: StandingOptions,
): Standing {
  const results = new Map<string, ToolResult>();
  const approvals = new Map<string, 'allow' | 'deny'>();
  for (const entry of entries) {
    if (entry.type === 'tool-call-end' && !without.has(entry.result.toolCallId))
      results.set(entry.result.toolCallId, entry.result);
    // Begun again since, as by one that was gone on with.
    else if (entry.type === 'tool-call-start') results.delete(entry.toolCall.id);
    else if (entry.type === 'approval-end') approvals.set(entry.toolCallId, entry.decision);
  }
  const at = entries.findLastIndex(({ type }) => type === 'step-end');
  const last = stepEndAt(entries, at);
  const tail = entries.slice(at + 1);
  const calls = last?.message.toolCalls ?? [];
  const open = calls.filter(({ id }) => !results.has(id));
  const isBehindAnswer = last !== undefined && !hasMovedOn(tail) && (calls.length === 0 || open.length > 0);
  const { context } = foldEntries(before, entries);
  return {
    // The fold answers open calls too, with what a reader has to be told of them.
    messages: isBehindAnswer && open.length > 0 ? context.slice(0, -1) : context,
    start: {
      isBehindAnswer,
      step: last?.step ?? 0,
      finish: last?.finish ?? 'stop',
      calls: entries.flatMap((entry) => (entry.type === 'step-end' ? entry.message.toolCalls : [])),
      formRequests: countFormRequests(entries),
      kept: keptBehind(entries, at),
    },
    known: { results, approvals },
    open: isBehindAnswer ? open : [],
    begun: new Set(tail.flatMap((entry) => (entry.type === 'tool-call-start' ? [entry.toolCall.id] : []))),
  };
}

/** A call of a run that is gone on with: made already, or decided by what the user said to it before. */
export function withKnown(call: PreparedCall, known: KnownCalls | undefined): PreparedCall {
  const { toolCall } = call;
  const result = known?.results.get(toolCall.id);
  if (result) return { toolCall, result };
  const decision = known?.approvals.get(toolCall.id);
  if (!decision || !('verdict' in call)) return call;
  return { ...call, verdict: verdictOf(decision) };
}

/** Whether a run failed with its last answer: that one is written again, in a context without it. */
export function isToAnswerAgain(entries: readonly JournalEntry[]): boolean {
  const at = entries.findLastIndex(({ type }) => type === 'step-end');
  const isFailed = entries.some(
    (entry, index) => index > at && entry.type === 'run-end' && entry.stopReason === 'failed',
  );
  return (
    isFailed && stepEndAt(entries, at)?.message.toolCalls.length === 0 && !hasMovedOn(entries.slice(at + 1))
  );
}

function stepEndAt(entries: readonly JournalEntry[], at: number) {
  const entry = entries[at];
  return entry?.type === 'step-end' ? entry : undefined;
}

/** Whether the next step was begun. */
const hasMovedOn = (tail: readonly RunFact[]): boolean =>
  tail.some(({ type }) => type === 'step-start' || type === 'user-message' || type === 'context-compact');

/** What the step behind this answer had taken in. One that is written again took it in before. */
function keptBehind(entries: readonly JournalEntry[], at: number): RunStart['kept'] {
  const begun = entries.slice(at + 1).find(({ type }) => type === 'step-start' || type === 'context-compact');
  const isAgain = begun?.type === 'context-compact';
  const from = isAgain ? entries.slice(0, at).findLastIndex(({ type }) => type === 'step-end') : at;
  return entries
    .slice(from + 1)
    .flatMap((entry) =>
      entry.type === 'user-message' ? [{ from: entry.from, message: entry.message }] : [],
    );
}

/** How often the answer was asked for in its form, since the user said anything. */
const countFormRequests = (entries: readonly RunFact[]): number =>
  entries.reduce(
    (count, entry) => (entry.type !== 'user-message' ? count : entry.from === 'user' ? 0 : count + 1),
    0,
  );
