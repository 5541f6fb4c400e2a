import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { readJournal } from '../memory/journal.ts';
import { isRewind } from '../memory/rewind-thread.ts';
import { readRuns } from '../memory/threads.ts';
import { contentText } from '../messages.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { toTable } from './output.ts';
import { createProgress } from './progress.ts';

/** `sotto runs [show ID]` */
export const command: Command = async (args, output) => {
  const options = { config: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const { home } = await loadConfig({ ...(values.config && { configPath: values.config }) });
  const [action, runId] = positionals;
  if (action === undefined) {
    const { runs, damaged } = await readRuns(home);
    for (const { problem } of damaged) output.note(problem);
    // What a turn was taken back with is no task of anyone.
    const tasks = runs.filter(({ entries }) => !isRewind(entries));
    const rows = tasks.map(({ runId: id, entries }) => summarize(id, entries));
    if (values.json) for (const row of rows) output.json(row);
    else if (rows.length === 0) output.note('There are no runs yet.');
    else
      output.answer(
        toTable(rows.map((row) => [row.runId, row.agent, row.stopReason, row.task.slice(0, 80)])),
      );
    return EXIT.done;
  }
  if (action !== 'show' || !runId)
    throw new UsageError('`sotto runs` lists the runs, `sotto runs show ID` shows one.');
  const entries = await readJournal(home, runId);
  const progress = createProgress(output);
  for (const entry of entries) {
    if (values.json) output.json(entry);
    else {
      if (entry.type === 'step-end') {
        progress({ type: 'thinking-delta', text: entry.message.thinking });
        progress({ type: 'text-delta', text: entry.message.text });
      }
      progress(entry);
    }
  }
  return EXIT.done;
};

function summarize(runId: string, entries: Awaited<ReturnType<typeof readJournal>>) {
  const start = entries.find((entry) => entry.type === 'run-start');
  const end = entries.find((entry) => entry.type === 'run-end');
  return {
    runId,
    agent: start?.agent ?? '',
    threadId: start?.threadId ?? '',
    stopReason: end?.stopReason ?? 'not ended',
    task: start?.message ? contentText(start.message.content) : '',
  };
}
