import { describe, expect, test } from 'vitest';
import { createActor, fromPromise, waitFor } from 'xstate';
import { agentMachine } from '../../src/agent/agent-machine.ts';
import type { PreparedCall } from '../../src/agent/execute-tool-calls.ts';
import type { CallsToExecute, ExecutedCalls, ModelAnswer } from '../../src/agent/run-context.ts';
import type { Decision } from '../../src/events.ts';
import { userMessage } from '../../src/messages.ts';
import { builtInTools } from '../../tools/index.ts';
import { assistant } from '../helpers/conversations.ts';

const never = () => new Promise<never>(() => {});
const calls: ModelAnswer = {
  message: assistant('', { inputs: [['read_file', { path: 'a' }]] }),
  finish: 'stop',
};
const answer: ModelAnswer = { message: assistant('ok'), finish: 'stop' };

const prepared = (decision: Decision): PreparedCall[] => {
  const [tool] = builtInTools;
  const [toolCall] = calls.message.toolCalls;
  if (!tool || !toolCall) throw new Error('no tool');
  return [{ toolCall, tool, input: {}, verdict: { decision, reason: '' } }];
};

/** The machine with actors that stay where the test wants to look. */
function start({ callModel = [answer], checkPolicy, askApproval, executeTools }: Script) {
  let asked = 0;
  const machine = agentMachine.provide({
    actors: {
      callModel: fromPromise(async () => {
        asked += 1;
        return callModel[asked - 1] ?? never();
      }),
      checkPolicy: fromPromise(async () => checkPolicy ?? never()),
      askApproval: fromPromise(async () => askApproval ?? never()),
      executeTools: fromPromise<ExecutedCalls, CallsToExecute>(async () =>
        executeTools ? { results: [], stepsOfOthers: 0, needsApproval: false } : never(),
      ),
    },
  });
  const actor = createActor(machine, { input: { messages: [userMessage('Hi')], maxSteps: 2 } });
  actor.start();
  return actor;
}
type Script = {
  readonly callModel?: readonly ModelAnswer[];
  readonly checkPolicy?: readonly PreparedCall[];
  readonly askApproval?: readonly PreparedCall[] | 'unavailable';
  readonly executeTools?: true;
};

describe('the loop', () => {
  test.each<[string, Script, string]>([
    ['begins with a model call', { callModel: [] }, 'callingModel'],
    ['checks the policy of a call', { callModel: [calls] }, 'checkingPolicy'],
    [
      'executes what the policy allows',
      { callModel: [calls], checkPolicy: prepared('allow') },
      'executingTools',
    ],
    [
      'executes what the policy denies, which answers it',
      { callModel: [calls], checkPolicy: prepared('deny') },
      'executingTools',
    ],
    ['asks where the policy asks', { callModel: [calls], checkPolicy: prepared('ask') }, 'awaitingApproval'],
    [
      'executes what was approved',
      { callModel: [calls], checkPolicy: prepared('ask'), askApproval: prepared('allow') },
      'executingTools',
    ],
    [
      'ends where nobody can approve',
      { callModel: [calls], checkPolicy: prepared('ask'), askApproval: 'unavailable' },
      'needsApproval',
    ],
    [
      'calls the model again after the tools',
      { callModel: [calls], checkPolicy: prepared('allow'), executeTools: true },
      'callingModel',
    ],
    ['ends with an answer', {}, 'done'],
    [
      'ends with an answer on the last step',
      { callModel: [calls, answer], checkPolicy: prepared('allow'), executeTools: true },
      'done',
    ],
    [
      'ends when the last step is a call',
      { callModel: [calls, calls], checkPolicy: prepared('allow'), executeTools: true },
      'outOfSteps',
    ],
    ['fails without an answer', { callModel: [{ message: assistant(''), finish: 'stop' }] }, 'failed'],
    [
      'fails with half an answer',
      { callModel: [{ message: assistant('It is'), finish: 'maxTokens' }] },
      'failed',
    ],
  ])('%s', async (_, script, state) => {
    const actor = start(script);
    const step = script.executeTools ? 2 : 1;
    await waitFor(actor, (snapshot) => snapshot.matches(state as 'done') && snapshot.context.step >= step);
    expect(actor.getSnapshot().value).toBe(state);
    actor.stop();
  });

  test.each(['callingModel', 'checkingPolicy', 'awaitingApproval', 'executingTools'] as const)(
    'can be aborted while %s',
    async (state) => {
      const scripts: Record<string, Script> = {
        callingModel: { callModel: [] },
        checkingPolicy: { callModel: [calls] },
        awaitingApproval: { callModel: [calls], checkPolicy: prepared('ask') },
        executingTools: { callModel: [calls], checkPolicy: prepared('allow') },
      };
      const actor = start(scripts[state] ?? {});
      await waitFor(actor, (snapshot) => snapshot.matches(state));
      actor.send({ type: 'run.abort' });
      expect(actor.getSnapshot()).toMatchObject({ value: 'aborted', output: { stopReason: 'aborted' } });
    },
  );

  test('aborts the signal of the actor that it leaves', async () => {
    let left: AbortSignal | undefined;
    const machine = agentMachine.provide({
      actors: {
        callModel: fromPromise(({ signal }) => {
          left = signal;
          return never();
        }),
      },
    });
    const actor = createActor(machine, { input: { messages: [], maxSteps: 1 } }).start();
    actor.send({ type: 'run.abort' });
    expect(left?.aborted).toBe(true);
  });
});
