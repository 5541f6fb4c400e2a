/**
 * The engine: what runs a model. One interface, whether a llama.cpp process or a script of given events is behind it.
 *
 * Contract: `generate` is given the whole prompt every time and finds out by itself what of it the model's state already
 * holds. Calls may overlap: so many as the engine has sequences are worked on at once, the others wait. A failed or
 * aborted call leaves the engine usable.
 */
import type { FinishReason, StateRestore, Usage } from '../events.ts';
import type { JsonObject } from '../messages.ts';
import type { ParsedCall, ParseEvent } from '../qwen/parse.ts';
import type { Segment } from '../qwen/render.ts';
import type { ToolSpec } from '../tool/define-tool.ts';

export type ModelFacts = {
  readonly name: string;
  readonly path: string;
  /** Names the file's content: tokens and states are good for this model only. */
  readonly fingerprint: string;
  readonly contextTokens: number;
  /** What departs from the model card's sampling. */
  readonly sampling: Partial<Sampling>;
};

export type Sampling = {
  /** 0 takes the likeliest token each time. */
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  /** Taken from what was already written in this message, outside of calls. */
  readonly presencePenalty: number;
  /** Repeats a run to the letter on the same machine. Default: another one every time. */
  readonly seed?: number;
};

export type GenerateRequest = {
  readonly prompt: readonly Segment[];
  /** Whose conversation this is: the thread's id. Its state is kept from call to call, in memory or on disk. Default: a
   * conversation of its own, forgotten afterwards. */
  readonly session?: string;
  /** JSON Schema of the answer: the text is JSON of it, the thought stays free. Only without tools. */
  readonly answer?: JsonObject;
  /** So many tokens of the context have to be left for the answer, or the call is refused as an overflow. Default: 16. */
  readonly leaveTokens?: number;
  /** What may be called: the grammar and the parser go by it. */
  readonly tools: readonly ToolSpec[];
  /** Whether the prompt ends inside an open thought. */
  readonly thinking: boolean;
  /** Tokens after which an open thought is closed for the model. Default: none. */
  readonly thinkingBudget?: number;
  /** Default: what the context has room for. */
  readonly maxTokens?: number;
  readonly sampling: Sampling;
  /** For tests: these tokens are taken as generated, whatever the model would say, and no grammar holds them; after the
   * last one the model goes on by itself. */
  readonly forcedTokens?: readonly number[];
};

export type Generation = {
  readonly thinking: string;
  readonly text: string;
  readonly toolCalls: readonly ParsedCall[];
  /** What the model's state holds of this message, the end-of-message token left out. */
  readonly tokens: readonly number[];
  readonly finish: FinishReason;
  readonly usage: Usage;
};

/** What an engine tells while it works. */
export type EngineEvent =
  | ParseEvent
  /** Before the prompt is evaluated, where the session's state was not simply gone on with. */
  | ({ readonly type: 'state-restore' } & StateRestore)
  | { readonly type: 'prompt-delta'; readonly evaluatedTokens: number; readonly newTokens: number };

export type GenerateOptions = {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: EngineEvent) => void;
};

/** What of a session's state was written to the disk: nothing where the engine has no folder for it. */
export type SavedState = { readonly bytes: number; readonly problem?: string };

export interface Engine {
  readonly model: ModelFacts;
  /** Rejects with the signal's reason, `ContextOverflowError`, or `EngineCrashError`, after which the next call starts a
   * new process; once the engine is disposed of with `GenerationError`, and nothing is started. */
  generate(request: GenerateRequest, options?: GenerateOptions): Promise<Generation>;
  /** The tokens that a prompt would be evaluated as. */
  tokenize(prompt: readonly Segment[]): Promise<readonly number[]>;
  /** Saves the state of a session for a later process. Never rejects: what went wrong is the `problem`. Nothing where
   * states are not saved, or the session has none. */
  saveState(session: string): Promise<SavedState | undefined>;
  /** Drops the state of a session that nobody goes on with, on the disk too. Never rejects. */
  forget(session: string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Puts the parts of a message together from its events. */
export function collectMessage(
  events: readonly EngineEvent[],
): Pick<Generation, 'thinking' | 'text' | 'toolCalls'> {
  const joined = (type: 'thinking-delta' | 'text-delta') =>
    events.map((event) => (event.type === type ? event.text : '')).join('');
  return {
    thinking: joined('thinking-delta'),
    text: joined('text-delta'),
    toolCalls: events.flatMap((event) => (event.type === 'tool-call' ? [event.toolCall] : [])),
  };
}
