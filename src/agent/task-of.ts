import { startOf } from '../memory/threads.ts';
import { contentText, type Message, type UserMessage } from '../messages.ts';
import type { RunAgentOptions } from './run-agent.ts';

/** What a run is about, one of its messages: what the newest run of the thread was asked that was asked anything. What was
 * said in between, by the program or the user, is not a task. Nothing where nobody asked. */
export function taskOf(
  messages: readonly Message[],
  { task, thread }: Pick<RunAgentOptions, 'task' | 'thread'>,
): UserMessage | undefined {
  const isUser = (message: Message) => message.role === 'user';
  if (task !== undefined) return messages.findLast(isUser);
  const asked = thread?.runs.findLast(({ entries }) => startOf(entries)?.message);
  const message = asked && startOf(asked.entries)?.message;
  if (!message) return undefined;
  const text = contentText(message.content);
  // A compaction that was read from the journal holds another object of it.
  return messages.filter(isUser).findLast(({ content }) => contentText(content) === text);
}
