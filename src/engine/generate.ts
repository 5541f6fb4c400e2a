/** One message, token by token, in the model's process: sampling, grammar, stop rules and parsing side by side. */
import { randomInt } from 'node:crypto';
import type {
  LlamaContextSequence,
  LlamaGrammarEvaluationState,
  SequenceEvaluateOptions,
  Token,
} from 'node-llama-cpp';
import type { FinishReason } from '../events.ts';
import type { ParseEvent } from '../qwen/parse.ts';
import type { SpecialToken, Tokenizer } from '../qwen/tokenize.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { GenerateRequest } from './engine.ts';
import { evaluatePrompt } from './evaluate-prompt.ts';
import { createMessageWriter, type MessageWriter } from './message-writer.ts';
import type { GenerationEnd } from './protocol.ts';

export type StartGrammar = () => LlamaGrammarEvaluationState | undefined;

export type Grammars = {
  /** Of a call; nothing where nothing may be called. */
  readonly call: StartGrammar;
  /** Of the text; nothing where it is free. */
  readonly answer: StartGrammar;
};

export type GenerateContext = {
  readonly sequence: LlamaContextSequence;
  readonly checkpoints: Checkpoints;
  readonly tokenizer: Tokenizer;
  readonly tokenizeAside: Tokenizer;
  readonly specials: readonly SpecialToken[];
  /** New states of the request's grammars. */
  readonly grammars: Grammars;
  /** Throws once the call is aborted. */
  readonly checkAbort: () => void;
  readonly onEvent: (event: ParseEvent) => void;
};

/** The prompt does not fit the context. */
export class PromptOverflow extends Error {
  readonly promptTokens: number;
  constructor(promptTokens: number) {
    super('prompt overflow');
    this.promptTokens = promptTokens;
  }
}

/** Room that a prompt must leave for an answer, in tokens. */
const SMALLEST_ANSWER = 16;
/** The presence penalty looks at so many tokens of the message. */
const PENALTY_WINDOW = 1024;
/** Forced tokens need not be waited for one by one. */
const FORCED_BATCH = 512;

export async function generate(request: GenerateRequest, context: GenerateContext): Promise<GenerationEnd> {
  const { sequence, checkpoints, checkAbort } = context;
  const started = performance.now();
  const prompt = context.tokenizer(request.prompt);
  const room = sequence.contextSize - 2 - prompt.tokens.length;
  if (room < (request.leaveTokens ?? SMALLEST_ANSWER)) throw new PromptOverflow(prompt.tokens.length);

  const batchTokens = sequence.context.batchSize;
  const evaluated = await evaluatePrompt(sequence, prompt, { checkpoints, batchTokens, checkAbort });
  const writer = createMessageWriter(request, {
    ...context,
    decode: (tokens) => sequence.model.detokenize(tokens as Token[]),
    isEndOfMessage: (token) => sequence.model.isEogToken(token as Token),
  });
  const limit = Math.min(request.maxTokens ?? room, room);
  const stream = sequence.evaluate(evaluated.rest, toEvaluateOptions(request, writer, context.grammars));
  const { forcedTokens = [] } = request;
  let sampled = 0;
  let generated = 0;
  let firstToken = 0;
  let finish: FinishReason | undefined;
  let unevaluated: number[] = [];
  const sample = async () => {
    const { value, done } = await stream.next(unevaluated as Token[]);
    if (done || value === undefined) throw new Error('the model stopped without ending its message');
    if (generated === 0) firstToken = performance.now();
    unevaluated = [];
    sampled = value;
  };
  try {
    while (finish === undefined) {
      checkAbort();
      const forced = forcedTokens[generated];
      if (forced === undefined || generated % FORCED_BATCH === 0) await sample();
      const taken = writer.take(forced ?? sampled);
      generated += 1;
      if ('finish' in taken) finish = taken.finish;
      else if (writer.tokens.length >= limit) finish = limit === room ? 'contextFull' : 'maxTokens';
      else unevaluated.push(...taken.next);
    }
    if (unevaluated.length > 0) await sample();
  } finally {
    await stream.return();
  }
  writer.end();
  return {
    tokens: writer.tokens,
    finish,
    usage: {
      evaluatedTokens: evaluated.evaluatedTokens + writer.insertedTokens,
      reusedTokens: evaluated.reusedTokens,
      generatedTokens: generated,
      timeToFirstTokenMs: firstToken - started,
      tokensPerSecond: generated > 1 ? ((generated - 1) * 1000) / (performance.now() - firstToken) : 0,
    },
  };
}

function toEvaluateOptions(
  { sampling, forcedTokens, answer }: GenerateRequest,
  writer: MessageWriter,
  grammars: Grammars,
): SequenceEvaluateOptions {
  const { temperature, topP, topK, presencePenalty, seed = randomInt(2 ** 32) } = sampling;
  let channel: MessageWriter['channel'] | undefined;
  let grammar: LlamaGrammarEvaluationState | undefined;
  return {
    temperature,
    topP,
    topK,
    minP: 0,
    seed,
    grammarEvaluationState: () => {
      if (forcedTokens) return undefined;
      if (writer.channel !== channel) {
        channel = writer.channel;
        grammar = channel === 'thinking' ? undefined : grammars[channel === 'call' ? 'call' : 'answer']();
      }
      return grammar;
    },
    ...(presencePenalty > 0 && {
      repeatPenalty: {
        punishTokens: () =>
          writer.channel === 'call' || answer ? [] : (writer.tokens.slice(-PENALTY_WINDOW) as Token[]),
        penalty: 1,
        presencePenalty,
      },
    }),
    yieldEogToken: true,
    contextShift: {
      strategy: () => {
        throw new Error('the context is full');
      },
    },
  };
}
