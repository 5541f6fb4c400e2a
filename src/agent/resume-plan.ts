/** What there is of a run that was cut off, and of the runs of agents that it waits for. Nothing is changed by it, but that a
 * damaged journal is recovered. */
import { ConfigError } from '../errors.ts';
import type { RunFact, StopReason } from '../events.ts';
import { type JournalEntry, readEntries, recoverJournal } from '../memory/journal.ts';
import { type ScannedRun, scanRuns } from '../memory/thread-scan.ts';
import { checkWhole, foldMessages, newestRun, readThread, startOf, type Thread } from '../memory/threads.ts';
import type { ToolCall } from '../messages.ts';
import type { Effect } from '../tool/define-tool.ts';
import { agentToolName } from './agent-tool.ts';
import type { Agent } from './define-agent.ts';
import type { OtherResult } from './delegate.ts';
import { effectOf, isDamaged, mayAct } from './lost-effects.ts';
import { standingOf } from './standing.ts';

/** A call that was begun, and whose outcome is not known. */
export type UnknownCall = {
  /** Whose call it is. */
  readonly agent: string;
  readonly runId: string;
  readonly toolCall: ToolCall;
  /** Of its tool. Nothing where the agent does not have that any more. */
  readonly effect?: Effect;
};

export type ResumePlan = {
  readonly runId: string;
  readonly start: Extract<RunFact, { readonly type: 'run-start' }>;
  readonly entries: readonly JournalEntry[];
  /** The thread before the run. */
  readonly before: Thread;
  /** Calls whose outcome is not known and that may have done something, those of sub-agents with them. */
  readonly unknown: readonly UnknownCall[];
  /** Runs of sub-agents that were cut off with it, by the call that they answer. */
  readonly subRuns: ReadonlyMap<string, ResumePlan>;
  /** Steps that sub-agents took for calls that have a result. */
  readonly stepsOfOthers: number;
  /** Its last step that has an end; 0 where there is none. */
  readonly step: number;
  /** Steps of this run and those below it. */
  readonly steps: number;
  /** Results that are to be made again, by the calls' ids. */
  readonly without: ReadonlySet<string>;
};

type PlanOptions = {
  readonly home: string;
  readonly agent: Agent;
  /** Told what was lost of a damaged journal. */
  readonly warn: (sentence: string) => void;
};

/** Throws `ConfigError` where the run cannot be gone on with, and what reading its journal and its thread throws. For the one
 * who holds the lock of its thread: a damaged journal is recovered. */
export async function planResume(runId: string, options: PlanOptions): Promise<ResumePlan> {
  const { home, agent } = options;
  const children = agent.agents?.length
    ? Map.groupBy(scanRuns(home), ({ parent }) => parent?.runId)
    : new Map();
  const plan = await planRun(runId, { ...options, children });
  const { start } = plan;
  if (start.parent)
    throw new ConfigError(`The run ${runId} is a part of the run ${start.parent.runId}: resume that one.`);
  if (start.agent !== agent.name)
    throw new ConfigError(`The run ${runId} is one of the agent ${start.agent}, not of ${agent.name}.`);
  const last = followerOf(home, start);
  if (last !== undefined) {
    throw new ConfigError(
      `The run ${runId} cannot be gone on with, since its thread ${start.threadId} went on with the run ${last}. It stays as it is: go on with --thread ${start.threadId}.`,
    );
  }
  const end = endOf(plan.entries);
  if (end === undefined || RESUMABLE.has(end.stopReason)) return plan;
  throw new ConfigError(
    `The run ${runId} ${SAYS[end.stopReason] ?? `ended (${end.stopReason})`}: there is nothing to go on with. Go on with its thread: --thread ${start.threadId}.`,
  );
}

/** The newest run of its thread, where that went on without this one. A run that was killed before it was listed is not
 * there: its thread ends with the run before it, or nowhere. */
export function followerOf(
  home: string,
  { runId, threadId, after }: Pick<ResumePlan['start'], 'runId' | 'threadId' | 'after'>,
): string | undefined {
  const newest = newestRun(home, threadId);
  return newest === runId || newest === after?.runId ? undefined : newest;
}

/** How a run ended that was not gone on with since. */
export function endOf(entries: readonly JournalEntry[]) {
  const last = entries.findLast(({ type }) => type === 'run-end' || type === 'run-resume');
  return last?.type === 'run-end' ? last : undefined;
}

/** The result of a sub-agent's run that ended, and whose result had not been written. */
export function overOf({ entries }: ResumePlan): OtherResult | undefined {
  const end = finalEndOf(entries);
  if (!end) return undefined;
  const last = foldMessages(entries).at(-1);
  const text = last?.role === 'assistant' ? last.text : '';
  return { stopReason: end.stopReason, text, ...(end.reason !== undefined && { reason: end.reason }) };
}

/** Nothing of a run of an agent that the call may still go on with. */
function finalEndOf(entries: readonly JournalEntry[]) {
  const end = endOf(entries);
  return end?.stopReason === 'aborted' || end?.stopReason === 'needsApproval' ? undefined : end;
}

const SAYS: Partial<Record<StopReason, string>> = {
  done: 'is done',
  repeated: 'made the same call again and again',
};

/** The others would end at once as they did. One without steps may have more of them now. */
export const RESUMABLE: ReadonlySet<StopReason> = new Set([
  'aborted',
  'failed',
  'needsApproval',
  'outOfSteps',
]);

type Children = ReadonlyMap<string | undefined, readonly ScannedRun[]>;
type RunOptions = PlanOptions & { readonly children: Children };

async function planRun(runId: string, options: RunOptions): Promise<ResumePlan> {
  const { home, agent, warn, children } = options;
  if (mayAct(agent) && isDamaged(home, runId)) {
    const threadId = startOf(readEntries(home, runId).entries)?.threadId;
    throw new ConfigError(
      `The run ${runId} cannot be gone on with: its journal was damaged, and what the run did behind the damage is not known. Look what it did, then go on with its thread: --thread ${threadId}.`,
    );
  }
  const { entries, lost } = recoverJournal(home, runId);
  if (lost !== undefined) warn(lost);
  const start = startOf(entries);
  if (!start)
    throw new ConfigError(`Nothing is left of the run ${runId} to go on with. Give its task again.`);
  const before = await threadBefore(home, start);
  const own = children.get(runId) ?? [];
  const without = findUnfinished(entries, own, home);
  const { open, begun, start: at } = standingOf([...entries, RESUMED], { before, without });
  const subRuns = new Map<string, ResumePlan>();
  const unknown: UnknownCall[] = [];
  for (const toolCall of open.filter(({ id }) => begun.has(id) || without.has(id))) {
    const other = agent.agents?.find(({ name }) => agentToolName(name) === toolCall.name);
    const sub = own.findLast(({ parent }) => parent?.toolCallId === toolCall.id);
    if (other && sub && !(mayAct(other) && isDamaged(home, sub.runId))) {
      const plan = await planRun(sub.runId, { ...options, agent: other });
      subRuns.set(toolCall.id, plan);
      unknown.push(...plan.unknown);
      continue;
    }
    const effect = effectOf(toolCall, agent);
    if (effect !== 'read') unknown.push({ agent: agent.name, runId, toolCall, ...(effect && { effect }) });
  }
  const ended = own.filter(({ parent }) => !parent || !subRuns.has(parent.toolCallId));
  const stepsOfOthers = ended.reduce((sum, { runId: id }) => sum + stepsBelow(id, home, children), 0);
  const { step } = at;
  const steps = step + stepsOfOthers + sumOf([...subRuns.values()].map((sub) => sub.steps));
  return { runId, start, entries, before, unknown, subRuns, stepsOfOthers, step, steps, without };
}

/** The calls whose agents can go on now, as where one needed an approval that nobody could give: that they failed does not
 * count. */
function findUnfinished(
  entries: readonly JournalEntry[],
  own: readonly ScannedRun[],
  home: string,
): ReadonlySet<string> {
  const answered = new Set(
    entries.flatMap((entry) =>
      entry.type === 'tool-call-end' && !entry.result.isError ? [entry.result.toolCallId] : [],
    ),
  );
  const calls = new Map(own.flatMap(({ runId, parent }) => (parent ? [[parent.toolCallId, runId]] : [])));
  const unfinished = [...calls].filter(([id, runId]) => {
    if (answered.has(id)) return false;
    const child = readEntries(home, runId);
    return child.problem === undefined && !finalEndOf(child.entries);
  });
  return new Set(unfinished.map(([id]) => id));
}

const RESUMED: JournalEntry = { type: 'run-resume', agent: '', seal: '', seq: 0, at: '' };

async function threadBefore(home: string, { threadId, after }: ResumePlan['start']): Promise<Thread> {
  const before = after && (await readThread(home, threadId, after));
  if (!before) return { threadId, runs: [], messages: [], context: [] };
  checkWhole(before);
  return before;
}

function stepsBelow(runId: string, home: string, children: Children): number {
  const { entries } = readEntries(home, runId);
  const step = entries.findLast((entry) => entry.type === 'step-end')?.step ?? 0;
  return step + sumOf((children.get(runId) ?? []).map((child) => stepsBelow(child.runId, home, children)));
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
