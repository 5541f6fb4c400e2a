import { startOf, type Thread, threadAt } from '../../memory/threads.ts';
import { contentText } from '../../messages.ts';

export type LastTurn = {
  /** What the user said. */
  readonly text: string;
  /** The thread as it was before. */
  readonly before: Thread;
};

/** The last turn of a thread, and the thread without it. The runs of that turn stay in their journals. */
export function lastTurn({ threadId, runs }: Thread): LastTurn | undefined {
  const start = runs.map(({ entries }) => startOf(entries)).findLast((begun) => begun?.message);
  if (!start?.message) return undefined;
  return { text: contentText(start.message.content), before: threadAt(runs, threadId, start.after) };
}
