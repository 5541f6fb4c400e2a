import type { Engine } from '../engine/engine.ts';
import type { RunFact } from '../events.ts';
import { userMessage } from '../messages.ts';
import { render } from '../qwen/render.ts';
import type { Question } from '../tool/define-tool.ts';
import { toSampling } from './call-model.ts';

const DEFAULT_MAX_TOKENS = 512;

type AskOptions = {
  readonly engine: Engine;
  readonly toolCallId: string;
  readonly signal: AbortSignal;
  readonly emit: (fact: RunFact) => void;
};

/** Puts a tool's question to the model, in a context of its own: no tools, no thought, no history. */
export async function askModel(
  { instructions, text, maxTokens = DEFAULT_MAX_TOKENS }: Question,
  { engine, toolCallId, signal, emit }: AskOptions,
): Promise<string> {
  const generation = await engine.generate(
    {
      prompt: render({ instructions, messages: [userMessage(text)], thinking: false }),
      tools: [],
      thinking: false,
      maxTokens,
      leaveTokens: maxTokens,
      sampling: toSampling(false, engine.model.sampling),
    },
    { signal },
  );
  const { finish, usage } = generation;
  emit({ type: 'ask-end', toolCallId, text: generation.text, finish, usage });
  return generation.text;
}
