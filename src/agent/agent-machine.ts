/**
 * The loop: call the model, decide, check the policy, perhaps ask, execute the tools, and again.
 *
 * Contract: the machine only routes. What it does to the world stands in the actors, which `runAgent` provides; they keep
 * every fact in the journal before its effect. `stopReason` is the final state's name.
 */
import { assign, fromPromise, setup } from 'xstate';
import type { StopReason } from '../events.ts';
import type { Message, ToolCall, ToolResult } from '../messages.ts';
import type { PreparedCall } from './execute-tool-calls.ts';
import * as run from './run-context.ts';

const notProvided = (name: string) => async (): Promise<never> => {
  throw new Error(`actor "${name}" was not provided`);
};
const end = (stopReason: StopReason) => ({
  type: 'final' as const,
  output: ({ context }: { context: run.RunContext }) => run.toOutput(stopReason, context),
});
const onError = {
  target: 'failed',
  actions: { type: 'recordError', params: ({ event }: { event: { error: unknown } }) => event.error },
} as const;

export const agentMachine = setup({
  types: {
    input: {} as run.RunInput,
    context: {} as run.RunContext,
    events: {} as { type: 'run.abort' },
    output: {} as run.RunOutput,
  },
  actors: {
    callModel: fromPromise<run.ModelAnswer, { messages: readonly Message[]; step: number }>(
      notProvided('callModel'),
    ),
    checkPolicy: fromPromise<readonly PreparedCall[], readonly ToolCall[]>(notProvided('checkPolicy')),
    askApproval: fromPromise<run.ApprovalAnswer, readonly PreparedCall[]>(notProvided('askApproval')),
    executeTools: fromPromise<readonly ToolResult[], readonly PreparedCall[]>(notProvided('executeTools')),
  },
  guards: {
    isUnfinished: ({ context }) => run.isUnfinished(context),
    hasNoToolCalls: ({ context }) => run.toolCallsOf(context).length === 0,
    isOutOfSteps: ({ context }) => context.step >= context.maxSteps,
    isRepeating: ({ context }) => run.isRepeating(context),
    needsApproval: (_, prepared: readonly PreparedCall[]) => run.needsApproval(prepared),
    isUnavailable: (_, answer: run.ApprovalAnswer) => answer === 'unavailable',
  },
  actions: {
    countStep: assign({ step: ({ context }) => context.step + 1 }),
    appendAnswer: assign({
      messages: ({ context }, { message }: run.ModelAnswer) => [...context.messages, message],
      calls: ({ context }, { message }: run.ModelAnswer) => [...context.calls, ...message.toolCalls],
      finish: (_, { finish }: run.ModelAnswer) => finish,
    }),
    keepPrepared: assign({
      prepared: (_, answer: run.ApprovalAnswer) => (answer === 'unavailable' ? [] : answer),
    }),
    appendResults: assign({
      messages: ({ context }, results: readonly ToolResult[]) => [
        ...context.messages,
        { role: 'tool' as const, results },
      ],
    }),
    recordError: assign({ error: (_, error: unknown) => error }),
  },
}).createMachine({
  id: 'agent',
  context: ({ input }) => ({ ...input, step: 0, calls: [], prepared: [], finish: 'stop', error: undefined }),
  initial: 'callingModel',
  states: {
    callingModel: {
      entry: 'countStep',
      invoke: {
        id: 'callModel',
        src: 'callModel',
        input: ({ context: { messages, step } }) => ({ messages, step }),
        onDone: {
          target: 'deciding',
          actions: { type: 'appendAnswer', params: ({ event }) => event.output },
        },
        onError,
      },
    },
    deciding: {
      always: [
        { guard: 'isUnfinished', target: 'failed' },
        { guard: 'hasNoToolCalls', target: 'done' },
        { guard: 'isOutOfSteps', target: 'outOfSteps' },
        { guard: 'isRepeating', target: 'repeated' },
        { target: 'checkingPolicy' },
      ],
    },
    checkingPolicy: {
      invoke: {
        id: 'checkPolicy',
        src: 'checkPolicy',
        input: ({ context }) => run.toolCallsOf(context),
        onDone: [
          {
            guard: { type: 'needsApproval', params: ({ event }) => event.output },
            target: 'awaitingApproval',
            actions: { type: 'keepPrepared', params: ({ event }) => event.output },
          },
          {
            target: 'executingTools',
            actions: { type: 'keepPrepared', params: ({ event }) => event.output },
          },
        ],
        onError,
      },
    },
    awaitingApproval: {
      invoke: {
        id: 'askApproval',
        src: 'askApproval',
        input: ({ context }) => context.prepared,
        onDone: [
          { guard: { type: 'isUnavailable', params: ({ event }) => event.output }, target: 'needsApproval' },
          {
            target: 'executingTools',
            actions: { type: 'keepPrepared', params: ({ event }) => event.output },
          },
        ],
        onError,
      },
    },
    executingTools: {
      invoke: {
        id: 'executeTools',
        src: 'executeTools',
        input: ({ context }) => context.prepared,
        onDone: {
          target: 'callingModel',
          actions: { type: 'appendResults', params: ({ event }) => event.output },
        },
        onError,
      },
    },
    done: end('done'),
    outOfSteps: end('outOfSteps'),
    repeated: end('repeated'),
    needsApproval: end('needsApproval'),
    aborted: end('aborted'),
    failed: end('failed'),
  },
  on: { 'run.abort': '.aborted' },
  output: ({ event }) => event.output as run.RunOutput,
});
