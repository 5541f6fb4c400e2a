import { parseArgs } from 'node:util';
import { listRunIds, readEntries } from '../memory/journal.ts';
import { localTime } from '../memory/local-time.ts';
import { searchMemory } from '../memory/recall.ts';
import { emptyRun, missingRuns } from '../memory/recall-runs.ts';
import { isRewind } from '../memory/rewind-thread.ts';
import {
  deleteRun,
  foldMessages,
  isThreadLocked,
  type RunRecord,
  readRuns,
  startOf,
} from '../memory/threads.ts';
import { contentText } from '../messages.ts';
import { threadMarkdown } from './chat/thread-markdown.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { showHits, tellOnce } from './memory/search.ts';
import { type Output, toTable } from './output.ts';
import { createProgress } from './progress.ts';
import { loadUnlocked } from './unlock-project.ts';
import { writeExport } from './write-export.ts';

const OPTIONS = { config: { type: 'string' }, json: { type: 'boolean' }, md: { type: 'boolean' } } as const;

type Call = {
  readonly home: string;
  /** The run, or what to search for. */
  readonly word: string;
  /** To write into. */
  readonly file: string | undefined;
  readonly json: boolean;
  readonly md: boolean;
  readonly output: Output;
};
/** What ended so was not at its end. */
const RESUMABLE: readonly string[] = ['cut off', 'aborted', 'needsApproval'];
const ACTIONS: Readonly<Record<string, (call: Call) => Promise<void>>> = {
  list,
  search,
  show,
  export: exportOne,
  delete: deleteOne,
};

/** `sotto runs [list]`, `sotto runs search "…"`, `sotto runs show|delete ID`, `sotto runs export ID [--md|--json] [FILE]` */
export const command: Command = async (args, output) => {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { config, json = false, md = false } = values;
  const [name = 'list', word = '', file] = positionals;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  const most = { list: 1, export: 3 }[name] ?? 2;
  if (!action || (name !== 'list' && word === '') || positionals.length > most) {
    throw new UsageError(
      '`sotto runs` lists the runs; `show`, `export` and `delete` take the ID of one, `search` takes words in quotes.',
    );
  }
  const { home } = await loadUnlocked({ ...(config && { configPath: config }) });
  await action({ home, word, file, json, md, output });
  return EXIT.done;
};

async function list({ home, json, output }: Call): Promise<void> {
  const { runs, damaged } = await readRuns(home);
  for (const { problem } of damaged) output.note(problem);
  for (const sentence of await missingRuns(home)) output.note(sentence);
  const told = new Set([...runs, ...damaged].map(({ runId }) => runId));
  for (const runId of await listRunIds(home)) if (!told.has(runId)) output.note(emptyRun(runId));
  const followed = new Set(runs.flatMap(({ entries }) => startOf(entries)?.after?.runId ?? []));
  // What a turn was taken back with is no task of anyone.
  const rows = runs.filter(({ entries }) => !isRewind(entries)).map((run) => summarize(home, run, followed));
  if (json) for (const row of rows) output.json(row);
  else if (rows.length === 0) output.note('There are no runs yet.');
  else {
    output.answer(
      toTable(
        rows.map(({ runId, at, agent, stopReason, step, canResume, task }) => {
          const how = stopReason === 'done' ? 'done' : `${stopReason} in step ${step}`;
          const more = canResume ? ', can be resumed' : '';
          return [runId, localTime(at)?.slice(0, 16) ?? '', agent, `${how}${more}`, task.slice(0, 80)];
        }),
      ),
    );
    if (rows.some(({ canResume }) => canResume))
      output.note('`sotto resume ID` goes on with one that can be resumed.');
  }
}

/** Those that answer the call of another run are gone on with by that one. */
function summarize(home: string, { runId, entries }: RunRecord, followed: ReadonlySet<string>) {
  const { agent = '', threadId = '', message, parent } = startOf(entries) ?? {};
  const end = entries.findLast(({ type }) => type === 'run-end' || type === 'run-resume');
  const isWorking = end?.type !== 'run-end' && isThreadLocked(home, threadId);
  const stopReason = end?.type === 'run-end' ? end.stopReason : isWorking ? 'working' : 'cut off';
  return {
    runId,
    at: entries[0]?.at ?? '',
    agent,
    threadId,
    stopReason,
    step: entries.findLast((entry) => entry.type === 'step-start')?.step ?? 1,
    canResume: RESUMABLE.includes(stopReason) && !parent && !followed.has(runId),
    task: message ? contentText(message.content) : '',
  };
}

async function search({ home, word, json, output }: Call): Promise<void> {
  const hits = await searchMemory(home, word, { kinds: ['message', 'document'], tell: tellOnce(output) });
  showHits(hits, { output, json });
}

async function show({ home, word: runId, json, output }: Call): Promise<void> {
  const { entries, problem } = readEntries(home, runId);
  const progress = createProgress(output);
  for (const entry of entries) {
    if (json) output.json(entry);
    else {
      const said =
        entry.type === 'step-end' ? entry.message : entry.type === 'step-abort' ? entry : undefined;
      if (said) {
        progress({ type: 'thinking-delta', text: said.thinking });
        progress({ type: 'text-delta', text: said.text });
      }
      progress(entry);
    }
  }
  sayProblem(runId, { entries, problem }, output);
}

function sayProblem(
  runId: string,
  { entries, problem }: { readonly entries: readonly unknown[]; readonly problem: string | undefined },
  output: Output,
): void {
  if (problem !== undefined) output.note(problem);
  else if (entries.length === 0) output.note(emptyRun(runId));
}

async function exportOne({ home, word: runId, file, json, md, output }: Call): Promise<void> {
  const { entries, problem } = readEntries(home, runId);
  sayProblem(runId, { entries, problem }, output);
  const markdown = () => threadMarkdown({ threadId: runId, title: 'Run', messages: foldMessages(entries) });
  await writeExport({ value: { runId, entries }, markdown }, { json, md, file, output });
}

async function deleteOne({ home, word: runId, output }: Call): Promise<void> {
  if (!(await deleteRun(home, runId)))
    throw new UsageError(`There is no run ${JSON.stringify(runId)}; \`sotto runs\` lists them.`);
  output.note(`Run ${runId} is deleted, with those of agents that it gave tasks to.`);
}
