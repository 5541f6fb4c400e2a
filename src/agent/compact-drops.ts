import type { Dropped } from '../events.ts';
import {
  type AssistantMessage,
  contentText,
  type Message,
  type ToolCall,
  type ToolMessage,
  type ToolResult,
  textPart,
} from '../messages.ts';
import type { Tool } from '../tool/define-tool.ts';

/** One thing that can be left out of a context, at little loss. */
export type Drop = {
  /** Of its message. */
  readonly index: number;
  readonly change: (message: Message) => Message;
  readonly dropped: Exclude<Dropped, { type: 'turns' }>;
};

/** A shorter result is not worth a line in its place. The lines are shorter than this themselves. */
const SMALLEST_RESULT = 400;
const LONGEST_NAME = 40;
const LONGEST_INPUT = 120;
const LONGEST_FAILURE = 200;

/** What can be left out, in the order in which it goes: old results, then thoughts, the oldest first. The results of the
 * last step stay. */
export function dropsOf(messages: readonly Message[], tools: readonly Tool[]): readonly Drop[] {
  const lastStep = messages.findLastIndex(({ role }) => role === 'assistant');
  const results = messages.flatMap((message, index) =>
    message.role === 'tool' && index < lastStep
      ? resultDrops(message, index, messages[index - 1], tools)
      : [],
  );
  const thoughts = messages.flatMap((message, index) =>
    message.role === 'assistant' ? thoughtDrop(message, index) : [],
  );
  return [...results, ...thoughts];
}

export const applyDrops = (messages: readonly Message[], drops: readonly Drop[]): readonly Message[] =>
  drops.reduce<readonly Message[]>(
    (changed, { index, change }) => changed.map((message, at) => (at === index ? change(message) : message)),
    messages,
  );

/** What the event tells: each result, and the thoughts together. */
export function toDropped(drops: readonly Drop[]): readonly Dropped[] {
  const all = drops.map(({ dropped }) => dropped);
  const thoughts = all.filter((dropped) => dropped.type === 'thinking');
  const characters = thoughts.reduce((sum, thought) => sum + thought.characters, 0);
  return [
    ...all.filter(({ type }) => type === 'tool-result'),
    ...(thoughts.length > 0 ? [{ type: 'thinking' as const, messages: thoughts.length, characters }] : []),
  ];
}

function resultDrops(
  { results }: ToolMessage,
  index: number,
  before: Message | undefined,
  tools: readonly Tool[],
): readonly Drop[] {
  const calls = before?.role === 'assistant' ? before.toolCalls : [];
  return results.flatMap((result): Drop[] => {
    const { toolCallId } = result;
    const characters = contentText(result.content).length;
    const toolCall = calls.find(({ id }) => id === toolCallId);
    if (!toolCall || characters < SMALLEST_RESULT) return [];
    const { name } = toolCall;
    const isRead = tools.find((tool) => tool.name === name)?.effect === 'read';
    const line = result.isError ? failureLine(result) : resultLine(toolCall, characters, isRead);
    const change = withResult({ ...result, content: [textPart(line)] });
    return [{ index, change, dropped: { type: 'tool-result', toolCallId, name, characters } }];
  });
}

/** Only a call that looks is invited to be made again. */
function resultLine({ name, input }: ToolCall, characters: number, isRead: boolean): string {
  const shown = JSON.stringify(input);
  const short = shown.length > LONGEST_INPUT ? `${cutAt(shown, LONGEST_INPUT)}…` : shown;
  const what = `result of ${cutAt(name, LONGEST_NAME)} ${short}`;
  const again = isRead ? 'The same call gives it again.' : 'The call was made: do not make it again.';
  return `[Left out to save room: the ${what}, ${characters.toLocaleString('en')} characters. ${again}]`;
}

/** A failure says itself at its start whether the call was made. */
function failureLine({ content }: ToolResult): string {
  const text = contentText(content).trim();
  const start = cutAt(text.split('\n', 1)[0] ?? '', LONGEST_FAILURE);
  const characters = text.length - start.length;
  return `${start}\n[Left out to save room: the rest of this failure, ${characters.toLocaleString('en')} characters.]`;
}

/** Never between the halves of a surrogate pair. */
const cutAt = (text: string, most: number): string => text.slice(0, most).replace(/[\ud800-\udbff]$/, '');

const withResult =
  (result: ToolResult) =>
  (message: Message): Message =>
    message.role === 'tool'
      ? {
          ...message,
          results: message.results.map((other) => (other.toolCallId === result.toolCallId ? result : other)),
        }
      : message;

/** The tokens hold the thought too. */
function thoughtDrop({ thinking }: AssistantMessage, index: number): readonly Drop[] {
  if (thinking.trim() === '') return [];
  const change = (message: Message): Message => {
    if (message.role !== 'assistant') return message;
    const { generated: _, ...rest } = message;
    return { ...rest, thinking: '' };
  };
  return [{ index, change, dropped: { type: 'thinking', messages: 1, characters: thinking.length } }];
}
