import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { foldThreads, readRuns, type Thread } from '../memory/threads.ts';
import { contentText, type Message } from '../messages.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { type Output, toTable } from './output.ts';
import { showCall } from './progress.ts';

/** `sotto threads [show|export|delete ID]` */
export const command: Command = async (args, output) => {
  const options = { config: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const { home } = await loadConfig({ ...(values.config && { configPath: values.config }) });
  const { runs, problems } = await readRuns(home);
  for (const problem of problems) output.note(problem);
  const threads = foldThreads(runs);
  const [action, threadId] = positionals;
  if (action === undefined) list(threads, output, values.json ?? false);
  else {
    const thread = threads.find((candidate) => candidate.threadId === threadId);
    if (!thread)
      throw new UsageError(
        `There is no thread ${JSON.stringify(threadId ?? '')}; \`sotto threads\` lists them.`,
      );
    await act(action, thread, { home, output, json: values.json ?? false });
  }
  return EXIT.done;
};

async function act(
  action: string,
  thread: Thread,
  { home, output, json }: { home: string; output: Output; json: boolean },
): Promise<void> {
  if (action === 'export' || (action === 'show' && json)) {
    output.json({ threadId: thread.threadId, messages: thread.messages });
  } else if (action === 'show') {
    for (const message of thread.messages) for (const line of showMessage(message)) output.answer(line);
  } else if (action === 'delete') {
    for (const { runId } of thread.runs) await unlink(join(home, 'runs', `${runId}.jsonl`));
    output.note(`Thread ${thread.threadId} is deleted, with its ${thread.runs.length} runs.`);
  } else
    throw new UsageError(`\`sotto threads\` knows show, export and delete, not ${JSON.stringify(action)}.`);
}

function list(threads: readonly Thread[], output: Output, json: boolean): void {
  const rows = threads.map(({ threadId, runs, messages }) => {
    const first = messages[0]?.role === 'user' ? contentText(messages[0].content) : '';
    return { threadId, turns: runs.length, task: first };
  });
  if (json) for (const row of rows) output.json(row);
  else if (rows.length === 0) output.note('There are no threads yet.');
  else
    output.answer(
      toTable(rows.map(({ threadId, turns, task }) => [threadId, `${turns} turns`, task.slice(0, 80)])),
    );
}

function showMessage(message: Message): string[] {
  if (message.role === 'user') return [`user: ${contentText(message.content)}`];
  if (message.role === 'tool') return message.results.map(({ content }) => `result: ${contentText(content)}`);
  return [
    ...(message.thinking ? [`thought: ${message.thinking}`] : []),
    ...(message.text ? [`agent: ${message.text}`] : []),
    ...message.toolCalls.map((toolCall) => `call: ${showCall(toolCall)}`),
  ];
}
