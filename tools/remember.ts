import { z } from 'zod';
import { defineTool } from '../src/tool/define-tool.ts';
import { foldText } from '../src/tool/fold-text.ts';
import { toolFailure } from '../src/tool/tool-result.ts';

export const MAX_FACT = 500;

/** Keeps a fact for all threads. A person is asked first, unless it was approved: a document may say "remember that …",
 * and what is kept is read by every later run. */
export const remember = defineTool({
  name: 'remember',
  description: 'Keep a fact in memory.',
  input: z.object({ fact: z.string().describe('The fact to keep') }),
  effect: 'external',
  run: async ({ fact }, { facts }) => {
    const text = fact.replace(/\s+/g, ' ').trim();
    if (text === '') return toolFailure('The fact is empty: nothing was kept.');
    if (!/[\p{L}\p{N}]/u.test(text)) return toolFailure('The fact has no words: nothing was kept.');
    if (text.length > MAX_FACT) {
      return toolFailure(
        `The fact has ${text.length} characters and was not kept. Say it in one sentence of at most ${MAX_FACT}.`,
      );
    }
    const similar = await facts.search(text);
    if (similar.some((other) => foldText(other.text) === foldText(text))) return 'It was kept before.';
    await facts.add(text);
    return 'Kept.';
  },
});
