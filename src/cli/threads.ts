import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { deleteThread, foldThreads, readRuns, type Thread, turnsOf } from '../memory/threads.ts';
import { contentText } from '../messages.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { type Output, plural, toTable } from './output.ts';
import { showMessage } from './show-message.ts';
import { ownStart, type PlacedThread, underParents } from './threads-under-parents.ts';

/** `sotto threads [--all]`, `sotto threads show|export|delete ID` */
export const command: Command = async (args, output) => {
  const options = {
    config: { type: 'string' },
    json: { type: 'boolean' },
    all: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const { home } = await loadConfig({ ...(values.config && { configPath: values.config }) });
  const { runs, damaged } = await readRuns(home);
  for (const { problem } of damaged) output.note(problem);
  const threads = foldThreads(runs);
  const [action, threadId] = positionals;
  if (action !== undefined && !['show', 'export', 'delete'].includes(action)) {
    throw new UsageError(`\`sotto threads\` knows show, export and delete, not ${JSON.stringify(action)}.`);
  }
  if (action === undefined) {
    const shown = values.all ? threads : threads.filter((thread) => !isOfSubAgent(thread));
    list(underParents(shown, runs), output, values.json ?? false);
  } else if (action === 'delete') {
    const count = await deleteThread(home, threadId ?? '');
    if (count === 0) throw new UsageError(noThread(threadId));
    output.note(`Thread ${threadId} is deleted, with its ${plural(count, 'run')}.`);
  } else {
    const thread = threads.find((candidate) => candidate.threadId === threadId);
    if (!thread) throw new UsageError(noThread(threadId));
    show(action, thread, { output, json: values.json ?? false });
  }
  return EXIT.done;
};

const isOfSubAgent = (thread: Thread): boolean => ownStart(thread)?.parent !== undefined;

const noThread = (threadId = '') =>
  `There is no thread ${JSON.stringify(threadId)}; \`sotto threads\` lists them.`;

function show(action: string, thread: Thread, { output, json }: { output: Output; json: boolean }): void {
  if (action === 'export' || json) output.json({ threadId: thread.threadId, messages: thread.messages });
  else
    for (const message of thread.messages)
      for (const text of showMessage(message, output)) output.answer(text);
}

function list(threads: readonly PlacedThread[], output: Output, json: boolean): void {
  const rows = threads.map(({ thread, parent, depth }) => {
    const { threadId, messages, missing } = thread;
    const agent = ownStart(thread)?.agent ?? '';
    const first = messages[0]?.role === 'user' ? contentText(messages[0].content) : '';
    const task = missing === undefined ? first : `(its run ${missing} is missing) ${first}`;
    return { depth, row: { threadId, turns: turnsOf(thread), agent, ...(parent && { parent }), task } };
  });
  if (json) for (const { row } of rows) output.json(row);
  else if (rows.length === 0) output.note('There are no threads yet.');
  else
    output.answer(
      toTable(
        rows.map(({ depth, row: { threadId, turns, agent, task } }) => [
          '  '.repeat(depth) + threadId,
          plural(turns, 'turn'),
          agent,
          task.slice(0, 80),
        ]),
      ),
    );
}
