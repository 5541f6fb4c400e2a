import type { Engine, Generation } from '../engine/engine.ts';
import { toSampling } from '../engine/to-sampling.ts';
import { GenerationError } from '../errors.ts';
import type { FinishReason, RunFact } from '../events.ts';
import { userMessage } from '../messages.ts';
import { render } from '../qwen/render.ts';
import type { Question } from '../tool/define-tool.ts';

const DEFAULT_MAX_TOKENS = 512;

type AskOptions = {
  readonly engine: Engine;
  readonly toolCallId: string;
  readonly signal: AbortSignal;
  readonly emit: (fact: RunFact) => void;
};

const CUT_OFF: Record<Exclude<FinishReason, 'stop'>, string> = {
  maxTokens: 'it reached its limit of tokens',
  contextFull: 'the context is full',
  repetition: 'it repeated itself',
  strayToken: 'it wrote a token that only the program may write',
};

/** One answer in a context of its own: no tools, no thought, no history. */
export function answerAside(
  engine: Engine,
  { instructions, text, maxTokens }: Required<Question>,
  signal: AbortSignal,
): Promise<Generation> {
  const request = {
    prompt: render({ instructions, messages: [userMessage(text)], thinking: false }),
    tools: [],
    thinking: false,
    maxTokens,
    leaveTokens: maxTokens,
    sampling: toSampling(false, engine.model.sampling),
  };
  return engine.generate(request, { signal });
}

/** Puts a tool's question to the model. */
export async function askModel(
  { instructions, text, maxTokens = DEFAULT_MAX_TOKENS }: Question,
  { engine, toolCallId, signal, emit }: AskOptions,
): Promise<string> {
  const generation = await answerAside(engine, { instructions, text, maxTokens }, signal);
  const { finish, usage } = generation;
  emit({ type: 'ask-end', toolCallId, text: generation.text, finish, usage });
  if (finish !== 'stop') throw new GenerationError({ problem: CUT_OFF[finish] });
  return generation.text;
}
