import { dayOf, quote } from '../../memory/recall-text.ts';
import type { Fact } from '../../tool/fact-store.ts';
import { inCode } from '../chat/thread-markdown.ts';
import { speakerOf } from './list.ts';

/** What is remembered, to read: a line for each fact, with who said it, when and where. No text or name can say that itself,
 * or load anything where it is shown. */
export const memoryMarkdown = (facts: readonly Fact[]): string =>
  `${['# What is remembered', facts.map(lineOf).join('\n') || 'Nothing.'].join('\n\n')}\n`;

function lineOf(fact: Fact): string {
  const { id, text, at, source: { path, page, threadId } = {} } = fact;
  const where = [
    path !== undefined && `from ${inCode(quote(path))}${page === undefined ? '' : `, page ${page}`}`,
    threadId !== undefined && `thread ${inCode(threadId)}`,
    `fact ${inCode(id)}`,
  ].filter((part) => typeof part === 'string');
  const who = fact.by === 'user' ? speakerOf(fact) : inCode(speakerOf(fact));
  return `- ${inCode(quote(text))} (${who}, ${dayOf(at)}, ${where.join(', ')})`;
}
