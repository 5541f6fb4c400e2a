import type { Sampling } from './engine.ts';

/**
 * The sampling that the model cards of Qwen 3.5 give, by thinking mode. Thinking: the set for precise work, since a
 * value copied from a document must not be varied. Not thinking: the general set; its presence penalty is left out
 * inside of calls.
 */
export const CARD_SAMPLING = {
  thinking: { temperature: 0.6, topP: 0.95, topK: 20, presencePenalty: 0 },
  answering: { temperature: 0.7, topP: 0.8, topK: 20, presencePenalty: 1.5 },
} as const satisfies Record<string, Sampling>;
