/** What there is of a task, for tests that compare it with one that nothing happened to. */
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFacts } from '../../src/memory/facts.ts';
import { type JournalEntry, listRunIds, readEntries } from '../../src/memory/journal.ts';
import { listThreads, readRuns, readThread, startOf } from '../../src/memory/threads.ts';
import { contentText, type Message } from '../../src/messages.ts';
import { effectsIn, LONG_THREAD, type TaskName, taskText } from './scripted-tasks.ts';

export type TaskState = {
  readonly messages: readonly Message[];
  readonly end: unknown;
  readonly facts: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly effects: readonly string[];
};

/** The result of a call whose outcome was not known, and that was done: in place of that, the one of the whole run. */
const UNKNOWN = /^The program stopped during this call/;

/** `old-versions/sum.1.txt`. */
const VERSION = /(?<=old-versions\/)[^/\s"]+\.\d+\.txt/g;

export async function stateOf(folder: string, name: TaskName): Promise<TaskState> {
  const home = join(folder, '.sotto');
  const entries = await journalOf(home, name);
  const threadId = (entries && startOf(entries)?.threadId) ?? LONG_THREAD;
  const last = entries?.at(-1);
  return {
    messages: withoutVersions((await readThread(home, threadId))?.messages ?? []),
    end: last?.type === 'run-end' ? [last.stopReason, last.steps] : last?.type,
    facts: (await openFacts(home).list()).map(({ text }) => text),
    files: await filesIn(join(folder, 'workspace')),
    effects: effectsIn(folder).toSorted(),
  };
}

const withoutVersions = (messages: readonly Message[]): readonly Message[] =>
  JSON.parse(JSON.stringify(messages).replaceAll(VERSION, 'VERSION'));

/** As if the results that are not known had been those of the whole run. */
export function withKnown(state: TaskState, whole: TaskState): TaskState {
  const messages = state.messages.map((message, index): Message => {
    const other = whole.messages[index];
    if (message.role !== 'tool' || other?.role !== 'tool') return message;
    const results = message.results.map((result, at) =>
      UNKNOWN.test(contentText(result.content)) ? (other.results[at] ?? result) : result,
    );
    return { ...message, results };
  });
  return { ...state, messages };
}

/** Whether a call failed that does not fail in the whole run. */
export const hasFailures = (state: TaskState, whole: TaskState): boolean =>
  countFailures(state) > countFailures(whole);

const countFailures = ({ messages }: TaskState): number =>
  messages.flatMap((message) =>
    message.role === 'tool' ? message.results.filter(({ isError }) => isError) : [],
  ).length;

/** The journal of the task's run, the longest where a run was begun anew that had done nothing yet. Nothing where none has a
 * first line. */
export async function journalOf(home: string, name: TaskName): Promise<readonly JournalEntry[] | undefined> {
  let longest: readonly JournalEntry[] | undefined;
  for (const runId of await listRunIds(home)) {
    const { entries } = readEntries(home, runId);
    const message = startOf(entries)?.message;
    if (!message || contentText(message.content) !== taskText(name)) continue;
    if (entries.length > (longest?.length ?? 0)) longest = entries;
  }
  return longest;
}

/** Everything that is wrong with what is kept. Reading mends nothing here. */
export async function problemsIn(folder: string): Promise<readonly string[]> {
  const home = join(folder, '.sotto');
  const told: string[] = [];
  await openFacts(home, { tell: (sentence) => told.push(sentence) }).list();
  const { damaged } = await readRuns(home);
  const threads = await listThreads(home);
  for (const { threadId } of threads) {
    if (!(await readThread(home, threadId))) told.push(`the thread ${threadId} is gone`);
  }
  const aside = (await namesIn(home)).filter((name) => name.includes('damaged'));
  // Of a list that was made, and killed before its first line: nothing was in it.
  const lost = aside.filter((name) => statSync(join(home, name)).size > 0);
  return [...told, ...damaged.map((problem) => JSON.stringify(problem)), ...lost];
}

/** Files of writers that did not come to their end; not those of a thread that was never begun, which nobody comes back to. */
export async function leftIn(home: string): Promise<readonly string[]> {
  const begun = (await listThreads(home)).map(({ threadId }) => threadId);
  return (await namesIn(home)).filter((name) => {
    const locked = /(?<=^locks\/thread-)[^/]+/.exec(name)?.[0];
    if (locked !== undefined && !begun.includes(locked)) return false;
    return /\.part$|(^|\/)part-/.test(name);
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder, { recursive: true })).toSorted();
}

/** A former version may have been kept twice, and its place taken before that: each version once, by what it holds. */
async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !/^\.sotto-.*\.tmp$/.test(entry.name));
  const contents = files.map(async ({ parentPath, name }): Promise<readonly [string, string]> => {
    const path = join(parentPath, name);
    const content = await readFile(path, 'utf8');
    return [path.slice(folder.length + 1).replace(VERSION, JSON.stringify(content)), content];
  });
  const found = (await Promise.all(contents)).filter(([path]) => !path.endsWith('old-versions/""'));
  return Object.fromEntries(found.toSorted());
}
