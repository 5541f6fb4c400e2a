import type { Sampling } from './engine.ts';
import { CARD_SAMPLING } from './sampling.ts';

/** The model card's sampling by thinking mode, but for what the config departs from. */
export const toSampling = (thinking: boolean, own: Partial<Sampling>): Sampling => ({
  ...(thinking ? CARD_SAMPLING.thinking : CARD_SAMPLING.answering),
  ...own,
});
