import { createActor, fromPromise, toPromise } from 'xstate';
import type { RunEvent } from '../events.ts';
import type { Thread } from '../memory/threads.ts';
import type { Message, ToolCall, UserMessage } from '../messages.ts';
import type { FactStore } from '../tool/fact-store.ts';
import { agentMachine } from './agent-machine.ts';
import type { DelegatingContext } from './agent-tool.ts';
import type { AnswerForm } from './answer-form.ts';
import { askApproval } from './ask-approval.ts';
import { askModel } from './ask-model.ts';
import { callModel } from './call-model.ts';
import { DEFAULT_MAX_STEPS } from './define-agent.ts';
import { createDelegation, type RunForAnother } from './delegate.ts';
import { executeToolCalls, type PreparedCall, prepareToolCall } from './execute-tool-calls.ts';
import { resultCharacters } from './room-of.ts';
import type { RunAgentOptions } from './run-agent.ts';
import type { RunOutput, RunStart } from './run-context.ts';
import { type KnownCalls, withKnown } from './standing.ts';
import { taskOf } from './task-of.ts';

export type RunningMachine = {
  /** False once the run is over. */
  send(message: UserMessage): boolean;
  readonly ended: Promise<RunOutput>;
};

export type StartOptions = Pick<
  RunAgentOptions,
  'agent' | 'engine' | 'workspace' | 'approve' | 'approved' | 'history'
> & {
  readonly threadId: string;
  /** What it was before the run. */
  readonly thread?: Thread | undefined;
  /** The message that the run began with. */
  readonly asked: UserMessage | undefined;
  readonly form: AnswerForm | undefined;
  readonly facts: FactStore;
  readonly runForAnother: RunForAnother;
  /** What the model is given. */
  readonly messages: readonly Message[];
  /** Where it goes on. Default: it begins. */
  readonly start?: RunStart | undefined;
  readonly known?: KnownCalls | undefined;
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
};

/** Starts the loop with what it does to the world. */
export function startMachine(options: StartOptions): RunningMachine {
  const { agent, engine, workspace, threadId, form, approve, approved = [], facts, emit, signal } = options;
  const { runForAnother, start, known } = options;
  const { history = 'append', messages } = options;
  const policy = { workspace, approved: new Set([...approved, ...(agent.approve ?? [])]) };
  const task = taskOf(messages, options);
  const delegation = createDelegation({ agent, runForAnother, emit });
  let maxCharacters = 0;
  const contextOf = (toolCallId: string, signal: AbortSignal): DelegatingContext => ({
    workspace,
    maxCharacters,
    signal,
    toolCallId,
    facts,
    ask: (question) => askModel(question, { engine, toolCallId, signal, emit }),
    report: (text) => emit({ type: 'tool-delta', toolCallId, text }),
    delegate: (other, task) => delegation.delegate(other, task, { toolCallId, signal }),
  });
  const machine = agentMachine.provide({
    actors: {
      callModel: fromPromise(({ input, signal: left }) => {
        // A signal that has fired before the start stops the first call too.
        const stop = AbortSignal.any([signal, left]);
        return callModel(input, { agent, engine, threadId, history, form, task, signal: stop, emit });
      }),
      checkPolicy: fromPromise<readonly PreparedCall[], readonly ToolCall[]>(async ({ input }) =>
        input.map((toolCall) => withKnown(prepareToolCall(toolCall, agent.tools ?? [], policy), known)),
      ),
      askApproval: fromPromise(({ input, signal }) =>
        askApproval(input, { agent: agent.name, approve, emit, signal }),
      ),
      executeTools: fromPromise(async ({ input, signal }) => {
        const { calls } = input;
        delegation.share(input);
        maxCharacters = await resultCharacters(agent, engine, {
          task,
          calls: calls.map(({ toolCall }) => toolCall),
        });
        const results = await executeToolCalls(calls, { contextOf, signal, record: emit, maxCharacters });
        return { results, ...delegation.outcome() };
      }),
    },
  });
  const maxSteps = agent.limits?.maxSteps ?? DEFAULT_MAX_STEPS;
  const actor = createActor(machine, { input: { messages, maxSteps, form, start } });
  const abort = () => actor.send({ type: 'run.abort' });
  actor.start();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return {
    send(message) {
      if (actor.getSnapshot().status !== 'active') return false;
      actor.send({ type: 'run.message', message: { from: 'user', message } });
      return true;
    },
    ended: toPromise(actor).finally(() => signal.removeEventListener('abort', abort)),
  };
}
