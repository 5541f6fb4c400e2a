import { type Message, type ToolResult, textPart } from '../messages.ts';
import { deleteJournal, type JournalEntry, listRunIds, readJournal, readThreadId } from './journal.ts';

export type RunRecord = { readonly runId: string; readonly entries: readonly JournalEntry[] };
export type Thread = {
  readonly threadId: string;
  /** In the order of the thread's turns. */
  readonly runs: readonly RunRecord[];
  readonly messages: readonly Message[];
};

/** A run whose journal cannot be read. */
export type DamagedRun = {
  readonly runId: string;
  /** As far as its first line still tells. */
  readonly threadId: string | undefined;
  /** One sentence. */
  readonly problem: string;
};

/** All runs, those whose journal cannot be read apart. */
export async function readRuns(
  home: string,
): Promise<{ runs: readonly RunRecord[]; damaged: readonly DamagedRun[] }> {
  const runs: RunRecord[] = [];
  const damaged: DamagedRun[] = [];
  for (const runId of await listRunIds(home)) {
    try {
      const entries = await readJournal(home, runId);
      if (entries[0]?.type === 'run-start') runs.push({ runId, entries });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      damaged.push({ runId, threadId: await readThreadId(home, runId), problem });
    }
  }
  return { runs, damaged };
}

/** Deletes the journals of a thread, damaged ones too. Returns how many there were. */
export async function deleteThread(home: string, threadId: string): Promise<number> {
  const runIds = await listRunIds(home);
  const owners = await Promise.all(runIds.map((runId) => readThreadId(home, runId)));
  const own = runIds.filter((_, index) => owners[index] === threadId);
  for (const runId of own) await deleteJournal(home, runId);
  return own.length;
}

/** The threads, folded from the journals, that with the newest run last. */
export function foldThreads(runs: readonly RunRecord[]): readonly Thread[] {
  const byThread = Map.groupBy(runs, ({ entries }) => startOf(entries)?.threadId ?? '');
  return [...byThread].map(([threadId, ofThread]) => {
    const inOrder = ofThread.toSorted(
      (a, b) => (startOf(a.entries)?.turn ?? 0) - (startOf(b.entries)?.turn ?? 0),
    );
    return { threadId, runs: inOrder, messages: inOrder.flatMap(({ entries }) => foldMessages(entries)) };
  });
}

/** The messages of one run. Every call has a result: one that was never made, or whose outcome is not known, says so. */
export function foldMessages(entries: readonly JournalEntry[]): readonly Message[] {
  const messages: Message[] = [];
  const started = new Set<string>();
  const results = new Map<string, ToolResult>();
  const settle = () => {
    const last = messages.at(-1);
    if (last?.role !== 'assistant' || last.toolCalls.length === 0) return;
    messages.push({
      role: 'tool',
      results: last.toolCalls.map(({ id }) => results.get(id) ?? missingResult(id, started.has(id))),
    });
  };
  for (const entry of entries) {
    if (entry.type === 'run-start') messages.push(entry.message);
    else if (entry.type === 'tool-call-start') started.add(entry.toolCall.id);
    else if (entry.type === 'tool-call-end') results.set(entry.result.toolCallId, entry.result);
    else if (entry.type === 'step-end') {
      settle();
      messages.push(entry.message);
    }
  }
  settle();
  return messages;
}

const startOf = (entries: readonly JournalEntry[]) => entries.find((entry) => entry.type === 'run-start');

const missingResult = (toolCallId: string, wasStarted: boolean): ToolResult => ({
  toolCallId,
  isError: true,
  content: [
    textPart(
      wasStarted
        ? 'The program stopped during this call: whether it took effect is not known.'
        : 'This call was not made: the run ended before it.',
    ),
  ],
});
