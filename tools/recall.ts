import { z } from 'zod';
import { escapeLine } from '../src/terminal-text.ts';
import { defineTool } from '../src/tool/define-tool.ts';
import { asText } from './reading-input.ts';

const MAX_FACTS = 20;

/** What was remembered, the best first, with the day. */
export const recall = defineTool({
  name: 'recall',
  description: 'Find facts in memory.',
  input: z.object({
    query: asText(z.string().optional()).describe('Words of the facts to find. Default: the newest facts'),
  }),
  effect: 'read',
  run: async ({ query = '' }, { facts }) => {
    const found = await facts.search(query, MAX_FACTS);
    if (found.length > 0)
      return found.map(({ text, at }) => `${at.slice(0, 10)}: ${escapeLine(text)}`).join('\n');
    const [any] = query.trim() === '' ? [] : await facts.search('', 1);
    return any
      ? 'No fact in memory has these words. Recall without a query for the newest facts.'
      : 'Nothing is in memory.';
  },
});
