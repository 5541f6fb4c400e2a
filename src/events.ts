/**
 * Run events: everything that happens in a run, as one discriminated union.
 *
 * Contract: facts go to the journal before their effect, in order; deltas are only streamed, since the
 * message in `step-end` holds the same words. `runAgent` hands both to `onEvent`, and `--json` prints them.
 */
import type {
  AssistantMessage,
  JsonObject,
  JsonValue,
  Message,
  ToolCall,
  ToolResult,
  UserMessage,
} from './messages.ts';

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

/** Where a run begins: behind another run, or behind so many of its steps. Runs form a tree; a thread is a way from its
 * root to the newest run. */
export type RunPoint = {
  readonly runId: string;
  /** Default: all of them. */
  readonly steps?: number;
};

/** What the model's state could be brought to, where it was not simply gone on with. */
export type StateRestore = {
  /** `file`: a state that was saved; `checkpoint`: an earlier state in memory; `nothing`: all is evaluated. */
  readonly from: 'file' | 'checkpoint' | 'nothing';
  /** Prompt tokens whose state was there. */
  readonly reusedTokens: number;
  /** Prompt tokens that have to be evaluated, which is what it costs. */
  readonly newTokens: number;
  /** Why a saved state was not used, one sentence. */
  readonly problem?: string;
};

/** What a compaction left out of the context; the thread and the journal keep it. */
export type Dropped =
  | {
      readonly type: 'tool-result';
      readonly toolCallId: string;
      readonly name: string;
      readonly characters: number;
    }
  | { readonly type: 'thinking'; readonly messages: number; readonly characters: number }
  | { readonly type: 'turns'; readonly turns: number; readonly steps: number; readonly summary: string };

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
      /** Left out where the run goes on with a turn that another run began. */
      readonly message?: UserMessage;
      /** Default: it begins the thread. */
      readonly after?: RunPoint;
      /** The call of another run that this one answers: it is a sub-agent's. */
      readonly parent?: { readonly runId: string; readonly toolCallId: string };
      /** What the program that started it wants to find again when the run is gone on with. */
      readonly note?: JsonObject;
    }
  /** The run was cut off, and goes on behind what is in its journal. */
  | { readonly type: 'run-resume'; readonly agent: string; readonly seal: string }
  /** Said while the run worked, by the user or by the program, and taken in before this step. */
  | {
      readonly type: 'user-message';
      readonly step: number;
      readonly from: 'user' | 'program';
      readonly message: UserMessage;
    }
  /** The context was made shorter before this step. */
  | {
      readonly type: 'context-compact';
      readonly step: number;
      readonly dropped: readonly Dropped[];
      /** Tokens of the prompt before it, and the context's room for them. */
      readonly promptTokens: number;
      readonly roomTokens: number;
      /** What the model is given from now on. */
      readonly context: readonly Message[];
    }
  | { readonly type: 'step-start'; readonly step: number }
  | ({ readonly type: 'state-restore'; readonly step: number } & StateRestore)
  | {
      readonly type: 'step-end';
      readonly step: number;
      readonly message: AssistantMessage;
      readonly finish: FinishReason;
      readonly usage: Usage;
    }
  /** What the model had written of this step when it was stopped. The thread does not have it. */
  | { readonly type: 'step-abort'; readonly step: number; readonly thinking: string; readonly text: string }
  /** The engine's process died; the step is tried once more in a new one. */
  | { readonly type: 'engine-restart'; readonly reason: string }
  | { readonly type: 'approval-start'; readonly toolCall: ToolCall; readonly reason: string }
  | { readonly type: 'approval-end'; readonly toolCallId: string; readonly decision: 'allow' | 'deny' }
  /** The intent: written before the call is made. */
  | { readonly type: 'tool-call-start'; readonly toolCall: ToolCall }
  /** A tool asked the model something in a context of its own. */
  | {
      readonly type: 'ask-end';
      readonly toolCallId: string;
      readonly text: string;
      readonly finish: FinishReason;
      readonly usage: Usage;
    }
  | { readonly type: 'tool-call-end'; readonly result: ToolResult; readonly durationMs: number }
  /** The model's state was saved beside the thread, or why not. */
  | { readonly type: 'state-save'; readonly bytes: number; readonly problem?: string }
  | {
      readonly type: 'run-end';
      readonly stopReason: StopReason;
      readonly steps: number;
      /** Of all steps, and of what tools asked the model; not of sub-agents, whose runs tell theirs. */
      readonly usage: Usage;
      /** What was said while the run worked, and came too late for it. */
      readonly unread?: readonly UserMessage[];
      /** The structured answer, where one was asked for. */
      readonly output?: JsonValue;
      /** One plain sentence, when the run did not end as `done`. */
      readonly reason?: string;
    };

export type RunDelta =
  | { readonly type: 'thinking-delta'; readonly text: string }
  | { readonly type: 'text-delta'; readonly text: string }
  /** How far the prompt of this step is evaluated. */
  | { readonly type: 'prompt-delta'; readonly evaluatedTokens: number; readonly newTokens: number }
  /** A tool says how far it is, in one line. */
  | { readonly type: 'tool-delta'; readonly toolCallId: string; readonly text: string }
  /** What happens in the run of a sub-agent; its own journal keeps it. */
  | {
      readonly type: 'agent-event';
      readonly toolCallId: string;
      readonly agent: string;
      readonly event: RunEvent;
    };

export type RunEvent = RunFact | RunDelta;

export const noUsage: Usage = {
  evaluatedTokens: 0,
  reusedTokens: 0,
  generatedTokens: 0,
  timeToFirstTokenMs: 0,
  tokensPerSecond: 0,
};
