import { readEntries } from '../memory/journal.ts';
import { isRewind } from '../memory/rewind-thread.ts';
import type { Thread } from '../memory/threads.ts';
import { escapeLine } from '../terminal-text.ts';

/** What a person should know before a thread is gone on with whose last run was cut off; nothing where it was not. */
export function cutOffNote(home: string, { runs }: Pick<Thread, 'runs'>): string | undefined {
  const runId = runs.at(-1)?.runId;
  if (runId === undefined) return undefined;
  const { entries } = readEntries(home, runId);
  const open = new Map<string, string>();
  for (const entry of entries) {
    if (entry.type === 'tool-call-start') open.set(entry.toolCall.id, entry.toolCall.name);
    else if (entry.type === 'tool-call-end') open.delete(entry.result.toolCallId);
  }
  const isOver = entries.at(-1)?.type === 'run-end' || isRewind(entries);
  if (open.size === 0 && isOver) return undefined;
  const calls = escapeLine([...new Set(open.values())].join(', '));
  const during =
    open.size === 0
      ? ''
      : ` during ${calls}: whether that took effect is not known, so look before it is done again`;
  return `The last run of this thread was cut off${during}. \`sotto resume ${runId}\` goes on with it; what is said here goes on without it.`;
}
