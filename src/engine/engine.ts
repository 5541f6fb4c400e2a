/**
 * The engine: what runs a model. One interface, whether a llama.cpp process or a script of given events is behind it.
 *
 * Contract: `generate` is given the whole prompt every time and finds out by itself what of it the model's state already
 * holds. Calls may overlap; the engine queues them. A failed or aborted call leaves the engine usable.
 */
import type { FinishReason, Usage } from '../events.ts';
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

export type GenerateOptions = {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ParseEvent) => void;
};

export interface Engine {
  readonly model: ModelFacts;
  /** Rejects with the signal's reason, `ContextOverflowError`, or `EngineCrashError`, after which the next call starts a
   * new process. */
  generate(request: GenerateRequest, options?: GenerateOptions): Promise<Generation>;
  /** The tokens that a prompt would be evaluated as. */
  tokenize(prompt: readonly Segment[]): Promise<readonly number[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Puts the parts of a message together from its events. */
export function collectMessage(
  events: readonly ParseEvent[],
): Pick<Generation, 'thinking' | 'text' | 'toolCalls'> {
  const joined = (type: 'thinking-delta' | 'text-delta') =>
    events.map((event) => (event.type === type ? event.text : '')).join('');
  return {
    thinking: joined('thinking-delta'),
    text: joined('text-delta'),
    toolCalls: events.flatMap((event) => (event.type === 'tool-call' ? [event.toolCall] : [])),
  };
}
