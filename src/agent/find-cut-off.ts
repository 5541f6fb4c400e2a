import { isDeepStrictEqual } from 'node:util';
import { SottoError } from '../errors.ts';
import { type JournalEntry, listRunIds, type ReadJournal, readEntries } from '../memory/journal.ts';
import { type ScannedRun, scanRun } from '../memory/thread-scan.ts';
import { isThreadLocked, startOf } from '../memory/threads.ts';
import type { JsonObject } from '../messages.ts';
import { endOf, followerOf } from './resume-plan.ts';

export type CutOffRun = {
  readonly runId: string;
  readonly threadId: string;
  readonly entries: readonly JournalEntry[];
  /** The step that it was in, from 1. */
  readonly step: number;
  /** When it wrote last, ISO 8601. */
  readonly at: string;
};

type Wanted = {
  readonly agent: string;
  readonly task: string;
  readonly note: JsonObject;
  /** Default: that of a run which began one of its own. */
  readonly threadId?: string | undefined;
};

/** So many of the newest runs are looked at, those of sub-agents aside, so that a start costs the same however many there
 * are. */
const MOST_LOOKED_AT = 20;

/** The newest run of this agent with this task and note, where it has no end, nobody works on it, its thread ends with it,
 * and its journal is not damaged. Only the journals of such runs are read beyond their first lines. */
export async function findCutOff(home: string, wanted: Wanted): Promise<CutOffRun | undefined> {
  let lookedAt = 0;
  for (const runId of (await listRunIds(home)).toReversed()) {
    const run = scanRun(home, runId);
    if (!run || run.parent) continue;
    lookedAt += 1;
    if (lookedAt > MOST_LOOKED_AT) return undefined;
    if (!mayBeMeant(run, wanted)) continue;
    const { entries, problem } = readOrNothing(home, runId);
    const start = startOf(entries);
    if (!start || start.message?.content[0]?.text !== wanted.task) continue;
    if (!isDeepStrictEqual(start.note ?? {}, wanted.note)) continue;
    const { threadId } = start;
    const isOver = problem !== undefined || endOf(entries) !== undefined;
    if (isOver || followerOf(home, start) !== undefined || isThreadLocked(home, threadId)) return undefined;
    const step = entries.findLast((entry) => entry.type === 'step-start')?.step ?? 1;
    return { runId, threadId, entries, step, at: entries.at(-1)?.at ?? '' };
  }
  return undefined;
}

const mayBeMeant = ({ runId, agent, threadId, after, task = '' }: ScannedRun, wanted: Wanted): boolean =>
  agent === wanted.agent &&
  (wanted.threadId === undefined ? threadId === runId && !after : threadId === wanted.threadId) &&
  // The list has the beginning of a long one.
  (task.startsWith(wanted.task) || wanted.task.startsWith(task));

/** Nothing where the journal cannot be read: a new run does not need it. */
function readOrNothing(home: string, runId: string): Pick<ReadJournal, 'entries' | 'problem'> {
  try {
    return readEntries(home, runId);
  } catch (error) {
    if (error instanceof SottoError) return { entries: [] };
    throw error;
  }
}
