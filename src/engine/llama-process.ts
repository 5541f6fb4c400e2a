/**
 * The model's process: the only importer of node-llama-cpp that runs it.
 *
 * It is a process of its own since a native crash must not take the program along, and since llama.cpp generates a
 * quarter faster when its evaluations have the only thread of the libuv pool (UV_THREADPOOL_SIZE=1).
 */

import {
  getLlama,
  type Llama,
  type LlamaContextSequence,
  LlamaGrammarEvaluationState,
  LlamaLogLevel,
  type LlamaModel,
  NoBinaryFoundError,
} from 'node-llama-cpp';
import { firstLine } from '../errors.ts';
import type { JsonObject } from '../messages.ts';
import { answerGrammar } from '../qwen/answer-grammar.ts';
import { createTokenizer, type SpecialToken, type Tokenizer } from '../qwen/tokenize.ts';
import { toolGrammar } from '../qwen/tool-grammar.ts';
import type { ToolSpec } from '../tool/define-tool.ts';
import { type Checkpoints, createCheckpoints } from './checkpoints.ts';
import type { GenerateRequest } from './engine.ts';
import { type Grammars, generate, PromptOverflow, type StartGrammar } from './generate.ts';
import { CHECKPOINTS } from './memory-estimate.ts';
import type { FromProcess, LoadOptions, ToProcess } from './protocol.ts';

type Loaded = {
  readonly sequence: LlamaContextSequence;
  readonly checkpoints: Checkpoints;
  readonly specials: readonly SpecialToken[];
  /** Of prompts: remembers the last one. */
  readonly tokenizer: Tokenizer;
  /** Of anything else. */
  readonly tokenizeAside: Tokenizer;
  readonly grammarsFor: (request: GenerateRequest) => Promise<Grammars>;
};

class Aborted extends Error {}

let loaded: Loaded | undefined;
let queue: Promise<void> = Promise.resolve();
const aborted = new Set<number>();

const send = (message: FromProcess) => process.send?.(message);

process.on('disconnect', () => process.exit());
// Where it shares the program's terminal (Windows), the program decides what Ctrl-C means.
process.on('SIGINT', () => {});
process.on('message', (message: ToProcess) => {
  if (message.type === 'abort') aborted.add(message.id);
  else queue = queue.then(() => handle(message));
});

async function handle(message: Exclude<ToProcess, { type: 'abort' }>): Promise<void> {
  if (message.type === 'load') {
    try {
      loaded = await load(message.options);
      send({ type: 'loaded' });
    } catch (error) {
      send({ type: 'load-failed', problem: problemOf(error, message.options) });
    }
    return;
  }
  const { id } = message;
  try {
    if (!loaded) throw new Error('no model is loaded');
    if (message.type === 'save-state') send({ type: 'state-saved', id, saved: undefined });
    else if (message.type === 'tokenize') {
      send({ type: 'tokenized', id, tokens: loaded.tokenizeAside(message.prompt).tokens });
    } else {
      const end = await generate(message.request, {
        ...loaded,
        grammars: await loaded.grammarsFor(message.request),
        checkAbort: () => {
          if (aborted.has(id)) throw new Aborted();
        },
        onEvent: (event) => send({ type: 'event', id, event }),
      });
      send({ type: 'generated', id, end });
    }
  } catch (error) {
    if (error instanceof Aborted) send({ type: 'aborted', id });
    else if (error instanceof PromptOverflow)
      send({ type: 'overflow', id, promptTokens: error.promptTokens });
    else send({ type: 'failed', id, problem: firstLine(error) });
  } finally {
    aborted.delete(id);
  }
}

async function load(options: LoadOptions): Promise<Loaded> {
  const llama = await getLlama({
    gpu: options.gpu,
    build: 'never',
    logLevel: LlamaLogLevel.error,
    progressLogs: false,
  });
  const model = await llama.loadModel({ modelPath: options.path, ignoreMemorySafetyChecks: true });
  const cacheType = options.kvCache === 'f16' ? 'F16' : options.kvCache === 'q8_0' ? 'Q8_0' : 'Q4_0';
  const context = await model.createContext({
    contextSize: options.contextTokens,
    sequences: 1,
    // The library's own default is four at least: more threads than cores wait for each other at every operation, and two
    // cores then wrote 0.2 tokens a second instead of 14.
    threads: options.threads ?? llama.cpuMathCores,
    experimentalKvCacheKeyType: cacheType,
    experimentalKvCacheValueType: cacheType,
  });
  const { specials } = options;
  const encode = (text: string) => model.tokenize(text, false);
  const sequence = context.getSequence({
    checkpoints: { max: CHECKPOINTS.max, maxMemory: CHECKPOINTS.maxBytes, interval: false },
  });
  return {
    sequence,
    checkpoints: createCheckpoints(sequence),
    specials,
    tokenizer: createTokenizer({ specials, encode }),
    tokenizeAside: createTokenizer({ specials, encode }),
    grammarsFor: createGrammars(llama, model),
  };
}

/** Compiles the grammar of a tool set, and that of an answer, once, as long as it stays the same. */
function createGrammars(llama: Llama, model: LlamaModel): Loaded['grammarsFor'] {
  const compile = async (gbnf: string): Promise<StartGrammar> => {
    const grammar = await llama.createGrammar({ grammar: gbnf });
    return () => new LlamaGrammarEvaluationState({ model, grammar });
  };
  const call = keepLast((tools: readonly ToolSpec[]) => compile(toolGrammar(tools).gbnf));
  const answer = keepLast((schema: JsonObject) => compile(answerGrammar(schema)));
  const free: StartGrammar = () => undefined;
  return async (request) => ({
    call: request.tools.length > 0 ? await call(request.tools) : free,
    answer: request.answer ? await answer(request.answer) : free,
  });
}

function keepLast<Input, Value>(make: (input: Input) => Promise<Value>): (input: Input) => Promise<Value> {
  let last: { readonly key: string; readonly value: Value } | undefined;
  return async (input) => {
    const key = JSON.stringify(input);
    if (last?.key !== key) last = { key, value: await make(input) };
    return last.value;
  };
}

function problemOf(error: unknown, { gpu }: LoadOptions): string {
  if (!(error instanceof NoBinaryFoundError)) return firstLine(error);
  return `there is no build of llama.cpp for gpu ${JSON.stringify(gpu)} on this machine; leave model.gpu out.`;
}
