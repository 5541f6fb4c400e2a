import type { RunPoint } from '../../events.ts';
import { startOf, type Thread } from '../../memory/threads.ts';
import { contentText } from '../../messages.ts';

export type LastTurn = {
  /** What the user said. */
  readonly text: string;
  /** Where it begins. Nothing where it begins the thread. */
  readonly after: RunPoint | undefined;
};

/** The last turn of a thread: the last run that began with a message, and all behind it. */
export function lastTurn({ runs }: Thread): LastTurn | undefined {
  const start = runs.map(({ entries }) => startOf(entries)).findLast((begun) => begun?.message);
  if (!start?.message) return undefined;
  return { text: contentText(start.message.content), after: start.after };
}
