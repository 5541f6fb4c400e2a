import { contentText, type Message, type ToolCall, type ToolResult } from '../../messages.ts';
import { escapeLine, escapeTerminal } from '../../terminal-text.ts';

type Told = {
  readonly threadId: string;
  readonly messages: readonly Message[];
  /** What it is. Default: `Thread`. */
  readonly title?: string;
};

/**
 * A conversation to read: what was said, what was called, what came of it and from which files. Thoughts are left out.
 * Whatever anybody said stands in fences: none of it can be a turn of another one, or load anything where it is shown.
 */
export function threadMarkdown({ threadId, messages, title = 'Thread' }: Told): string {
  const text = [`# ${title} ${escapeLine(threadId)}`, ...messages.flatMap(parts)].join('\n\n');
  return `${escapeTerminal(text)}\n`;
}

function parts(message: Message): readonly string[] {
  if (message.role === 'user') return ['## You', fenced(contentText(message.content))];
  if (message.role === 'tool') return message.results.map(resultPart);
  return ['## Agent', ...(message.text ? [fenced(message.text)] : []), ...message.toolCalls.map(callPart)];
}

function resultPart({ content, isError, sources = [] }: ToolResult): string {
  const files = sources.map(({ path }) => inCode(path)).join(', ');
  return `${isError ? 'Failed' : 'Result'}${files && `, from ${files}`}:\n\n${fenced(contentText(content))}`;
}

const callPart = ({ name, input }: ToolCall): string =>
  `Call of ${inCode(name)}:\n\n${fenced(JSON.stringify(input, null, 2), 'json')}`;

/** A name or a text on one line, which cannot end it. */
export function inCode(text: string): string {
  const line = escapeLine(text);
  const ticks = '`'.repeat(longestTicks(line) + 1);
  const room = line === '' || /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return `${ticks}${room}${line}${room}${ticks}`;
}

/** Its fence is longer than any in the text, which cannot end it so. */
function fenced(text: string, language = ''): string {
  const fence = '`'.repeat(Math.max(2, longestTicks(text)) + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

const longestTicks = (text: string): number =>
  Math.max(0, ...text.matchAll(/`+/g).map(([ticks]) => ticks.length));
