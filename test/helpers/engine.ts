/** The real engine with the bundled model, and what a test does to it. */
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { join } from 'node:path';
import type { Engine, GenerateRequest, Generation } from '../../src/engine/engine.ts';
import { LlamaEngine, type LlamaEngineOptions } from '../../src/engine/llama-engine.ts';
import { userMessage } from '../../src/messages.ts';
import { type RenderInput, render, type Segment } from '../../src/qwen/render.ts';

export const BUNDLED_MODEL = join(import.meta.dirname, '../../models/tiny-qwen3.5.gguf');
export const GREEDY = { temperature: 0, topP: 1, topK: 40, presencePenalty: 0 };

export type TestEngine = LlamaEngine & {
  /** The model's processes, the running one last. */
  readonly children: readonly ChildProcess[];
};

export async function createTestEngine(options: Partial<LlamaEngineOptions> = {}): Promise<TestEngine> {
  const children: ChildProcess[] = [];
  const watch = (message: unknown) => void children.push((message as { process: ChildProcess }).process);
  subscribe('child_process', watch);
  const engine = await LlamaEngine.create({
    path: BUNDLED_MODEL,
    contextTokens: 4096,
    sampling: GREEDY,
    ...options,
  });
  const dispose = engine[Symbol.asyncDispose].bind(engine);
  return Object.assign(engine, {
    children,
    async [Symbol.asyncDispose]() {
      unsubscribe('child_process', watch);
      await dispose();
    },
  });
}

type RequestOptions = Partial<RenderInput & GenerateRequest>;

/** A request as the loop makes it, for one user message or for the given ones. */
export function requestOf(options: RequestOptions = {}): GenerateRequest {
  const { messages = [userMessage('Do it.')], tools = [], thinking = true } = options;
  const { thinkingBudget, maxTokens, sampling = GREEDY, forcedTokens } = options;
  const specs = tools.map(({ name, description, parameters }) => ({ name, description, parameters }));
  const prompt = options.prompt ?? render({ ...options, messages, tools: specs, thinking });
  return {
    prompt,
    tools: specs,
    thinking,
    sampling,
    ...(thinkingBudget !== undefined && { thinkingBudget }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(forcedTokens && { forcedTokens }),
  };
}

/** Tokens of what a model writes, tags as their special tokens; a tag in `⟨ ⟩` is plain text. */
export function tokensOf(engine: Engine, text: string): Promise<readonly number[]> {
  const segments = text.split(/(⟨[^⟩]*⟩)/).map((part, index): Segment => {
    const isPlain = index % 2 === 1;
    return { text: isPlain ? `<${part.slice(1, -1)}>` : part, trusted: !isPlain };
  });
  return engine.tokenize(segments);
}

export type ForcedEngine = Engine & {
  /** What was asked, in order. */
  readonly requests: readonly GenerateRequest[];
  readonly generations: readonly Generation[];
};

/** The engine, made to write the given messages, one a call; after the last it is left to itself. */
export function forceMessages(engine: Engine, messages: readonly string[]): ForcedEngine {
  const requests: GenerateRequest[] = [];
  const generations: Generation[] = [];
  return {
    model: engine.model,
    requests,
    generations,
    async generate(request, options) {
      const text = messages[requests.length];
      requests.push(request);
      const forced = text === undefined ? {} : { forcedTokens: await tokensOf(engine, text) };
      const generation = await engine.generate({ ...request, ...forced }, options);
      generations.push(generation);
      return generation;
    },
    tokenize: (prompt) => engine.tokenize(prompt),
    saveState: (session) => engine.saveState(session),
    forget: (session) => engine.forget(session),
    async [Symbol.asyncDispose]() {},
  };
}
