import type { Message } from '../messages.ts';
import type { JournalEntry } from './journal.ts';
import { readEntries } from './journal-read.ts';
import type { RunRecord } from './thread-fold.ts';
import { readList } from './thread-list.ts';
import { readThread } from './thread-read.ts';

/** Everything that is kept of a thread. */
export type ExportedThread = {
  readonly threadId: string;
  /** What was said on the way from its first run to its newest. */
  readonly messages: readonly Message[];
  /** All its runs in order, fact by fact, those too that an edit or a retry replaced. */
  readonly runs: readonly Pick<RunRecord, 'runId' | 'entries'>[];
  /** A sentence for each journal that is damaged or missing; of such a run, only what can be read is here. */
  readonly problems: readonly string[];
};

/** Nothing where there is no such thread. Throws as `readThread` does. */
export async function exportThread(home: string, threadId: string): Promise<ExportedThread | undefined> {
  const thread = await readThread(home, threadId);
  if (!thread) return undefined;
  const problems: string[] = [];
  // Runs of a thread that this one branched off are on its way, and not in its list.
  const onWay = thread.runs.map(({ runId }) => runId);
  const own = readList(home, threadId).map(({ runId }) => runId);
  const runs = [...new Set([...onWay.filter((runId) => !own.includes(runId)), ...own])].map((runId) => ({
    runId,
    entries: read(home, runId, problems),
  }));
  return { threadId, messages: thread.messages, runs, problems };
}

function read(home: string, runId: string, problems: string[]): readonly JournalEntry[] {
  try {
    const { entries, problem } = readEntries(home, runId);
    if (problem !== undefined) problems.push(problem);
    return entries;
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    return [];
  }
}
