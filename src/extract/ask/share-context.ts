import type { Engine } from '../../engine/engine.ts';
import { ConfigError } from '../../errors.ts';
import { userMessage } from '../../messages.ts';
import { render } from '../../qwen/render.ts';
import type { Thinking } from '../../qwen/thinking.ts';
import type { AnswerGroup } from './answer-groups.ts';
import { passageMessage, questionFor } from './prompt.ts';

/** How a model's context is shared out, in tokens. */
export type Shares = {
  /** Of a message, its thought included. */
  readonly maxTokens: number;
  readonly thinkingTokens: number;
  /** Of a passage's text. */
  readonly roomTokens: number;
};

/** Of the context, for an answer; as much again for a thought. */
const SHARE = 1 / 4;
/** A longer answer is asked for in parts. */
const LONGEST_ANSWER = 4096;
/** What a further question of the same conversation takes, with its answer: a common one. */
const FURTHER_QUESTION = 512;
/** Tokens that the engine keeps for itself, and the passage's marker. */
const RESERVED = 16;
const LEAST_ROOM = 64;

/** Throws `ConfigError` where the fields and instructions leave no room for a document. */
export async function shareContext(
  engine: Engine,
  groups: readonly AnswerGroup[],
  { instructions, thinking }: { readonly instructions: string; readonly thinking: Thinking },
): Promise<Shares> {
  const { contextTokens } = engine.model;
  const quarter = Math.floor(contextTokens * SHARE);
  const thinkingTokens = thinking === 'off' ? 0 : Math.min(thinking === 'on' ? quarter : thinking, quarter);
  const maxTokens = Math.min(quarter, LONGEST_ANSWER) + thinkingTokens;
  const [longest] = groups.toSorted((a, b) => questionFor(b).length - questionFor(a).length);
  const messages = longest ? [userMessage(passageMessage('', longest))] : [];
  const fixed = await engine.tokenize(render({ instructions, messages, thinking: thinkingTokens > 0 }));
  const left = contextTokens - RESERVED - fixed.length - maxTokens;
  if (left < LEAST_ROOM) {
    throw new ConfigError(
      `The fields and instructions take ${fixed.length} of the ${contextTokens} tokens that the model's context holds, ` +
        'which leaves no room for a document. Ask for fewer fields at a time, or raise contextTokens.',
    );
  }
  const further = Math.min((groups.length - 1) * FURTHER_QUESTION, quarter, Math.floor(left / 2));
  return { maxTokens, thinkingTokens, roomTokens: left - further };
}
