import { randomBytes } from 'node:crypto';
import { createActor, fromPromise, toPromise } from 'xstate';
import type { Engine } from '../engine/engine.ts';
import { noUsage, type RunEvent, type StopReason, type Usage } from '../events.ts';
import { createJournal } from '../memory/journal.ts';
import type { Thread } from '../memory/threads.ts';
import { type Message, type ToolCall, userMessage } from '../messages.ts';
import type { History } from '../qwen/render.ts';
import { sealState } from '../seal/seal-state.ts';
import type { Workspace } from '../workspace/open-workspace.ts';
import { agentMachine } from './agent-machine.ts';
import { type Approve, askApproval } from './ask-approval.ts';
import { callModel } from './call-model.ts';
import type { Agent } from './define-agent.ts';
import { executeToolCalls, type PreparedCall, prepareToolCall } from './execute-tool-calls.ts';
import type { RunOutput } from './run-context.ts';
import { reasonOf } from './stop-reason.ts';

export type RunAgentOptions = {
  readonly agent: Agent;
  /** What the user asks. */
  readonly task: string;
  readonly engine: Engine;
  readonly workspace: Workspace;
  /** The `.sotto` folder, which keeps the journal. */
  readonly home: string;
  /** The thread to go on with. Default: a new one. */
  readonly thread?: Pick<Thread, 'threadId' | 'messages'> & { readonly runs: { readonly length: number } };
  /** Answers where the policy asks. Default: nobody does, and the run ends as `needsApproval`. */
  readonly approve?: Approve;
  /** Tools whose calls need no approval, beside those of the agent's definition. */
  readonly approved?: readonly string[];
  /** Default: `append`. */
  readonly history?: History;
  /** Whether the journal is forced to the disk at every fact. Default: true. */
  readonly durable?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
};

export type RunResult = {
  readonly runId: string;
  readonly threadId: string;
  readonly stopReason: StopReason;
  /** The answer; empty where the run ended without one. */
  readonly text: string;
  /** The whole thread. */
  readonly messages: readonly Message[];
  readonly steps: number;
  readonly usage: Usage;
  /** One plain sentence, where the run did not end as `done`. */
  readonly reason?: string;
  /** What failed, where the run did. */
  readonly error?: unknown;
};

const DEFAULT_MAX_STEPS = 20;
/** Two characters a token, a careful reckoning, and a quarter of the context for one result. */
const RESULT_CHARACTERS_PER_CONTEXT_TOKEN = 0.5;

/**
 * Runs an agent on a task until it is done or stopped. The end of a run is a `stopReason`, never an exception; a journal
 * that cannot be written is (`JournalError`), and so is what `onEvent` throws, once the run was stopped for it.
 */
export async function runAgent(options: RunAgentOptions): Promise<RunResult> {
  const { agent, engine, thread, onEvent = () => {} } = options;
  const runId = newId();
  const threadId = thread?.threadId ?? runId;
  const journal = createJournal({ home: options.home, runId, durable: options.durable ?? true });
  const steps: Usage[] = [];
  const stopped = new AbortController();
  const signal = AbortSignal.any([stopped.signal, ...(options.signal ? [options.signal] : [])]);
  let isOver = false;
  let listenerError: { readonly error: unknown } | undefined;
  const emit = (event: RunEvent) => {
    // What was left behind by an abort may still speak.
    if (isOver) return;
    if (event.type === 'step-end') steps.push(event.usage);
    const isDelta = event.type === 'text-delta' || event.type === 'thinking-delta';
    const told = isDelta ? event : journal.append(event);
    try {
      onEvent(told);
    } catch (error) {
      listenerError ??= { error };
      stopped.abort(error);
    }
  };
  try {
    const message = userMessage(options.task);
    const { name, fingerprint } = engine.model;
    const turn = (thread?.runs.length ?? 0) + 1;
    const seal = sealState().mechanism;
    emit({
      type: 'run-start',
      runId,
      threadId,
      turn,
      agent: agent.name,
      model: { name, fingerprint },
      seal,
      message,
    });
    const output = await runMachine([...(thread?.messages ?? []), message], options, emit, signal);
    const reason = reasonOf(output, agent.limits?.maxSteps ?? DEFAULT_MAX_STEPS);
    const usage = sumUsage(steps);
    const end = {
      stopReason: output.stopReason,
      steps: output.step,
      usage,
      ...(reason !== undefined && { reason }),
    };
    emit({ type: 'run-end', ...end });
    if (listenerError) throw listenerError.error;
    const last = output.messages.at(-1);
    const text = last?.role === 'assistant' ? last.text : '';
    return {
      runId,
      threadId,
      text,
      messages: output.messages,
      ...end,
      ...(output.error !== undefined && { error: output.error }),
    };
  } finally {
    isOver = true;
    journal.close();
  }
}

async function runMachine(
  messages: readonly Message[],
  { agent, engine, workspace, approve, approved = [], history = 'append' }: RunAgentOptions,
  emit: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunOutput> {
  const policy = { workspace, approved: new Set([...approved, ...(agent.approve ?? [])]) };
  const maxCharacters = Math.floor(engine.model.contextTokens * RESULT_CHARACTERS_PER_CONTEXT_TOKEN);
  const machine = agentMachine.provide({
    actors: {
      callModel: fromPromise(({ input, signal: left }) => {
        // A signal that has fired before the start stops the first call too.
        const stop = AbortSignal.any([signal, left]);
        return callModel(input.messages, { agent, engine, history, step: input.step, signal: stop, emit });
      }),
      checkPolicy: fromPromise<readonly PreparedCall[], readonly ToolCall[]>(async ({ input }) =>
        input.map((toolCall) => prepareToolCall(toolCall, agent.tools ?? [], policy)),
      ),
      askApproval: fromPromise(({ input, signal }) => askApproval(input, { approve, emit, signal })),
      executeTools: fromPromise(({ input, signal }) =>
        executeToolCalls(input, { workspace, signal, record: emit, maxCharacters }),
      ),
    },
  });
  const actor = createActor(machine, {
    input: { messages, maxSteps: agent.limits?.maxSteps ?? DEFAULT_MAX_STEPS },
  });
  const abort = () => actor.send({ type: 'run.abort' });
  actor.start();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await toPromise(actor);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Sortable by time, unique by chance: `20261121-014512-k3f9x2`. */
function newId(): string {
  const [date = '', time = ''] = new Date().toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  return `${date}-${time}-${randomBytes(4).toString('hex').slice(0, 6)}`;
}

function sumUsage(steps: readonly Usage[]): Usage {
  const sum = (key: 'evaluatedTokens' | 'reusedTokens' | 'generatedTokens') =>
    steps.reduce((total, step) => total + step[key], 0);
  const seconds = steps.reduce(
    (total, step) => total + (step.tokensPerSecond ? step.generatedTokens / step.tokensPerSecond : 0),
    0,
  );
  return {
    evaluatedTokens: sum('evaluatedTokens'),
    reusedTokens: sum('reusedTokens'),
    generatedTokens: sum('generatedTokens'),
    timeToFirstTokenMs: (steps[0] ?? noUsage).timeToFirstTokenMs,
    tokensPerSecond: seconds > 0 ? sum('generatedTokens') / seconds : 0,
  };
}
