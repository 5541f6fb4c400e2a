import type { Engine, Sampling } from '../engine/engine.ts';
import { CARD_SAMPLING } from '../engine/sampling.ts';
import { EngineCrashError } from '../errors.ts';
import type { RunEvent, Usage } from '../events.ts';
import type { Message } from '../messages.ts';
import type { ParseEvent } from '../qwen/parse.ts';
import { type History, render } from '../qwen/render.ts';
import type { Agent } from './define-agent.ts';
import type { ModelAnswer } from './run-context.ts';

type CallModelOptions = {
  readonly agent: Agent;
  readonly engine: Engine;
  readonly history: History;
  readonly step: number;
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
};

/** One model call. An engine whose process dies is tried once more, in a new one: the step has had no effect yet. */
export async function callModel(
  messages: readonly Message[],
  options: CallModelOptions,
): Promise<ModelAnswer & { usage: Usage }> {
  const { agent, engine, history, step, signal, emit } = options;
  const thinking = (agent.thinking ?? 'on') !== 'off';
  const tools = agent.tools ?? [];
  const request = {
    prompt: render({
      instructions: agent.instructions,
      tools,
      messages,
      thinking,
      history,
      model: engine.model.fingerprint,
    }),
    tools: tools.map(({ name, description, accepts }) => ({ name, description, parameters: accepts })),
    thinking,
    ...(typeof agent.thinking === 'number' && { thinkingBudget: agent.thinking }),
    ...(agent.limits?.maxTokens !== undefined && { maxTokens: agent.limits.maxTokens }),
    sampling: toSampling(thinking, engine.model.sampling),
  };
  const onEvent = (event: ParseEvent) => {
    if (event.type !== 'tool-call') emit(event);
  };
  emit({ type: 'step-start', step });
  const { tokens, finish, usage, toolCalls, ...message } = await engine
    .generate(request, { signal, onEvent })
    .catch((error: unknown) => {
      if (!(error instanceof EngineCrashError)) throw error;
      emit({ type: 'engine-restart', reason: error.message });
      return engine.generate(request, { signal, onEvent });
    });
  const answer: ModelAnswer['message'] = {
    role: 'assistant',
    thinking: message.thinking,
    text: message.text,
    toolCalls: toolCalls.map((toolCall, index) => ({ id: `call_${step}_${index + 1}`, ...toolCall })),
    ...(tokens.length > 0 && { generated: { model: engine.model.fingerprint, thinking, tokens } }),
  };
  emit({ type: 'step-end', step, message: answer, finish, usage });
  return { message: answer, finish, usage };
}

function toSampling(thinking: boolean, own: Partial<Sampling>): Sampling {
  return { ...(thinking ? CARD_SAMPLING.thinking : CARD_SAMPLING.answering), ...own };
}
