import type { Dropped } from '../events.ts';
import { contentText, type Message, type ToolMessage, type ToolResult } from '../messages.ts';
import { cutText } from '../tool/tool-result.ts';
import type { Compaction, CompactOptions } from './compact-context.ts';
import { partAt, partings } from './compact-parts.ts';

/** A result is not cut shorter, in characters. */
const SHORTEST_RESULT = 200;

/** Cuts the results of the last step at a line, where they are too long even for a context with nothing else in it. */
export async function cutNewest(before: Compaction, options: CompactOptions): Promise<Compaction> {
  const { task, roomTokens, measure, summaryTokens } = options;
  const { context, dropped } = before;
  const { old, kept } = partAt(context, partings(context, task).at(-1) ?? 0, task);
  const newest = kept.findLast((message) => message.role === 'tool');
  if (!newest) return before;
  const room = roomTokens - (old.length > 0 ? summaryTokens : 0);
  let cut = newest;
  let limit = Math.max(...newest.results.map(charactersOf));
  while ((await measure(replace(kept, newest, cut))) > room && limit > SHORTEST_RESULT) {
    limit = Math.max(SHORTEST_RESULT, Math.floor(limit / 2));
    cut = cutResults(newest, limit);
  }
  return {
    context: replace(context, newest, cut),
    dropped: [...dropped, ...cutOff(newest, cut, context)],
  };
}

const charactersOf = ({ content }: ToolResult): number => contentText(content).length;

const replace = (messages: readonly Message[], one: Message, other: Message): readonly Message[] =>
  messages.map((message) => (message === one ? other : message));

const cutResults = ({ role, results }: ToolMessage, limit: number): ToolMessage => ({
  role,
  results: results.map((result) => {
    const parts = result.content.length;
    const content = result.content.map((part) => ({
      ...part,
      text: cutText(part.text, Math.floor(limit / parts)),
    }));
    return charactersOf(result) > limit ? { ...result, content } : result;
  }),
});

function cutOff(newest: ToolMessage, cut: ToolMessage, context: readonly Message[]): readonly Dropped[] {
  const before = context[context.indexOf(newest) - 1];
  const calls = before?.role === 'assistant' ? before.toolCalls : [];
  return newest.results.flatMap((result, index): Dropped[] => {
    const kept = cut.results[index];
    if (!kept || kept === result) return [];
    const { toolCallId } = result;
    const name = calls.find(({ id }) => id === toolCallId)?.name ?? '';
    return [{ type: 'tool-result', toolCallId, name, characters: charactersOf(result) - charactersOf(kept) }];
  });
}
