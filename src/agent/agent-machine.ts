/**
 * The loop: call the model, decide, check the policy, perhaps ask, execute the tools, and again. Contract: the machine only
 * routes; its actors, which `runAgent` provides, keep every fact in the journal before its effect.
 */
import { assign, fromPromise, setup } from 'xstate';
import type { ToolCall } from '../messages.ts';
import type { PreparedCall } from './execute-tool-calls.ts';
import * as run from './run-context.ts';

const onError = {
  target: 'failed',
  actions: { type: 'recordError', params: ({ event }: { event: { error: unknown } }) => event.error },
} as const;
const keepPrepared = {
  type: 'keepPrepared',
  params: ({ event }: { event: { output: run.ApprovalAnswer } }) => event.output,
} as const;
const appendResults = {
  type: 'appendResults',
  params: ({ event }: { event: { output: run.ExecutedCalls } }) => event.output,
} as const;

export const agentMachine = setup({
  types: {
    input: {} as run.RunInput,
    context: {} as run.RunContext,
    events: {} as { type: 'run.abort' } | { type: 'run.message'; message: run.AddedMessage },
    output: {} as run.RunOutput,
  },
  actors: {
    callModel: fromPromise<run.ModelAnswer, run.ModelInput>(run.notProvided('callModel')),
    checkPolicy: fromPromise<readonly PreparedCall[], readonly ToolCall[]>(run.notProvided('checkPolicy')),
    askApproval: fromPromise<run.ApprovalAnswer, readonly PreparedCall[]>(run.notProvided('askApproval')),
    executeTools: fromPromise<run.ExecutedCalls, run.CallsToExecute>(run.notProvided('executeTools')),
  },
  guards: {
    isBeginning: ({ context }) => run.isBeginning(context),
    isUnfinished: ({ context }) => run.isUnfinished(context),
    isAnswered: ({ context }) => run.isAnswered(context),
    isOutOfForm: ({ context }) => run.isOutOfForm(context),
    lacksForm: ({ context }) => run.lacksForm(context),
    isOutOfSteps: ({ context }) => run.isOutOfSteps(context),
    hasNoToolCalls: ({ context }) => run.toolCallsOf(context).length === 0,
    isRepeating: ({ context }) => run.isRepeating(context),
    needsApproval: (_, prepared: readonly PreparedCall[]) => run.needsApproval(prepared),
    isBlocked: (_, { needsApproval }: run.ExecutedCalls) => needsApproval,
    isUnavailable: (_, answer: run.ApprovalAnswer) => answer === 'unavailable',
  },
  actions: {
    startStep: assign(({ context }) => run.nextStep(context)),
    queueMessage: assign(({ context }, message: run.AddedMessage) => ({
      waiting: [...context.waiting, message],
    })),
    askForForm: assign(({ context }) => run.formRequest(context)),
    appendAnswer: assign(({ context }, answer: run.ModelAnswer) => run.withAnswer(context, answer)),
    keepPrepared: assign({
      prepared: (_, answer: run.ApprovalAnswer) => (answer === 'unavailable' ? [] : answer),
    }),
    appendResults: assign(({ context }, executed: run.ExecutedCalls) => run.withResults(context, executed)),
    recordError: assign({ error: (_, error: unknown) => error }),
  },
}).createMachine({
  id: 'agent',
  context: ({ input }) => run.startContext(input),
  initial: 'deciding',
  states: {
    callingModel: {
      entry: 'startStep',
      invoke: {
        id: 'callModel',
        src: 'callModel',
        input: ({ context }) => run.toModelInput(context),
        onDone: {
          target: 'deciding',
          actions: { type: 'appendAnswer', params: ({ event }) => event.output },
        },
        onError,
      },
    },
    deciding: {
      always: [
        { guard: 'isBeginning', target: 'callingModel' },
        { guard: 'isUnfinished', target: 'failed' },
        { guard: 'isAnswered', target: 'done' },
        { guard: 'isOutOfForm', target: 'failed' },
        { guard: 'lacksForm', target: 'callingModel', actions: 'askForForm' },
        { guard: 'isOutOfSteps', target: 'outOfSteps' },
        { guard: 'hasNoToolCalls', target: 'callingModel' },
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
            actions: keepPrepared,
          },
          { target: 'executingTools', actions: keepPrepared },
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
          { target: 'executingTools', actions: keepPrepared },
        ],
        onError,
      },
    },
    executingTools: {
      invoke: {
        id: 'executeTools',
        src: 'executeTools',
        input: ({ context }) => run.toCallsToExecute(context),
        onDone: [
          {
            guard: { type: 'isBlocked', params: ({ event }) => event.output },
            target: 'needsApproval',
            actions: appendResults,
          },
          { target: 'callingModel', actions: appendResults },
        ],
        onError,
      },
    },
    done: run.end('done'),
    outOfSteps: run.end('outOfSteps'),
    repeated: run.end('repeated'),
    needsApproval: run.end('needsApproval'),
    aborted: run.end('aborted'),
    failed: run.end('failed'),
  },
  on: {
    'run.abort': '.aborted',
    'run.message': { actions: { type: 'queueMessage', params: ({ event }) => event.message } },
  },
  output: ({ event }) => event.output as run.RunOutput,
});
