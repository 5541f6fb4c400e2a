import type { TextSegment } from './render.ts';

/** How much a model may think before it answers: not at all, as long as it wants, or so many tokens. */
export type Thinking = 'off' | 'on' | number;

/**
 * What closes a thought that went on for too long: the words that Qwen's thinking budget was trained with
 * (Qwen3 Technical Report, arXiv 2505.09388, section 4.3), then the tag and the blank line of the template.
 */
export const CLOSE_THOUGHT: readonly TextSegment[] = [
  {
    text: '\n\nConsidering the limited time by the user, I have to give the solution based on the thinking directly now.\n</think>\n\n',
    trusted: true,
  },
];
