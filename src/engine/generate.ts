/** One message, token by token, in the model's process: sampling, grammar, stop rules and parsing side by side. */
import type {
  LlamaContextSequence,
  LlamaGrammarEvaluationState,
  SequenceEvaluateOptions,
  Token,
} from 'node-llama-cpp';
import type { FinishReason } from '../events.ts';
import type { ParseEvent } from '../qwen/parse.ts';
import type { SpecialToken, Tokenizer } from '../qwen/tokenize.ts';
import type { GenerateRequest } from './engine.ts';
import { evaluatePrompt } from './evaluate-prompt.ts';
import { createMessageWriter, type MessageWriter } from './message-writer.ts';
import type { GenerationEnd } from './protocol.ts';

export type GenerateContext = {
  readonly sequence: LlamaContextSequence;
  readonly tokenizer: Tokenizer;
  readonly tokenizeAside: Tokenizer;
  readonly specials: readonly SpecialToken[];
  /** A new state of the grammar of the request's calls; nothing where nothing may be called. */
  readonly startGrammar: () => LlamaGrammarEvaluationState | undefined;
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

export async function generate(request: GenerateRequest, context: GenerateContext): Promise<GenerationEnd> {
  const { sequence, checkAbort } = context;
  const started = performance.now();
  const prompt = context.tokenizer(request.prompt);
  const room = sequence.contextSize - 2 - prompt.tokens.length;
  if (room < SMALLEST_ANSWER) throw new PromptOverflow(prompt.tokens.length);

  const batchTokens = sequence.context.batchSize;
  const evaluated = await evaluatePrompt(sequence, prompt, { batchTokens, checkAbort });
  const writer = createMessageWriter(request, {
    ...context,
    decode: (tokens) => sequence.model.detokenize(tokens as Token[]),
    isEndOfMessage: (token) => sequence.model.isEogToken(token as Token),
  });
  const limit = Math.min(request.maxTokens ?? room, room);
  const stream = sequence.evaluate(evaluated.rest, toEvaluateOptions(request, writer, context.startGrammar));
  let sampled = 0;
  let firstToken = 0;
  let finish: FinishReason | undefined;
  let next: readonly number[] | undefined;
  try {
    while (finish === undefined) {
      checkAbort();
      const { value, done } = await stream.next(next as Token[] | undefined);
      if (done || value === undefined) throw new Error('the model stopped without ending its message');
      if (sampled === 0) firstToken = performance.now();
      const taken = writer.take(request.forcedTokens?.[sampled] ?? value);
      sampled += 1;
      if ('finish' in taken) finish = taken.finish;
      else if (writer.tokens.length >= limit) finish = limit === room ? 'contextFull' : 'maxTokens';
      else next = taken.next;
    }
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
      generatedTokens: sampled,
      timeToFirstTokenMs: firstToken - started,
      tokensPerSecond: sampled > 1 ? ((sampled - 1) * 1000) / (performance.now() - firstToken) : 0,
    },
  };
}

function toEvaluateOptions(
  { sampling, forcedTokens }: GenerateRequest,
  writer: MessageWriter,
  startGrammar: GenerateContext['startGrammar'],
): SequenceEvaluateOptions {
  const { temperature, topP, topK, presencePenalty, seed } = sampling;
  let grammar: LlamaGrammarEvaluationState | undefined;
  return {
    temperature,
    topP,
    topK,
    minP: 0,
    ...(seed !== undefined && { seed }),
    grammarEvaluationState: () => {
      if (writer.channel !== 'call' || forcedTokens) grammar = undefined;
      else grammar ??= startGrammar();
      return grammar;
    },
    ...(presencePenalty > 0 && {
      repeatPenalty: {
        punishTokens: () =>
          writer.channel === 'call' ? [] : (writer.tokens.slice(-PENALTY_WINDOW) as Token[]),
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
