import type { Engine } from '../engine/engine.ts';
import type { RunEvent, StopReason, Usage } from '../events.ts';
import type { Thread } from '../memory/threads.ts';
import type { JsonObject, Message, UserMessage } from '../messages.ts';
import type { OutputSchema } from '../qwen/answer-schema.ts';
import type { History } from '../qwen/render.ts';
import type { FactStore } from '../tool/fact-store.ts';
import type { Workspace } from '../workspace/open-workspace.ts';
import { createAgentRun } from './agent-run.ts';
import type { Approve } from './ask-approval.ts';
import type { Agent } from './define-agent.ts';
import type { Run } from './run-handle.ts';
import { workInThread } from './work-run.ts';

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
  readonly output?: OutputSchema<Output>;
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
  /** Kept with the run's beginning, for the program that goes on with it. Default: nothing. */
  readonly note?: JsonObject;
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
  /** What was said while the run worked, and came too late for it. */
  readonly unread?: readonly UserMessage[];
  /** One plain sentence, where the run did not end as `done`. */
  readonly reason?: string;
  /** What failed, where the run did. */
  readonly error?: unknown;
};

/**
 * Runs an agent on a task until it is done or stopped. The end of a run is a `stopReason`, never an exception; a journal
 * that cannot be written is (`JournalError`), a thread that another one works on (`LockError`) or that went on since it was
 * read (`ThreadChangedError`), and so is what `onEvent` throws, once the run was stopped for it. Iterated, the run gives its
 * events; to leave that loop does not stop the run, its signal does.
 */
export function runAgent<Output = unknown>(options: RunAgentOptions<Output>): Run<RunResult<Output>> {
  return createAgentRun(options, (given) => workInThread<Output>({ ...options, ...given }));
}
