/** One message, token by token, in the model's process: sampling, grammar, stop rules and parsing side by side. */
import type { Token } from 'node-llama-cpp';
import type { FinishReason } from '../events.ts';
import type { PromptTokens, SpecialToken, Tokenizer } from '../qwen/tokenize.ts';
import type { Beginnings } from './beginnings.ts';
import type { EngineEvent, GenerateRequest } from './engine.ts';
import { type EvaluatedPrompt, evaluatePrompt } from './evaluate-prompt.ts';
import { createMessageWriter } from './message-writer.ts';
import type { GenerationEnd } from './protocol.ts';
import type { Rounds } from './rounds.ts';
import { type Grammars, toSampleOptions } from './sample-options.ts';
import type { Sequences, Slot } from './sequences.ts';

/** What all calls share. */
export type ModelContext = {
  /** Of one sequence. */
  readonly contextTokens: number;
  readonly sequences: Sequences;
  readonly rounds: Rounds;
  readonly beginnings: Beginnings;
  readonly specials: readonly SpecialToken[];
  /** Of prompts: remembers the last ones. */
  readonly tokenizer: Tokenizer;
  /** Of anything else. */
  readonly tokenizeAside: Tokenizer;
};

export type GenerateContext = ModelContext & {
  /** New states of the request's grammars. */
  readonly grammars: Grammars;
  readonly signal: AbortSignal;
  readonly onEvent: (event: EngineEvent) => void;
};

type SlotContext = GenerateContext & Slot;

type Prepared = {
  readonly prompt: PromptTokens;
  /** Tokens that the context has left for the message. */
  readonly room: number;
  readonly started: number;
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
/** Forced tokens need not be waited for one by one. */
const FORCED_BATCH = 512;

/** Waits for a sequence, brings it to the prompt, and writes the message. */
export async function generate(request: GenerateRequest, context: GenerateContext): Promise<GenerationEnd> {
  const started = performance.now();
  const prompt = context.tokenizer(request.prompt);
  const room = context.contextTokens - 2 - prompt.tokens.length;
  if (room < (request.leaveTokens ?? SMALLEST_ANSWER)) throw new PromptOverflow(prompt.tokens.length);
  const { session } = request;
  const { tokens } = prompt;
  const { sequences, signal } = context;
  const wanted = { tokens, signal, ...(session !== undefined && { session }) };
  return sequences.use(wanted, (slot) =>
    writeMessage(request, { prompt, room, started }, { ...context, ...slot }),
  );
}

function bringToPrompt(
  prompt: PromptTokens,
  session: string | undefined,
  { sequence, checkpoints, rounds, beginnings, signal, onEvent }: SlotContext,
): Promise<EvaluatedPrompt> {
  return beginnings(prompt, signal, (states) =>
    evaluatePrompt(sequence, prompt, {
      checkpoints,
      states,
      session,
      rounds,
      batchTokens: sequence.context.batchSize,
      checkAbort: () => signal.throwIfAborted(),
      onRestore: (restore) => onEvent({ type: 'state-restore', ...restore }),
      onProgress: (evaluatedTokens, newTokens) =>
        onEvent({ type: 'prompt-delta', evaluatedTokens, newTokens }),
    }),
  );
}

async function writeMessage(
  request: GenerateRequest,
  { prompt, room, started }: Prepared,
  context: SlotContext,
): Promise<GenerationEnd> {
  const { sequence, rounds, signal } = context;
  const evaluated = await bringToPrompt(prompt, request.session, context);
  const writer = createMessageWriter(request, {
    ...context,
    decode: (tokens) => sequence.model.detokenize(tokens as Token[]),
    isEndOfMessage: (token) => sequence.model.isEogToken(token as Token),
  });
  const limit = Math.min(request.maxTokens ?? room, room);
  const stream = sequence.evaluate(evaluated.rest, toSampleOptions(request, writer, context));
  const { forcedTokens = [] } = request;
  let sampled = 0;
  let generated = 0;
  let firstToken = 0;
  let finish: FinishReason | undefined;
  let unevaluated: number[] = [];
  const sample = async () => {
    const { value, done } = await rounds(() => stream.next(unevaluated as Token[]));
    if (done || value === undefined) throw new Error('the model stopped without ending its message');
    if (generated === 0) firstToken = performance.now();
    unevaluated = [];
    sampled = value;
  };
  try {
    while (finish === undefined) {
      signal.throwIfAborted();
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
