import { contentText, type Message } from '../messages.ts';
import { showCall } from './event-lines.ts';
import type { Output } from './output.ts';
import { toRows } from './terminal-rows.ts';

/** What a message says, part by part, and who says it: no further line of a part begins as a line of ours does, so that a
 * document cannot speak as the user. */
export const showMessage = (
  message: Message,
  output: Pick<Output, 'isTerminal' | 'columns'>,
): readonly string[] => parts(message).map((part) => setIn(part, output));

function setIn(text: string, { isTerminal, columns }: Pick<Output, 'isTerminal' | 'columns'>): string {
  const lines = isTerminal ? toRows(text.replaceAll('\t', '    '), columns - 3) : text.split('\n');
  return lines.join('\n  ');
}

function parts(message: Message): readonly string[] {
  if (message.role === 'user') return [`user: ${contentText(message.content)}`];
  if (message.role === 'tool') return message.results.map(({ content }) => `result: ${contentText(content)}`);
  return [
    ...(message.thinking ? [`thought: ${message.thinking}`] : []),
    ...(message.text ? [`agent: ${message.text}`] : []),
    ...message.toolCalls.map((toolCall) => `call: ${showCall(toolCall)}`),
  ];
}
