import {
  getLlama,
  type Llama,
  LlamaGrammarEvaluationState,
  LlamaLogLevel,
  type LlamaModel,
} from 'node-llama-cpp';
import type { JsonObject } from '../messages.ts';
import { answerGrammar } from '../qwen/answer-grammar.ts';
import { createTokenizer } from '../qwen/tokenize.ts';
import { toolGrammar } from '../qwen/tool-grammar.ts';
import type { ToolSpec } from '../tool/define-tool.ts';
import { createBeginnings } from './beginnings.ts';
import { createCheckpoints } from './checkpoints.ts';
import type { GenerateRequest } from './engine.ts';
import type { ModelContext } from './generate.ts';
import { CHECKPOINTS } from './memory-estimate.ts';
import type { LoadOptions } from './protocol.ts';
import { createRounds } from './rounds.ts';
import type { Grammars, StartGrammar } from './sample-options.ts';
import { createSavedStates, type SavedStates } from './saved-states.ts';
import { createSequences } from './sequences.ts';
import { stateKey } from './state-key.ts';

export type LoadedModel = ModelContext & {
  readonly grammarsFor: (request: GenerateRequest) => Promise<Grammars>;
};

/** Grammars that stay compiled: those of the agents that work side by side. */
const GRAMMARS = 16;

export async function loadModel(options: LoadOptions): Promise<LoadedModel> {
  const { specials, parallel } = options;
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
    sequences: parallel,
    // The library's own default is four at least: more threads than cores wait for each other at every operation, and two
    // cores then wrote 0.2 tokens a second instead of 14.
    threads: options.threads ?? llama.cpuMathCores,
    experimentalKvCacheKeyType: cacheType,
    experimentalKvCacheValueType: cacheType,
    ...(llama.gpu === false && {
      flashAttention: options.attention.flash,
      batchSize: options.attention.batchTokens,
    }),
  });
  const slots = Array.from({ length: parallel }, () => {
    const sequence = context.getSequence({
      checkpoints: { max: CHECKPOINTS.max, maxMemory: options.checkpointBytes, interval: false },
    });
    return { sequence, checkpoints: createCheckpoints(sequence) };
  });
  const states = await openStates(options, llama);
  const encode = (text: string) => model.tokenize(text, false);
  return {
    contextTokens: context.contextSize,
    sequences: createSequences(slots, states),
    rounds: createRounds(),
    beginnings: createBeginnings(states),
    specials,
    tokenizer: createTokenizer({ specials, encode, prompts: parallel }),
    tokenizeAside: createTokenizer({ specials, encode }),
    grammarsFor: createGrammars(llama, model),
  };
}

async function openStates(
  { states, kvCache, parallel, attention }: LoadOptions,
  { gpu }: Llama,
): Promise<SavedStates | undefined> {
  if (!states) return undefined;
  const { folder, maxBytes, model } = states;
  const modelKey = await stateKey({ model, kvCache, gpu, parallel, flash: attention.flash });
  return createSavedStates({ folder, maxBytes, modelKey });
}

/** Compiles the grammar of a tool set, and that of an answer, once, as long as they are used. */
function createGrammars(llama: Llama, model: LlamaModel): LoadedModel['grammarsFor'] {
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
  const made = new Map<string, Promise<Value>>();
  return (input) => {
    const key = JSON.stringify(input);
    const value = made.get(key) ?? make(input);
    // What was used last stands last; one that failed is made again.
    made.delete(key);
    made.set(key, value);
    value.catch(() => made.delete(key));
    const [oldest] = made.keys();
    if (made.size > GRAMMARS && oldest !== undefined) made.delete(oldest);
    return value;
  };
}
