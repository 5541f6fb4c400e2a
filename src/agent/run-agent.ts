import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { Engine } from '../engine/engine.ts';
import type { RunEvent, RunFact, RunPoint, StopReason, Usage } from '../events.ts';
import { openFacts } from '../memory/facts.ts';
import { createJournal, type JournalEntry } from '../memory/journal.ts';
import { endOf, foldEntries, type Thread, turnsOf } from '../memory/threads.ts';
import { type JsonValue, type Message, textPart, type UserMessage, userMessage } from '../messages.ts';
import type { History } from '../qwen/render.ts';
import { sealState } from '../seal/seal-state.ts';
import type { FactStore } from '../tool/fact-store.ts';
import type { Workspace } from '../workspace/open-workspace.ts';
import { type AnswerForm, createAnswerForm } from './answer-form.ts';
import type { Approve } from './ask-approval.ts';
import type { Agent } from './define-agent.ts';
import { readForm } from './run-context.ts';
import { createRun, type Run } from './run-handle.ts';
import { DEFAULT_MAX_STEPS, type RunningMachine, startMachine } from './run-machine.ts';
import { sumUsage } from './run-usage.ts';
import { reasonOf } from './stop-reason.ts';

export type RunAgentOptions<Output = unknown> = {
  readonly agent: Agent;
  /** What the user asks. Default: the run goes on with the thread where it ends, as after a retry of a step. */
  readonly task?: string;
  readonly engine: Engine;
  readonly workspace: Workspace;
  /** The `.sotto` folder, which keeps the journal. */
  readonly home: string;
  /** The thread to go on with. Default: a new one. */
  readonly thread?: Thread;
  /** What the answer has to be: it is written as JSON of this schema, and checked. Default: any text. */
  readonly output?: z.ZodType<Output>;
  /** Answers where the policy asks. Default: nobody does, and the run ends as `needsApproval`. */
  readonly approve?: Approve;
  /** Tools whose calls need no approval, beside those of the agent's definition. */
  readonly approved?: readonly string[];
  /** What agents remember. Default: that of `home`. */
  readonly facts?: FactStore;
  /** Default: `append`. */
  readonly history?: History;
  /** Whether the journal is forced to the disk at every fact. Default: true. */
  readonly durable?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
};

export type RunResult<Output = unknown> = {
  readonly runId: string;
  readonly threadId: string;
  readonly stopReason: StopReason;
  /** The answer; empty where the run ended without one. */
  readonly text: string;
  /** The answer as a value of `output`'s schema; only where that was asked for and the run ended as `done`. */
  readonly output?: Output;
  /** The thread, to go on with. */
  readonly thread: Thread;
  /** All that was said in the thread. */
  readonly messages: readonly Message[];
  readonly steps: number;
  readonly usage: Usage;
  /** One plain sentence, where the run did not end as `done`. */
  readonly reason?: string;
  /** What failed, where the run did. */
  readonly error?: unknown;
};

/**
 * Runs an agent on a task until it is done or stopped. The end of a run is a `stopReason`, never an exception; a journal
 * that cannot be written is (`JournalError`), and so is what `onEvent` throws, once the run was stopped for it.
 */
export function runAgent<Output = unknown>(options: RunAgentOptions<Output>): Run<RunResult<Output>> {
  let machine: RunningMachine | undefined;
  const early: UserMessage[] = [];
  let isOver = false;
  const send = (text: string) => {
    if (isOver) return false;
    if (machine) return machine.send(userMessage(text));
    early.push(userMessage(text));
    return true;
  };
  const start = (running: RunningMachine) => {
    machine = running;
    for (const message of early) running.send(message);
  };
  const run = createRun((emit) => work(options, emit, start), send);
  const end = () => {
    isOver = true;
  };
  run.then(end, end);
  return run;
}

async function work<Output>(
  options: RunAgentOptions<Output>,
  tell: (event: RunEvent) => void,
  start: (machine: RunningMachine) => void,
): Promise<RunResult<Output>> {
  const { agent, engine, home, thread, facts = openFacts(home), onEvent = () => {} } = options;
  const form = options.output && createAnswerForm(options.output, { isDirect: !agent.tools?.length });
  const runId = newId();
  const threadId = thread?.threadId ?? runId;
  const journal = createJournal({ home, runId, durable: options.durable ?? true });
  const entries: JournalEntry[] = [];
  const stopped = new AbortController();
  const signal = AbortSignal.any([stopped.signal, ...(options.signal ? [options.signal] : [])]);
  let isOver = false;
  let listenerError: { readonly error: unknown } | undefined;
  const emit = (event: RunEvent) => {
    // What was left behind by an abort may still speak.
    if (isOver) return;
    const told = isFact(event) ? journal.append(event) : event;
    if (isEntry(told)) entries.push(told);
    try {
      tell(told);
      onEvent(told);
    } catch (error) {
      listenerError ??= { error };
      stopped.abort(error);
    }
  };
  try {
    emit(runStart(options, { runId, threadId, form }));
    const before = thread?.context ?? [];
    const { context } = foldEntries({ messages: [], context: before }, entries);
    const machine = startMachine({ ...options, threadId, form, facts, messages: context, signal, emit });
    start(machine);
    const output = await machine.ended;
    if (output.stopReason !== 'failed' && output.stopReason !== 'aborted') {
      const saved = await engine.saveState(threadId);
      if (saved) emit({ type: 'state-save', ...saved });
    }
    const reason = reasonOf(output, agent.limits?.maxSteps ?? DEFAULT_MAX_STEPS);
    const read = output.stopReason === 'done' ? readForm(output) : undefined;
    const usage = sumUsage(
      entries.flatMap((entry) =>
        entry.type === 'step-end' || entry.type === 'ask-end' ? [entry.usage] : [],
      ),
    );
    const end = {
      stopReason: output.stopReason,
      steps: output.step,
      usage,
      ...(reason !== undefined && { reason }),
    };
    emit({ type: 'run-end', ...end, ...(read?.ok && { output: read.output as JsonValue }) });
    if (listenerError) throw listenerError.error;
    const last = output.messages.at(-1);
    const grown = grow(thread, { runId, threadId, entries });
    return {
      runId,
      threadId,
      text: last?.role === 'assistant' ? last.text : '',
      thread: grown,
      messages: grown.messages,
      ...end,
      ...(read?.ok && { output: read.output as Output }),
      ...(output.error !== undefined && { error: output.error }),
    };
  } finally {
    isOver = true;
    journal.close();
  }
}

function runStart(
  { agent, engine, task, thread }: RunAgentOptions,
  { runId, threadId, form }: { runId: string; threadId: string; form: AnswerForm | undefined },
): RunFact {
  const { name, fingerprint } = engine.model;
  const after: RunPoint | undefined = thread && endOf(thread);
  const turn = (thread ? turnsOf(thread) : 0) + (task === undefined ? 0 : 1);
  const content = [textPart(task ?? ''), ...(form ? [textPart(`\n\n${form.instruction}`)] : [])];
  return {
    type: 'run-start',
    runId,
    threadId,
    turn,
    agent: agent.name,
    model: { name, fingerprint },
    seal: sealState().mechanism,
    ...(task !== undefined && { message: { role: 'user', content } }),
    ...(after && { after }),
  };
}

function grow(
  thread: Thread | undefined,
  { runId, threadId, entries }: { runId: string; threadId: string; entries: readonly JournalEntry[] },
): Thread {
  const { runs = [], messages = [], context = [] } = thread ?? {};
  return {
    threadId,
    runs: [...runs, { runId, entries }],
    ...foldEntries({ messages, context }, entries),
  };
}

const DELTAS: ReadonlySet<RunEvent['type']> = new Set([
  'text-delta',
  'thinking-delta',
  'prompt-delta',
  'tool-delta',
  'agent-event',
]);
const isFact = (event: RunEvent): event is RunFact => !DELTAS.has(event.type);
const isEntry = (event: RunEvent): event is JournalEntry => isFact(event);

/** Sortable by time, unique by chance: `20261121-014512-k3f9x2`. */
function newId(): string {
  const [date = '', time = ''] = new Date().toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  return `${date}-${time}-${randomBytes(4).toString('hex').slice(0, 6)}`;
}
