/**
 * Run events: everything that happens in a run, as one discriminated union.
 *
 * Contract: facts go to the journal before their effect, in order; deltas are only streamed, since the
 * message in `step-end` holds the same words. `runAgent` hands both to `onEvent`, and `--json` prints them.
 */
import type { AssistantMessage, ToolCall, ToolResult, UserMessage } from './messages.ts';

/** What one step or one run cost the model. */
export type Usage = {
  /** Prompt tokens that were evaluated. */
  readonly evaluatedTokens: number;
  /** Prompt tokens whose state was already there. */
  readonly reusedTokens: number;
  readonly generatedTokens: number;
  /** Milliseconds from the request to the first generated token; of a run, that of its first step. */
  readonly timeToFirstTokenMs: number;
  /** Generated tokens per second of generation, prompt time left out. */
  readonly tokensPerSecond: number;
};

/** Why the model stopped: it ended its message; it reached `maxTokens`; the context is full; it fell into repeating
 * itself; or it wrote a token that only the runtime may write. */
export type FinishReason = 'stop' | 'maxTokens' | 'contextFull' | 'repetition' | 'strayToken';

export type StopReason = 'done' | 'outOfSteps' | 'repeated' | 'needsApproval' | 'aborted' | 'failed';

export type Decision = 'allow' | 'ask' | 'deny';

export type RunFact =
  | {
      readonly type: 'run-start';
      readonly runId: string;
      readonly threadId: string;
      /** Which turn of the thread this is, from 1. */
      readonly turn: number;
      readonly agent: string;
      readonly model: { readonly name: string; readonly fingerprint: string };
      /** What keeps the process off the network: the mechanism's name, or "none". */
      readonly seal: string;
      readonly message: UserMessage;
    }
  | { readonly type: 'step-start'; readonly step: number }
  | {
      readonly type: 'step-end';
      readonly step: number;
      readonly message: AssistantMessage;
      readonly finish: FinishReason;
      readonly usage: Usage;
    }
  /** The engine's process died; the step is tried once more in a new one. */
  | { readonly type: 'engine-restart'; readonly reason: string }
  | { readonly type: 'approval-start'; readonly toolCall: ToolCall; readonly reason: string }
  | { readonly type: 'approval-end'; readonly toolCallId: string; readonly decision: 'allow' | 'deny' }
  /** The intent: written before the call is made. */
  | { readonly type: 'tool-call-start'; readonly toolCall: ToolCall }
  | { readonly type: 'tool-call-end'; readonly result: ToolResult; readonly durationMs: number }
  | {
      readonly type: 'run-end';
      readonly stopReason: StopReason;
      readonly steps: number;
      readonly usage: Usage;
      /** One plain sentence, when the run did not end as `done`. */
      readonly reason?: string;
    };

export type RunDelta =
  | { readonly type: 'thinking-delta'; readonly text: string }
  | { readonly type: 'text-delta'; readonly text: string };

export type RunEvent = RunFact | RunDelta;

export const noUsage: Usage = {
  evaluatedTokens: 0,
  reusedTokens: 0,
  generatedTokens: 0,
  timeToFirstTokenMs: 0,
  tokensPerSecond: 0,
};
