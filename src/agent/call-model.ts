import type { Engine, EngineEvent, GenerateRequest, Sampling } from '../engine/engine.ts';
import { CARD_SAMPLING } from '../engine/sampling.ts';
import { EngineCrashError } from '../errors.ts';
import type { RunEvent } from '../events.ts';
import type { Message } from '../messages.ts';
import { type History, render } from '../qwen/render.ts';
import type { AnswerForm } from './answer-form.ts';
import type { Agent } from './define-agent.ts';
import type { ModelAnswer, ModelInput } from './run-context.ts';

type CallModelOptions = {
  readonly agent: Agent;
  readonly engine: Engine;
  /** Whose state of the model it is. */
  readonly threadId: string;
  readonly history: History;
  readonly form: AnswerForm | undefined;
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
};

/** One model call. An engine whose process dies is tried once more, in a new one: the step has had no effect yet. */
export async function callModel(input: ModelInput, options: CallModelOptions): Promise<ModelAnswer> {
  const { engine, signal, emit } = options;
  const { step } = input;
  for (const { from, message } of input.added) emit({ type: 'user-message', step, from, message });
  emit({ type: 'step-start', step });
  const request = toRequest(input.messages, input, options);
  const onEvent = (event: EngineEvent) => {
    if (event.type === 'state-restore') emit({ ...event, step });
    else if (event.type !== 'tool-call') emit(event);
  };
  const { tokens, finish, usage, toolCalls, ...message } = await engine
    .generate(request, { signal, onEvent })
    .catch((error: unknown) => {
      if (!(error instanceof EngineCrashError)) throw error;
      emit({ type: 'engine-restart', reason: error.message });
      return engine.generate(request, { signal, onEvent });
    });
  const { thinking } = request;
  const answer: ModelAnswer['message'] = {
    role: 'assistant',
    thinking: message.thinking,
    text: message.text,
    toolCalls: toolCalls.map((toolCall, index) => ({ id: `call_${step}_${index + 1}`, ...toolCall })),
    ...(tokens.length > 0 && { generated: { model: engine.model.fingerprint, thinking, tokens } }),
  };
  emit({ type: 'step-end', step, message: answer, finish, usage });
  return { message: answer, finish };
}

/** The tools stand in the prompt in any case, so that the state that is there serves; a message that has to be the answer
 * in its form can call none, and was thought about before. */
function toRequest(
  messages: readonly Message[],
  { isForming }: ModelInput,
  { agent, engine, threadId, history, form }: CallModelOptions,
): GenerateRequest {
  const { instructions, tools = [], limits } = agent;
  const isAfterwards = isForming && !form?.isDirect;
  const thinking = (agent.thinking ?? 'on') !== 'off' && !isAfterwards;
  const model = engine.model.fingerprint;
  return {
    session: threadId,
    prompt: render({ instructions, tools, messages, thinking, history, model }),
    tools: isForming
      ? []
      : tools.map(({ name, description, accepts }) => ({ name, description, parameters: accepts })),
    thinking,
    ...(isForming && form && { answer: form.schema }),
    ...(typeof agent.thinking === 'number' && { thinkingBudget: agent.thinking }),
    ...(limits?.maxTokens !== undefined && { maxTokens: limits.maxTokens }),
    sampling: toSampling(thinking, engine.model.sampling),
  };
}

export function toSampling(thinking: boolean, own: Partial<Sampling>): Sampling {
  return { ...(thinking ? CARD_SAMPLING.thinking : CARD_SAMPLING.answering), ...own };
}
