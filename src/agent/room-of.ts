import type { Engine } from '../engine/engine.ts';
import { type Message, type ToolCall, type UserMessage, userMessage } from '../messages.ts';
import { render } from '../qwen/render.ts';
import type { Agent } from './define-agent.ts';

/** How a model's context is shared out, in tokens. */
export type Room = {
  /** What a prompt has to leave for the message. */
  readonly leaveTokens: number;
  /** What there is for the prompt. */
  readonly roomTokens: number;
  /** What a summary of old turns may have. */
  readonly summaryTokens: number;
};

/** Of the context, for thought and answer together. */
const SHARE_OF_MESSAGE = 1 / 4;
/** Tokens that the engine keeps for itself. */
const RESERVED = 2;
const SUMMARY = { share: 1 / 16, least: 128, most: 1024 };
/** A careful reckoning. */
const CHARACTERS_PER_TOKEN = 2;
/** A quarter of the context for one result, by that reckoning. */
const RESULT_CHARACTERS_PER_CONTEXT_TOKEN = 0.5;
const SMALLEST_RESULT = 500;

export function roomOf({ limits }: Pick<Agent, 'limits'>, { model }: Engine): Room {
  const quarter = Math.floor(model.contextTokens * SHARE_OF_MESSAGE);
  const leaveTokens = Math.min(limits?.maxTokens ?? quarter, quarter);
  const share = Math.floor(model.contextTokens * SUMMARY.share);
  return {
    leaveTokens,
    roomTokens: model.contextTokens - RESERVED - leaveTokens,
    summaryTokens: Math.min(Math.max(share, SUMMARY.least), SUMMARY.most),
  };
}

type Step = { readonly task: UserMessage | undefined; readonly calls: readonly ToolCall[] };

/** The characters that each result of a step may have: the calls share the room beside the instructions, the task and
 * themselves, since everything else can be compacted. */
export async function resultCharacters(agent: Agent, engine: Engine, { task, calls }: Step): Promise<number> {
  const { contextTokens } = engine.model;
  const messages: Message[] = [
    task ?? userMessage(''),
    { role: 'assistant', thinking: '', text: '', toolCalls: calls },
  ];
  const { instructions, tools = [] } = agent;
  const fixed = await engine.tokenize(render({ instructions, tools, messages, thinking: false }));
  const left = (roomOf(agent, engine).roomTokens - fixed.length) * CHARACTERS_PER_TOKEN;
  const share = Math.floor(left / Math.max(1, calls.length));
  const most = Math.floor(contextTokens * RESULT_CHARACTERS_PER_CONTEXT_TOKEN);
  return Math.min(Math.max(share, SMALLEST_RESULT), most);
}
