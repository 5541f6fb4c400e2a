import { randomInt } from 'node:crypto';
import {
  type LlamaContextSequence,
  type LlamaGrammarEvaluationState,
  type SequenceEvaluateOptions,
  type Token,
  TokenBias,
} from 'node-llama-cpp';
import type { SpecialToken } from '../qwen/tokenize.ts';
import type { GenerateRequest } from './engine.ts';
import type { MessageWriter } from './message-writer.ts';

export type StartGrammar = () => LlamaGrammarEvaluationState | undefined;

export type Grammars = {
  /** Of a call; nothing where nothing may be called. */
  readonly call: StartGrammar;
  /** Of the text; nothing where it is free. */
  readonly answer: StartGrammar;
};

type SampleContext = {
  readonly sequence: LlamaContextSequence;
  readonly specials: readonly SpecialToken[];
  readonly grammars: Grammars;
};

/** The presence penalty looks at so many tokens of the message. */
const PENALTY_WINDOW = 1024;

/** How the next tokens of a message are sampled: asked anew for each, since it depends on what they are part of. */
export function toSampleOptions(
  { sampling, forcedTokens, answer }: GenerateRequest,
  writer: MessageWriter,
  { grammars, sequence, specials }: SampleContext,
): SequenceEvaluateOptions {
  const isHeld = () => answer !== undefined && writer.channel === 'text';
  const anyToken = TokenBias.for(sequence.model);
  const noSpecial = TokenBias.for(sequence.model).set(
    specials.map(({ id }) => id as Token),
    'never',
  );
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
    // A grammar takes a special token within a string for the letters of its name.
    ...(answer && { tokenBias: () => (isHeld() ? noSpecial : anyToken) }),
    ...(presencePenalty > 0 && {
      repeatPenalty: {
        punishTokens: () =>
          writer.channel === 'call' || isHeld() ? [] : (writer.tokens.slice(-PENALTY_WINDOW) as Token[]),
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
