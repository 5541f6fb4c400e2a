import { collectMessage, type Engine, type GenerateRequest, type Generation } from '../engine/engine.ts';
import { type FinishReason, noUsage } from '../events.ts';
import type { ParsedCall, ParseEvent } from '../qwen/parse.ts';

/** One message that the engine plays, or the error that it fails with. */
export type ScriptedMessage =
  | {
      readonly thinking?: string;
      readonly text?: string;
      readonly toolCalls?: readonly ParsedCall[];
      /** Default: `stop`. */
      readonly finish?: FinishReason;
    }
  | Error;

export type ScriptedEngine = Engine & {
  /** What was asked, in order. */
  readonly requests: readonly GenerateRequest[];
  /** Throws unless every message was played. */
  assertComplete(): void;
};

/** What is played for a request: where calls overlap, their order is not known. */
export type Script = (request: GenerateRequest) => ScriptedMessage;

/** An engine that plays given messages, one a call, or what a function says: for tests of agents and tools without a
 * model. */
export function createScriptedEngine(messages: readonly ScriptedMessage[] | Script): ScriptedEngine {
  const requests: GenerateRequest[] = [];
  return {
    model: {
      name: 'scripted',
      path: 'scripted',
      fingerprint: 'scripted',
      contextTokens: 32_768,
      sampling: {},
    },
    requests,
    async generate(request, { signal, onEvent } = {}): Promise<Generation> {
      signal?.throwIfAborted();
      const message = typeof messages === 'function' ? messages(request) : messages[requests.length];
      requests.push(request);
      if (message === undefined)
        throw new Error(`the script has ${messages.length} messages, and one more was asked for`);
      if (message instanceof Error) throw message;
      const events = toEvents(message);
      for (const event of events) onEvent?.(event);
      return { ...collectMessage(events), tokens: [], finish: message.finish ?? 'stop', usage: noUsage };
    },
    async tokenize(): Promise<readonly number[]> {
      return [];
    },
    async saveState() {
      return undefined;
    },
    async forget() {},
    assertComplete() {
      const left = typeof messages === 'function' ? 0 : messages.length - requests.length;
      if (left > 0) throw new Error(`${left} scripted messages were not asked for`);
    },
    async [Symbol.asyncDispose]() {},
  };
}

function toEvents({ thinking, text, toolCalls = [] }: Exclude<ScriptedMessage, Error>): ParseEvent[] {
  return [
    ...(thinking ? [{ type: 'thinking-delta', text: thinking } as const] : []),
    ...(text ? [{ type: 'text-delta', text } as const] : []),
    ...toolCalls.map((toolCall) => ({ type: 'tool-call', toolCall }) as const),
  ];
}
