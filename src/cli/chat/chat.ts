import type { Approve } from '../../agent/ask-approval.ts';
import type { Agent } from '../../agent/define-agent.ts';
import type { Engine } from '../../engine/engine.ts';
import type { RunEvent } from '../../events.ts';
import type { Thread } from '../../memory/threads.ts';
import type { Thinking } from '../../qwen/thinking.ts';
import type { Workspace } from '../../workspace/open-workspace.ts';
import type { Output } from '../output.ts';
import type { Lines } from './lines.ts';

/** A chat as it goes on: what its turns are made with, and what its commands change. */
export type Chat = {
  readonly agent: Agent;
  readonly engine: Engine;
  readonly workspace: Workspace;
  readonly home: string;
  readonly approved: readonly string[];
  readonly approve: Approve | undefined;
  readonly output: Output;
  readonly lines: Lines;
  /** Given every event instead of a person, where a program reads them. */
  readonly onEvent: ((event: RunEvent) => void) | undefined;
  /** Ends the chat at once. */
  readonly signal: AbortSignal;
  /** What the next turn goes on with. Nothing where it begins a thread. */
  thread: Thread | undefined;
  /** How long the next turns may think. */
  thinking: Thinking;
  isThoughtShown: boolean;
  /** That of the last turn that was not done. */
  exitCode: number;
};
