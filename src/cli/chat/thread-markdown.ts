import { contentText, type Message, type ToolCall } from '../../messages.ts';
import { escapeLine, escapeTerminal } from '../../terminal-text.ts';

/** A conversation to read: what was said, what was called, what came of it. Thoughts are left out. */
export function threadMarkdown({
  threadId,
  messages,
}: {
  readonly threadId: string;
  readonly messages: readonly Message[];
}): string {
  return escapeTerminal([`# Thread ${escapeLine(threadId)}`, ...messages.flatMap(parts)].join('\n\n')).concat(
    '\n',
  );
}

function parts(message: Message): readonly string[] {
  if (message.role === 'user') return ['## You', contentText(message.content)];
  if (message.role === 'tool') {
    return message.results.map(
      ({ content, isError }) => `${isError ? 'Failed' : 'Result'}:\n\n${fenced(contentText(content))}`,
    );
  }
  return ['## Agent', ...(message.text ? [message.text] : []), ...message.toolCalls.map(callPart)];
}

const callPart = ({ name, input }: ToolCall): string =>
  `Call of \`${name.replaceAll('`', "'")}\`:\n\n${fenced(JSON.stringify(input, null, 2), 'json')}`;

/** Its fence is longer than any in the text, which cannot end it so. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}
