import type { RunEvent } from '../events.ts';
import { type UserMessage, userMessage } from '../messages.ts';
import { approveInTurn } from './approve-in-turn.ts';
import type { Approve } from './ask-approval.ts';
import { createRun, type Run } from './run-handle.ts';
import type { RunningMachine } from './run-machine.ts';

/** What the work of a run is given by its handle. */
export type GivenByHandle = {
  /** Hears of every event before `onEvent`. */
  readonly tell: (event: RunEvent) => void;
  /** Told of the loop once it works. */
  readonly onStart: (machine: RunningMachine) => void;
  readonly approve?: Approve;
};

/** Starts the work of an agent's run, and makes its handle. What is said before the loop works waits for it. */
export function createAgentRun<Result>(
  { approve }: { readonly approve?: Approve },
  work: (given: GivenByHandle) => Promise<Result>,
): Run<Result> {
  let machine: RunningMachine | undefined;
  let isOver = false;
  const early: UserMessage[] = [];
  const send = (text: string) => {
    if (isOver) return false;
    if (machine) return machine.send(userMessage(text));
    early.push(userMessage(text));
    return true;
  };
  const onStart = (started: RunningMachine) => {
    machine = started;
    for (const message of early) started.send(message);
  };
  return createRun(
    (tell) =>
      work({ tell, onStart, ...(approve && { approve: approveInTurn(approve) }) }).finally(() => {
        isOver = true;
      }),
    send,
  );
}
