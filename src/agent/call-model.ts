import type { Engine, GenerateRequest } from '../engine/engine.ts';
import { toSampling } from '../engine/to-sampling.ts';
import type { RunEvent } from '../events.ts';
import type { Message, UserMessage } from '../messages.ts';
import { type History, render } from '../qwen/render.ts';
import type { AnswerForm } from './answer-form.ts';
import type { Agent } from './define-agent.ts';
import { generateInRoom } from './generate-in-room.ts';
import type { ModelAnswer, ModelInput } from './run-context.ts';

type CallModelOptions = {
  readonly agent: Agent;
  readonly engine: Engine;
  /** Whose state of the model it is. */
  readonly threadId: string;
  readonly history: History;
  readonly form: AnswerForm | undefined;
  /** What the run is about. */
  readonly task: UserMessage | undefined;
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
};

/** One model call, in a context that is made shorter where it has to be. */
export async function callModel(input: ModelInput, options: CallModelOptions): Promise<ModelAnswer> {
  const { engine, emit } = options;
  const { step } = input;
  for (const { from, message } of input.added) emit({ type: 'user-message', step, from, message });
  emit({ type: 'step-start', step });
  const toRequestOf = (messages: readonly Message[]) => toRequest(messages, input, options);
  const { generation, compacted } = await generateInRoom(input.messages, {
    ...options,
    step,
    toRequest: toRequestOf,
  });
  const { tokens, finish, usage, toolCalls, ...message } = generation;
  const thinking = isThinking(input, options);
  const answer: ModelAnswer['message'] = {
    role: 'assistant',
    thinking: message.thinking,
    text: message.text,
    // Whatever an engine gave them: they name the calls of the whole run.
    toolCalls: toolCalls.map((toolCall, index) => ({ ...toolCall, id: `call_${step}_${index + 1}` })),
    ...(tokens.length > 0 && { generated: { model: engine.model.fingerprint, thinking, tokens } }),
  };
  emit({ type: 'step-end', step, message: answer, finish, usage });
  return { message: answer, finish, ...(compacted && { compacted }) };
}

/** The tools stand in the prompt in any case, so that the state that is there serves; a message that has to be the answer
 * in its form can call none. */
function toRequest(
  messages: readonly Message[],
  input: ModelInput,
  options: CallModelOptions,
): GenerateRequest {
  const { agent, engine, threadId, history, form } = options;
  const { instructions, tools = [], limits } = agent;
  const { isForming } = input;
  const thinking = isThinking(input, options);
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

/** An answer that is brought into its form was thought about before. */
function isThinking({ isForming }: ModelInput, { agent, form }: CallModelOptions): boolean {
  const isAfterwards = isForming && !form?.isDirect;
  return (agent.thinking ?? 'on') !== 'off' && !isAfterwards;
}
