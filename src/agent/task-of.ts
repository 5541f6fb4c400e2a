import { startOf, type Thread } from '../memory/threads.ts';
import { contentText, type Message, type UserMessage } from '../messages.ts';

type Asked = {
  /** What the run began with. */
  readonly asked: UserMessage | undefined;
  readonly thread?: Thread | undefined;
};

/** What a run is about, one of its messages: what it was asked, or else the newest run of the thread that was asked anything.
 * What was said in between, by the program or the user, is not a task. Nothing where nobody asked. */
export function taskOf(messages: readonly Message[], { asked, thread }: Asked): UserMessage | undefined {
  const earlier = thread?.runs.findLast(({ entries }) => startOf(entries)?.message);
  const message = asked ?? (earlier && startOf(earlier.entries)?.message);
  if (!message) return undefined;
  const text = contentText(message.content);
  // A compaction that was read from the journal holds another object of it.
  return messages
    .filter((candidate) => candidate.role === 'user')
    .findLast(({ content }) => contentText(content) === text);
}
