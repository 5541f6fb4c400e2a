import type { RunEvent, RunFact } from '../events.ts';
import { type JournalEntry, openJournal } from '../memory/journal.ts';

type RecorderOptions = {
  readonly home: string;
  readonly runId: string;
  readonly durable?: boolean | undefined;
  /** What the journal holds, of a run that is gone on with. Default: it is a new one. */
  readonly earlier?: readonly JournalEntry[] | undefined;
  /** Hear of every event, once it is in the journal where it is a fact. */
  readonly listeners: readonly ((event: RunEvent) => void)[];
};

/** Keeps the facts of a run and tells its events. */
export type RunRecorder = {
  emit(event: RunEvent): void;
  readonly entries: readonly JournalEntry[];
  /** Aborted, with its error as the reason, when a listener fails. */
  readonly failed: AbortSignal;
  close(): void;
};

/** Throws `JournalError` where the journal cannot be written. */
export function createRecorder({
  home,
  runId,
  durable = true,
  earlier,
  listeners,
}: RecorderOptions): RunRecorder {
  const journal = openJournal({ home, runId, durable, ...(earlier && { entries: earlier }) });
  const entries: JournalEntry[] = [...(earlier ?? [])];
  const failed = new AbortController();
  let isOver = false;
  return {
    entries,
    failed: failed.signal,
    emit(event) {
      // What was left behind by an abort may still speak.
      if (isOver) return;
      const entry = isFact(event) ? journal.append(event) : undefined;
      if (entry) entries.push(entry);
      try {
        for (const listen of listeners) listen(entry ?? event);
      } catch (error) {
        failed.abort(error);
      }
    },
    close() {
      isOver = true;
      journal.close();
    },
  };
}

const DELTAS: ReadonlySet<RunEvent['type']> = new Set([
  'text-delta',
  'thinking-delta',
  'prompt-delta',
  'tool-delta',
  'agent-event',
]);
const isFact = (event: RunEvent): event is RunFact => !DELTAS.has(event.type);
